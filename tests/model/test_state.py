"""The states a reporter sees."""

from __future__ import annotations

from itertools import product

import pytest

from fieldkit.model.state import FACES, TRANSITIONS, Event, IllegalTransition, State, advance, diagram

STORIES = [
    (["finished", "receipt", "acknowledged"], State.DELIVERED),
    (["finished", "acknowledged", "receipt"], State.DELIVERED),
    (["finished", "receipt", "lost", "receipt"], State.RECEIVED),
    (["finished", "receipt", "acknowledged", "lost"], State.DELIVERED),
    (["finished", "receipt", "questioned", "receipt"], State.RETURNED),
    (["finished", "receipt", "questioned", "finished"], State.WAITING),
    (["finished", "receipt", "acknowledged", "finished"], State.WAITING),
    (["finished", "withdrew", "receipt", "acknowledged"], State.WITHDRAWN),
]


@pytest.mark.parametrize(("events", "end"), STORIES)
def test_stories(events: list[str], end: State) -> None:
    """What happens to reports, told from the draft on."""
    state = State.DRAFT
    for event in events:
        state = advance(state, Event(event))
    assert state is end


@pytest.mark.parametrize(("state", "event"), sorted(set(product(State, Event)) - set(TRANSITIONS)))
def test_what_is_not_in_the_table_does_not_happen(state: State, event: Event) -> None:
    """Each illegal step is one exception."""
    with pytest.raises(IllegalTransition, match=f"{state} cannot be {event}"):
        advance(state, event)


def test_delivered_is_reached_by_acknowledgement_only() -> None:
    """Two ticks mean that somebody opened it: no receipt gives them."""
    into = {event for (state, event), after in TRANSITIONS.items() if after is State.DELIVERED != state}
    assert into == {Event.ACKNOWLEDGED}


def test_nothing_goes_back_to_draft() -> None:
    """A signed revision never becomes mutable."""
    assert State.DRAFT not in TRANSITIONS.values()


def test_every_state_has_a_face_of_its_own() -> None:
    """Glyph and word, so that no state is told by colour or glyph alone."""
    assert set(FACES) == set(State)
    assert (
        len({face.glyph for face in FACES.values()})
        == len({face.word for face in FACES.values()})
        == len(State)
    )


def test_diagram_shows_every_change() -> None:
    """The picture is made from the table."""
    drawn = diagram()
    for (state, event), after in TRANSITIONS.items():
        assert (f"{state} --> {after}: {event}" in drawn) == (state != after)
