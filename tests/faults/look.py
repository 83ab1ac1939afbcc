"""Opens a home, checks every page of it, and prints what it holds, without what differs between two runs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from fieldkit.actions import records, status, unlock
from fieldkit.actions.session import Session

MOST = 1_000
"""Reports in a list: more than any test makes."""

PASSPHRASE = "lantern orbit velvet quarry mosaic thimble"


def main() -> int:
    """Look at the home that the first argument names; null where there is no vault."""
    if not (Path(sys.argv[1]) / "slots.cbor").exists():
        print("null")
        return 0
    with unlock.unlock(Path(sys.argv[1]), PASSPHRASE) as session:
        print(json.dumps(look(session), sort_keys=True))
    return 0


def look(session: Session) -> dict[str, Any]:
    """What a vault holds. Raises AssertionError or an ActionError when something is wrong with it."""
    database = session.vault._database
    session.vault.check_integrity()
    assert database.rows("PRAGMA integrity_check") == [("ok",)]
    assert database.rows("PRAGMA foreign_key_check") == []
    told = status.status(session)
    lines = records.list_records(session, limit=MOST) if told.role else []
    return {
        "role": told.role,
        "unsent": told.unsent_frames,
        "quarantined": told.quarantined,
        "reports": sorted((_report(session, str(line.number)) for line in lines), key=lambda one: one["key"]),
    }


def _report(session: Session, ref: str) -> dict[str, Any]:
    view = records.show(session, ref, sources=True)
    return {
        "key": [view.line.title, view.line.number],
        "state": view.line.state,
        "draft": view.line.has_draft,
        "stuck": view.line.stuck,
        "divided": view.divided,
        "answers": view.answers,
        "sources": view.sources_answers,
        "revisions": [[revision.state, revision.withdraws] for revision in view.revisions],
    }
