"""One course of events, from an organisation's founding to a laptop killed while a report is open.

Everything is done by the real program at a real terminal, on a small disk of its own, against a real server
on another; at every station all the places are searched.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fieldkit.actions import unlock
from fieldkit.vault.keyslots import FLOOR_COST
from tests.faults import loop_disk
from tests.faults.loop_disk import Disk
from tests.forensics import audit, canaries
from tests.forensics.audit import Audit
from tests.forensics.canaries import DRAFT, INVITE, ORGANISATION, PASSPHRASES, PSEUDONYM, WITHDRAWN, WRITTEN
from tests.forensics.desk import ASKS, SCREEN_ASKS, SCROLLED, Desk, give, sitting
from tests.forensics.disguises import Hit, find
from tests.forensics.places import processes_in, search_disk, search_processes
from tests.support.server import RealServer, start_server
from tests.tui.terminal import PATIENCE_SECONDS

REPORTER, COORDINATOR = PASSPHRASES.values()


@dataclass(slots=True, kw_only=True)
class Course:
    """Where it happened, and what was found on the way."""

    disk: Disk
    server_disk: Disk
    server: RealServer
    folder: Path
    """Of the test: what came from elsewhere, what was exported, the logs."""
    texts: dict[str, str] = field(default_factory=lambda: dict(WRITTEN))
    audits: Mapping[str, Audit] = field(default_factory=dict)
    server_audit: Audit = field(default_factory=Audit)
    places: dict[str, dict[str, list[Hit]]] = field(default_factory=dict)
    """Command → where it wrote texts to."""
    disks: dict[str, list[Hit]] = field(default_factory=dict)
    """Station → texts on the raw disk at that moment."""
    terminals: dict[str, list[Hit]] = field(default_factory=dict)
    """Station → texts on the terminal and in all it remembers."""
    scrolled: dict[str, bool] = field(default_factory=dict)
    """Station → whether the terminal remembers a line that had scrolled out of sight."""
    processes: dict[str, dict[str, list[Hit]]] = field(default_factory=dict)
    """Station → processes with texts in their arguments or environment."""

    @property
    def user(self) -> Path:
        """The person's home folder."""
        return self.disk.folder / "user"

    @property
    def temporary(self) -> Path:
        """The folder for temporary files."""
        return self.disk.folder / "temporary"

    @property
    def given(self) -> Path:
        """What came from elsewhere, and what was exported on purpose."""
        return self.folder / "given"

    def search_machine(self, station: str) -> None:
        """Search the raw disk, and what every process shows of itself."""
        self.disk.settle()
        self.disks[station] = search_disk(self.disk.image, self.texts)
        self.processes[station] = search_processes(self.texts)

    def search_terminal(self, station: str, desk: Desk) -> None:
        """Search what the terminal shows and all it remembers."""
        shown = "".join((desk.shown.scrollback(), desk.shown.other_screen(), desk.shown.title()))
        # Lines are broken at the terminal's edge: a text may stand on two of them.
        self.scrolled[station] = SCROLLED in shown
        self.terminals[station] = find((shown + shown.replace("\n", "")).encode(), self.texts)


@contextmanager
def played(folder: Path) -> Iterator[Course]:
    """The whole course; the disks are still there to be searched while the block lasts."""
    with (
        loop_disk.new(folder / "laptop.img") as disk,
        loop_disk.new(folder / "server.img") as server_disk,
    ):
        server = start_server(server_disk.folder)
        tracer = audit.attach(server.pid, folder / "server-audit")
        course = Course(disk=disk, server_disk=server_disk, server=server, folder=folder)
        for place in (course.user, course.temporary, course.given):
            place.mkdir(mode=0o700)
        for name, passphrase in (("reporter", REPORTER), ("coordinator", COORDINATOR)):
            unlock.initialise(course.user / name, passphrase, cost=FLOOR_COST).close()
        try:
            with sitting(folder, course.user, course.temporary) as desk:
                _play(course, desk)
                desk.leave()
                course.audits = desk.audits
            course.places = {label: done.places_with(course.texts) for label, done in desk.audits.items()}
        finally:
            server.stop()
            tracer.communicate(timeout=PATIENCE_SECONDS)
        course.server_audit = audit.read(folder / "server-audit", server_disk.folder)
        course.search_machine("at the end")
        yield course


def _play(course: Course, desk: Desk) -> None:
    _found(course, desk)
    _report(course, desk)
    _deliver(course, desk)
    course.search_terminal("after the work", desk)
    _read_in_screens(course, desk)
    _withdraw(course, desk)
    _be_killed(course, desk)
    _read_in_shell(desk)


def _found(course: Course, desk: Desk) -> None:
    founding = f"{ORGANISATION['name of the organisation']}\n{course.server.ticket_text()}"
    word = give(course.given, "founding", founding)
    desk.run("org-create", f"--home coordinator org create - --server - < {word}", COORDINATOR)
    name = give(course.given, "name", PSEUDONYM["pseudonym"])
    invite = course.given / "invite"
    words = f"--home coordinator org invite reporter - < {name} > {invite}"
    desk.run("org-invite", words, COORDINATOR)
    course.texts[INVITE] = invite.read_text().strip()
    desk.run("sync-founding", "--home coordinator sync", COORDINATOR)
    joining = give(course.given, "joining", f"{course.texts[INVITE]}\n{PSEUDONYM['pseudonym']}")
    desk.run("join", f"--home reporter join - --name - < {joining}", REPORTER)


def _report(course: Course, desk: Desk) -> None:
    drafts = iter(DRAFT.values())
    first = give(course.given, "first", {"narrative": next(drafts)})
    # The report is in the program's memory while it asks for the passphrase: what can others see of it?
    desk.begin("new-first", f"--home reporter new --from - < {first}")
    desk.shown.wait_until(lambda screen: screen.endswith(ASKS), "asking")
    course.processes["while writing"] = search_processes(course.texts)
    desk.type_secret(REPORTER)
    desk.end("new-first")
    english = give(course.given, "english", canaries.english())
    desk.run("edit", f"--home reporter edit 1 --from - < {english}", REPORTER)
    desk.run("finish-english", "--home reporter finish 1", REPORTER)
    arabic = give(course.given, "arabic", canaries.arabic())
    desk.run("new-arabic", f"--home reporter new --from - < {arabic}", REPORTER)
    desk.run("finish-arabic", "--home reporter finish 2", REPORTER)
    unfinished = give(course.given, "unfinished", {"narrative": next(drafts)})
    desk.run("new-unfinished", f"--home reporter new --from - < {unfinished}", REPORTER)


def _deliver(course: Course, desk: Desk) -> None:
    desk.run("sync-sending", "--home reporter sync", REPORTER)
    desk.run("pull", "--home coordinator pull", COORDINATOR)
    out = course.given / "reports.jsonl"
    desk.run("export", f"--home coordinator export --format jsonl --sources {out}", COORDINATOR)
    desk.run("sync-acknowledged", "--home reporter sync", REPORTER)


def _read_in_screens(course: Course, desk: Desk) -> None:
    desk.scroll_away()
    course.search_terminal("before the screens", desk)
    _open_report(desk, "screens")
    course.search_machine("while a report is open")
    desk.shown.press("F8")
    desk.shown.wait_for(SCREEN_ASKS, "^Q Quit")
    course.search_terminal("after the lock", desk)
    course.search_machine("after the lock")
    desk.shown.press("C-q")
    desk.end("screens")
    course.search_terminal("after leaving the screens", desk)


def _open_report(desk: Desk, label: str) -> None:
    desk.begin(label, "--home reporter")
    desk.shown.wait_for(SCREEN_ASKS)
    desk.type_secret(REPORTER)
    desk.shown.wait_for("0001", "0002", "0003")
    desk.shown.press("Home", "Enter")
    desk.shown.wait_for("What happened")


def _withdraw(course: Course, desk: Desk) -> None:
    reason = give(course.given, "reason", WITHDRAWN["reason of the withdrawal"])
    # What it prints, the report's line, was asked for; the terminal is searched no more from here on.
    desk.run("withdraw", f"--home reporter withdraw 1 --reason - < {reason}", REPORTER)
    desk.run("sync-withdrawal", "--home reporter sync", REPORTER)
    desk.run("pull-withdrawal", "--home coordinator pull", COORDINATOR)
    course.search_machine("after the withdrawal")


def _be_killed(course: Course, desk: Desk) -> None:
    _open_report(desk, "killed")
    for process in processes_in(course.user, "fieldkit.cli.main"):
        # strace has the program's words among its own; it stays, and writes down how it ended.
        if Path(f"/proc/{process}/comm").read_text().strip() != "strace":
            os.kill(process, signal.SIGKILL)
    course.search_machine("after kill -9")
    # It could not put the terminal in order; a person would do it so.
    desk.reset()
    desk.end("killed")


def _read_in_shell(desk: Desk) -> None:
    """Everything is asked for by name: the terminal has to show it, which proves that the vaults hold it."""
    for number in (1, 2, 3):
        desk.run(f"show-{number}", f"--home reporter show {number} --sources", REPORTER)
    desk.run("list", "--home reporter list", REPORTER)
    desk.run("show-withdrawn", "--home coordinator show 1 --sources", COORDINATOR)
    desk.run("members", "--home coordinator org members", COORDINATOR)
