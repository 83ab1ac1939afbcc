"""What a reporter is told about a report: six states, one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a report stands, as its reporter sees it."""

    DRAFT = "draft"
    """Mutable, only on this laptop."""
    WAITING = "waiting"
    """Finished, signed, not yet with the server."""
    RECEIVED = "received"
    """One tick: a verified receipt says the server holds it."""
    DELIVERED = "delivered"
    """Two ticks: a coordinator opened it and proved so. Only now is a purge offered."""
    RETURNED = "returned"
    """A coordinator asks back."""
    WITHDRAWN = "withdrawn"
    """Taken back by a record of its own; nothing was deleted."""


class Event(StrEnum):
    """What moves a report from one state to another."""

    FINISHED = "finished"
    """The reporter finished a revision: the first one, or a later one."""
    RECEIPT = "receipt"
    """A verified receipt covers every frame of it."""
    ACKNOWLEDGED = "acknowledged"
    """Enough coordinators proved that they opened it. By stick this can come before any receipt."""
    LOST = "lost"
    """The lane began a new generation: what is not delivered is sent again."""
    QUESTIONED = "questioned"
    """A coordinator returned it with questions."""
    WITHDREW = "withdrew"
    """The reporter took it back."""


class IllegalTransition(ValueError):
    """An event that cannot happen in that state: a mistake in the program, never in the input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """How a state is shown: a glyph and a word beside it, because a glyph alone is not read aloud."""

    glyph: str
    word: str


FACES = {
    State.DRAFT: Face(glyph="✎", word="draft"),
    State.WAITING: Face(glyph="⇅", word="waiting"),
    State.RECEIVED: Face(glyph="✓", word="received"),
    State.DELIVERED: Face(glyph="✓✓", word="delivered"),
    State.RETURNED: Face(glyph="↩", word="returned"),
    State.WITHDRAWN: Face(glyph="✗", word="withdrawn"),
}

TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.DRAFT, Event.FINISHED): State.WAITING,
    (State.WAITING, Event.FINISHED): State.WAITING,
    (State.WAITING, Event.RECEIPT): State.RECEIVED,
    (State.WAITING, Event.ACKNOWLEDGED): State.DELIVERED,
    (State.WAITING, Event.LOST): State.WAITING,
    (State.WAITING, Event.QUESTIONED): State.RETURNED,
    (State.WAITING, Event.WITHDREW): State.WITHDRAWN,
    (State.RECEIVED, Event.FINISHED): State.WAITING,
    (State.RECEIVED, Event.RECEIPT): State.RECEIVED,
    (State.RECEIVED, Event.ACKNOWLEDGED): State.DELIVERED,
    (State.RECEIVED, Event.LOST): State.WAITING,
    (State.RECEIVED, Event.QUESTIONED): State.RETURNED,
    (State.RECEIVED, Event.WITHDREW): State.WITHDRAWN,
    (State.DELIVERED, Event.FINISHED): State.WAITING,
    (State.DELIVERED, Event.RECEIPT): State.DELIVERED,
    (State.DELIVERED, Event.ACKNOWLEDGED): State.DELIVERED,
    (State.DELIVERED, Event.LOST): State.DELIVERED,
    (State.DELIVERED, Event.QUESTIONED): State.RETURNED,
    (State.DELIVERED, Event.WITHDREW): State.WITHDRAWN,
    (State.RETURNED, Event.FINISHED): State.WAITING,
    (State.RETURNED, Event.RECEIPT): State.RETURNED,
    (State.RETURNED, Event.ACKNOWLEDGED): State.RETURNED,
    (State.RETURNED, Event.LOST): State.RETURNED,
    (State.RETURNED, Event.QUESTIONED): State.RETURNED,
    (State.RETURNED, Event.WITHDREW): State.WITHDRAWN,
    (State.WITHDRAWN, Event.RECEIPT): State.WITHDRAWN,
    (State.WITHDRAWN, Event.ACKNOWLEDGED): State.WITHDRAWN,
    (State.WITHDRAWN, Event.LOST): State.WITHDRAWN,
}
"""The whole machine. What is not here does not happen."""


def advance(state: State, event: Event) -> State:
    """The state after an event. Raises IllegalTransition when the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(f"a report that is {state} cannot be {event}") from None


def diagram() -> str:
    """The table as a Mermaid state diagram; steps that change nothing are left out."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [
        f"    {state} --> {after}: {event}" for (state, event), after in TRANSITIONS.items() if state != after
    ]
    return "\n".join(lines) + "\n"
