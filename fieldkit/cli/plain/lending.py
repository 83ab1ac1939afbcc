"""Lends an open vault to a verb, which believes that it locks it again."""

from __future__ import annotations

from fieldkit.actions.session import Session


class Lent(Session):
    """A session whose `with` block leaves the vault open."""

    def lock(self) -> None:
        """Not here: whoever lent it locks it."""

    def close(self) -> None:
        """Not here either."""


def lend(session: Session) -> Session:
    """The same vault, clock and roads, for one verb."""
    return Lent(
        vault=session.vault,
        clock=session.clock,
        random=session.random,
        connect=session.connect,
        engine_clock=session.engine_clock,
        lines=session.lines,
        open_hands=session.open_hands,
    )
