"""The command line at work on a vault, killed somewhere on the way; and what must hold afterwards."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit.actions import capture, enrol, records, unlock
from fieldkit.actions.errors import ActionError, InputProblem
from fieldkit.actions.session import Session
from fieldkit.demo.data.sample import campaign
from fieldkit.vault.keyslots import FLOOR_COST
from tests.faults import strace_rig
from tests.faults.strace_rig import Point, Run
from tests.support.server import start_server

PASSPHRASE = "lantern orbit velvet quarry mosaic thimble"
NEW_TITLE = "Arrest campaign north of Aleppo, second day"
REPORT = "1"
_DERIVING = threading.Lock()
"""Two derivations of Argon2id at the same time in one process fail with MemoryError."""

CLI = ("-m", "fieldkit.cli.main")


@dataclass(frozen=True, slots=True)
class Workload:
    """A command that acknowledges something, and the same act for the second try."""

    words: tuple[str, ...]
    again: Callable[[Session], object]


WORKLOADS = {
    "edit": Workload(
        ("edit", REPORT, "--set", f"title={NEW_TITLE}"),
        lambda session: capture.edit(session, REPORT, {"title": NEW_TITLE}),
    ),
    "finish": Workload(("finish", REPORT), lambda session: capture.finish(session, REPORT)),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All a vault says of its one report, without what differs between two runs."""

    state: str
    has_draft: bool
    answers: Any
    sources: Any
    revisions: int
    queued: Any


def prepare(home: Path) -> None:
    """A member's vault with one complete draft."""
    real = start_server(home.parent)
    try:
        with unlock.initialise(home, PASSPHRASE, cost=FLOOR_COST) as session:
            enrol.create_organisation(session, "Synthetic observers", real.ticket_text())
            capture.new_draft(session, campaign().answers)
    finally:
        real.stop()


def run_cli(home: Path, words: Sequence[str], point: Point | None = None, module: Sequence[str] = CLI) -> Run:
    """Run the program under strace, the passphrase on a descriptor."""
    ours, theirs = os.pipe()
    os.write(theirs, f"{PASSPHRASE}\n".encode())
    os.close(theirs)
    log = home.with_suffix(".log")
    options = ["--home", str(home), "--passphrase-fd", str(ours)]
    process = strace_rig.start([sys.executable, *module, *options, *words], log, point=point, pass_fds=[ours])
    os.close(ours)
    return strace_rig.finish(process, log)


def look(home: Path) -> Snapshot:
    """Open the vault, check every page and every reference, and tell what it holds."""
    with _open(home) as session:
        return _look(session)


def _open(home: Path) -> Session:
    with _DERIVING:
        return unlock.unlock(home, PASSPHRASE)


def _look(session: Session) -> Snapshot:
    database = session.vault._database
    session.vault.check_integrity()
    assert database.rows("PRAGMA integrity_check") == [("ok",)]
    assert database.rows("PRAGMA foreign_key_check") == []
    (line,) = records.list_records(session)
    view = records.show(session, str(line.number), sources=True)
    return Snapshot(
        state=view.line.state,
        has_draft=view.line.has_draft,
        answers=view.answers,
        sources=view.sources_answers,
        revisions=len(view.revisions),
        queued=session.vault.outbox.unsealed(),
    )


def faults(home: Path, workload: Workload, before: Snapshot, after: Snapshot, said: bytes) -> list[str]:
    """Open what was left, look, do the act again, look again: what was wrong."""
    found = []
    try:
        with _open(home) as session:
            left = _look(session)
            if left not in (before, after):
                found.append(f"neither done nor undone: {left}")
            if said and left != after:
                found.append(f"it said {said!r}, and that is lost")
            try:
                workload.again(session)
            except InputProblem as error:
                if left != after:
                    found.append(f"the second try was refused: {error}")
            if _look(session) != after:
                found.append("the second try did not complete it")
        if look(home) != after:
            found.append("what the second try did is gone when the vault is opened again")
    except (ActionError, AssertionError, OSError, ValueError) as error:
        found.append(f"{type(error).__name__}: {error}")
    return found
