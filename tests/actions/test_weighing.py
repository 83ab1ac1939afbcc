"""The weight of a report, and its limit."""

from __future__ import annotations

import random

import pytest

from fieldkit.actions.contents import finished
from fieldkit.actions.errors import InputProblem
from fieldkit.actions.weighing import sending_cost
from fieldkit.model.revision import Content
from sync.protocol.ids import Device, Organisation


def test_estimate_leaves_room_for_gossip() -> None:
    """The estimate is of the record alone; that it fits with what rides along is checked."""
    content = Content(form_id="incident", form_version=1, answers={"title": "x"}, created=1)
    made = finished(content, Organisation(bytes(16)), Device(bytes(16)))
    assert 256 < sending_cost(made) < 512


def test_what_no_frame_carries_is_refused() -> None:
    """With a hint at what to do."""
    noise = random.Random(1)
    text = "".join(chr(noise.randrange(0x4E00, 0x9FA5)) for _ in range(45_000))
    content = Content(form_id="incident", form_version=1, answers={"title": text}, created=1)
    with pytest.raises(InputProblem, match="too long") as caught:
        sending_cost(finished(content, Organisation(bytes(16)), Device(bytes(16))))
    assert caught.value.hint
