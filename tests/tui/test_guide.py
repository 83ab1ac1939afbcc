"""The reporter's guide shows what the program shows."""

from __future__ import annotations

import pytest

from tests.tui.guide import GUIDE, marks, screens, written

pytestmark = [pytest.mark.anyio, pytest.mark.apart]


async def test_the_guide_is_current() -> None:
    """Every screen of it, the conversation and the keys are what the program gives today; `make guide` writes
    them.
    """
    text = GUIDE.read_text("utf-8")
    drawn = await screens()
    assert set(marks(text)) == set(drawn)
    assert text == written(text, drawn)


def test_a_place_that_is_not_there_is_told() -> None:
    """A guide without a place for a screen cannot pass for a current one."""
    with pytest.raises(ValueError, match="no place <!-- screen: first -->"):
        written("nothing", {"first": "x"})
