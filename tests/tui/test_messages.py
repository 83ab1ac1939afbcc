"""Messages do not change on their way from a worker to a screen."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.tui import messages
from fieldkit.tui.messages import Told
from fieldkit.tui.ports.reports import Outcome
from fieldkit.tui.screens import keeping, panic
from tests.tui.desk import READING, MemoryDesk
from tests.tui.reports_desk import PAST

SAMPLES: dict[type[Told], dict[str, Any]] = {
    messages.Opened: {"desk": MemoryDesk()},
    messages.Refused: {"message": "m", "hint": "h"},
    messages.Summarised: {"summary": None},
    messages.LinkSaid: {"words": "offline"},
    messages.Joined: {"membership": None},
    messages.DoorChosen: {"door": None},
    messages.ReviewRead: {"review": None, "speed": 2_000},
    messages.FinishedNow: {"finished": None},
    messages.LinkMoved: {"changed": True},
    messages.LinkViewed: {"view": None},
    messages.RecoveryKnown: {"words": True},
    messages.RoleKnown: {"coordinates": True},
    messages.PageRenewed: {"page": None, "query": ""},
    messages.PageRead: {"page": None, "query": "", "first": True},
    messages.PageWanted: {"after": 3},
    messages.Chosen: {"number": 3},
    messages.ReportRead: {"reading": READING, "number": 1},
    messages.DraftOpened: {"draft": None},
    messages.PreviewRead: {"number": 3, "reading": READING},
    messages.PastRead: {"past": PAST},
    messages.Acted: {"said": "s", "outcome": Outcome(done=(3,)), "discarded": True},
    messages.Begun: {"number": 3, "said": "s"},
    messages.FiltersRead: {"filters": ()},
    panic.Drilled: {"words": "w"},
    keeping.Kept: {"words": "w"},
    messages.Pointed: {"number": 3},
}


def test_all_are_listed() -> None:
    """A message that is missing here fails the test."""
    # What a widget tells its own screen is tried beside it; which of those are loaded depends on who ran.
    common = {kind for kind in Told.__subclasses__() if kind.__module__ == messages.__name__}
    assert common <= set(SAMPLES)
    assert len(common) > 10


@pytest.mark.parametrize(("kind", "fields"), SAMPLES.items())
def test_fields_do_not_change(kind: type[Told], fields: dict[str, Any]) -> None:
    """Every field is readable, none can be written again, and Textual can still do its work on it."""
    message = kind(**fields)
    for name, value in fields.items():
        assert getattr(message, name) is value
        with pytest.raises(AttributeError, match="does not change"):
            setattr(message, name, None)
    message.stop()
    message.prevent_default()


@pytest.mark.parametrize("kind", [messages.Opened, messages.PageRead, messages.ReportRead])
def test_content_is_not_in_the_representation(kind: type[Told]) -> None:
    """What a report says does not reach a log through a message's representation."""
    shown = repr(kind(**SAMPLES[kind]))
    assert not [name for name in SAMPLES[kind] if f"{name}=" in shown and name not in ("first", "number")]
