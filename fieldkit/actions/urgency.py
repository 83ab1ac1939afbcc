"""Let reports go first: a draft says that life is at risk, what is finished already is sent before others."""

from __future__ import annotations

from fieldkit.actions import capture
from fieldkit.actions.errors import InputProblem, in_plain_words
from fieldkit.actions.session import Session
from fieldkit.model.query import URGENCIES
from fieldkit.model.state import State


def mark_urgent(session: Session, ref: str) -> bool:
    """Let a report go first. True when its draft now says so, for coordinators too; False when only its place
    in the queue changed.

    Raises InputProblem for one that has no draft and does not wait.
    """
    with in_plain_words(), session.vault.transaction():
        line = session.vault.records.find(ref)
        if line.has_draft:
            capture.edit(session, str(line.number), {"urgency": URGENCIES[-1]})
            return True
        if line.state is not State.WAITING:
            raise InputProblem(f"report {line.number} does not wait any more", "there is nothing to hurry")
        session.vault.sending.hurry(line.number, True)
        return False
