"""Lanes whose log on the server was found set back, in words (docs/protocol.md §7)."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.actions.errors import SET_BACK
from fieldkit.actions.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSetBack:
    """A lane of which the server has less than was pulled here, or something else."""

    name: str
    held: int
    """Entries pulled here."""
    given: int
    """Entries the server has."""


def set_back(session: Session) -> tuple[LaneSetBack, ...]:
    """The lanes whose log was found set back by a pull; from the vault alone."""
    directory = session.vault.documents.directory().directory
    names = {entry.lane: entry.name for entry in directory.lanes}
    return tuple(
        LaneSetBack(name=names.get(one.lane, str(one.lane)), held=one.held, given=one.given)
        for one in session.vault.generations.set_back()
    )


def told(session: Session) -> tuple[str, ...]:
    """The same in words, for a pull that went on all the same."""
    return tuple(
        f"the server's log of lane {lane.name} is not the one pulled before: {SET_BACK}; ask its keeper,"
        " then `fieldkit org restart-log`"
        for lane in set_back(session)
    )
