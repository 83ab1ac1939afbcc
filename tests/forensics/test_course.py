"""Nothing that was written stands anywhere but in the vaults, on the screens and in the export asked for."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.figures import Figures
from tests.forensics.canaries import DRAFT, INVITE, MAIN, ORGANISATION, PSEUDONYM, SOURCES, WITHDRAWN
from tests.forensics.course import Course
from tests.forensics.disguises import Hit, find
from tests.forensics.places import search_disk, search_folder

REPORT = {*MAIN, *SOURCES, *PSEUDONYM, *WITHDRAWN}
"""What `show --sources` prints."""

SHOWN: Mapping[str, set[str]] = {
    "org-create": {*ORGANISATION},
    "pull": {*PSEUDONYM},
    "screens": {*MAIN, *DRAFT, *PSEUDONYM},
    "killed": {*MAIN, *DRAFT, *PSEUDONYM},
    "withdraw": {"title"},
    "show-1": REPORT,
    "show-2": REPORT,
    "show-3": {*DRAFT},
    "show-withdrawn": REPORT,
    "list": {"title", "Arabic title", "place", "Arabic place"},
    "members": {*PSEUDONYM},
}
"""Command → what it may write to the terminal, because it was asked to show it. The others: nothing."""

HANDED_OUT = {"org-invite": {INVITE}, "export": {*MAIN, *SOURCES, *PSEUDONYM}}
"""Command → what goes to the file that it was told to write."""

VAULT_FILES = {"slots.cbor", "vault.db", "lock"}
"""What a locked home holds (docs/vault-format.md §1)."""

OPEN_FILES = {"vault.db-wal", "vault.db-shm"}

MARK = re.compile(r"open-[0-9a-f]{16}")
"""Of a program that has the vault open, or was killed while it had; empty."""


def names(hits: Mapping[str, list[Hit]], prefix: str) -> set[str]:
    """The texts found in places that begin so."""
    return {hit.name for place, found in hits.items() if place.startswith(prefix) for hit in found}


def test_every_byte_written(course: Course, figures: Figures) -> None:
    """No process of the course gave a text to any file, pipe or socket, nor made a name of one."""
    count, strays = 0, []
    for label, done in course.audits.items():
        count += sum(map(len, done.written.values()))
        for place, hits in course.places[label].items():
            allowed: set[str] = set()
            if place.startswith("/dev/pts/"):
                allowed = SHOWN.get(label, set())
            elif Path(place).parent == course.given:
                allowed = HANDED_OUT.get(label, set())
            strays += [f"{label} wrote {hit} to {place}" for hit in hits if hit.name not in allowed]
    assert strays == []
    commands = len(course.audits)
    figures.add(
        f"write audit: {commands} commands, {count:,} bytes, {len(course.texts)} texts, 0 where none may be"
    )


def test_course_carried_every_text(course: Course) -> None:
    """The control: what was to be hidden was there. Shown, exported, or typed to open the vaults."""
    carried = {INVITE, "words of a draft written over"}
    for label in SHOWN:
        carried |= names(course.places[label], "/dev/pts/")
    exported = {hit.name for hits in search_folder(course.given, course.texts).values() for hit in hits}
    assert {*course.texts} - carried == {name for name in course.texts if name.startswith("passphrase")}
    assert {*MAIN, *SOURCES, *PSEUDONYM, INVITE} <= exported
    assert names(course.places["org-invite"], str(course.given)) == {INVITE}


def test_every_file_changed_is_of_the_vault(course: Course) -> None:
    """Nothing is opened for writing, made, renamed or mapped but a home's files and what was asked for."""
    strays = []
    for label, done in course.audits.items():
        for place in done.changed:
            path = Path(place)
            in_home = path.parent in (course.user / "reporter", course.user / "coordinator")
            known = path.name in VAULT_FILES | OPEN_FILES or MARK.fullmatch(path.name)
            of_vault = in_home and known
            asked_for = label == "export" and path.parent == course.given
            if not (of_vault or asked_for or place == "/dev/tty"):
                strays.append(f"{label}: {place}")
    assert strays == []


def test_nothing_is_written_unseen(course: Course) -> None:
    """No call moves bytes where the audit cannot see them; only the index of the log is mapped."""
    assert {label: done.unseen for label, done in course.audits.items() if done.unseen} == {}
    mapped = {
        Path(place).name
        for done in course.audits.values()
        for place, calls in done.changed.items()
        if "mmap" in calls
    }
    assert mapped == {"vault.db-shm"}


def test_programs_started(course: Course) -> None:
    """Neither the program nor anything it starts has a text among its arguments or in its environment."""
    started = {label: find(b"\0".join(done.started), course.texts) for label, done in course.audits.items()}
    assert {label: hits for label, hits in started.items() if hits} == {}
    # The program starts no other: each command is one process.
    assert {label: len(done.started) for label, done in course.audits.items() if len(done.started) != 1} == {}


def test_processes(course: Course) -> None:
    """While a passphrase is asked for and while a report is open, no process of the machine shows a text."""
    assert {station: found for station, found in course.processes.items() if found} == {}
    assert {"while writing", "while a report is open", "after kill -9"} <= set(course.processes)


def test_raw_disk(course: Course, figures: Figures) -> None:
    """The laptop's whole disk: open, locked, left, withdrawn, killed. Files, journal and free blocks."""
    assert {station: hits for station, hits in course.disks.items() if hits} == {}
    assert {"while a report is open", "after the lock", "after the withdrawal", "after kill -9"} <= set(
        course.disks
    )
    figures.add(f"raw disk of the laptop: {len(course.disks)} times searched, 0 texts")


def test_raw_disk_shows_what_was_removed(course: Course) -> None:
    """The control: a text written to that disk and removed again is found on it."""
    planted = course.temporary / "planted"
    planted.write_text(MAIN["narrative"], encoding="utf-8")
    course.disk.settle()
    planted.unlink()
    course.disk.settle()
    assert {hit.name for hit in search_disk(course.disk.image, course.texts)} == {"narrative"}


def test_terminal(course: Course) -> None:
    """What a terminal remembers: the names two verbs print, and after the screens nothing at all."""
    found = {station: {hit.name for hit in hits} for station, hits in course.terminals.items()}
    for station in ("after the work", "before the screens"):
        assert found.pop(station) <= {*ORGANISATION, *PSEUDONYM}
    assert found == {"after the lock": set(), "after leaving the screens": set()}


def test_lock_clears_what_was_scrolled_away(course: Course) -> None:
    """Before the screens the terminal remembers lines out of sight, after a lock it does not (R8)."""
    assert course.scrolled == {
        "after the work": False,
        "before the screens": True,
        "after the lock": False,
        "after leaving the screens": False,
    }


def test_home_and_temporary_folders(course: Course) -> None:
    """The person's home holds the vaults and the shell's own file; no cache, no state, no temporary file."""
    kept = {str(path.relative_to(course.user)) for path in course.user.rglob("*") if path.is_file()}
    homes = {f"{home}/{name}" for home in ("reporter", "coordinator") for name in VAULT_FILES}
    marks = {path for path in course.user.glob("reporter/open-*") if MARK.fullmatch(path.name)}
    assert all(path.stat().st_size == 0 for path in marks)
    assert kept == {*homes, ".bash_history", *(str(path.relative_to(course.user)) for path in marks)}
    assert {path.name for path in course.temporary.iterdir()} <= {"planted"}


def test_shell_history(course: Course) -> None:
    """The shell remembers the commands and nothing that was given to them."""
    history = (course.user / ".bash_history").read_text(encoding="utf-8")
    assert history.count("fieldkit ") == len(course.audits)
    assert search_folder(course.user, course.texts) == {}


def test_server_keeps_no_text(course: Course, figures: Figures) -> None:
    """The server's folder, its log and its whole raw disk hold none of the texts."""
    assert course.server.log_file.stat().st_size > 0
    assert search_folder(course.server_disk.folder, course.texts) == {}
    course.server_disk.settle()
    assert search_disk(course.server_disk.image, course.texts) == []
    figures.add("raw disk of the server, its folder and log: 0 texts")


@pytest.mark.parametrize("where", ["folder", "log", "removed"])
def test_server_search_finds(where: str, course: Course, tmp_path: Path) -> None:
    """The control: a text planted in the folder, in the log, or written and removed again is found."""
    text = MAIN["Arabic victim"]
    if where == "removed":
        planted = course.server_disk.folder / "planted"
        planted.write_text(text, encoding="utf-16-le")
        course.server_disk.settle()
        planted.unlink()
        course.server_disk.settle()
        found = search_disk(course.server_disk.image, course.texts)
    else:
        copy = shutil.copytree(course.server_disk.folder, tmp_path / "copy", ignore=_special)
        target = copy / "server" / "planted" if where == "folder" else copy / "server.log"
        with target.open("ab") as file:
            file.write(text.encode())
        (found,) = search_folder(copy, course.texts).values()
    assert {hit.name for hit in found} == {"Arabic victim"}


def _special(folder: str, held: list[str]) -> list[str]:
    return [name for name in held if not os.path.isfile(Path(folder) / name) and name == "lost+found"]
