"""Throw a draft away, and bring it back within the hour."""

from __future__ import annotations

from fieldkit.actions.errors import InputProblem, in_plain_words
from fieldkit.actions.records import relist
from fieldkit.actions.session import Session
from fieldkit.vault.discarded import UNDO_SECONDS

UNDO_MINUTES = UNDO_SECONDS // 60
"""How long a discarded draft is kept in the vault, minutes."""


MOST_DIGITS = 18
"""Digits of a number that can be one of ours."""


def discard(session: Session, ref: str) -> int:
    """Throw the open draft of a report away; returns its local number. What was finished of it stays.

    It is kept in the vault for `UNDO_MINUTES`, then erased. Raises InputProblem for a report without a draft.
    """
    with in_plain_words():
        vault = session.vault
        line = vault.records.find(ref)
        if not line.has_draft:
            raise InputProblem(
                f"report {line.number} has no open draft",
                f"only drafts are discarded; take a sent report back: fieldkit withdraw {line.number}",
            )
        with vault.transaction():
            vault.discarded.discard(line.number, now=session.now())
            relist(session, line.number)
    return line.number


def restore(session: Session, ref: str | None = None) -> int:
    """Bring a discarded draft back, the last one unless its number is given; returns the number."""
    with in_plain_words():
        vault, now = session.vault, session.now()
        wanted = vault.discarded.newest(now=now) if ref is None else _number(ref)
        if wanted is None:
            raise InputProblem(
                f"no draft was discarded within the last {UNDO_MINUTES} minutes", "what is older was erased"
            )
        with vault.transaction():
            vault.discarded.restore(wanted, now=now)
            relist(session, wanted)
    return wanted


def _number(ref: str) -> int:
    """What is not in the list any more is known by its number alone."""
    typed = ref.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < MOST_DIGITS):
        raise InputProblem(f"expected the number of a discarded draft, got {typed[:40]!r}", "such as: 12")
    return int(typed)
