"""How often Python looks for cycles while very much is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from fieldkit.actions.sweeping import SELDOM, swept_seldom


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    """Whatever a test sets is put back."""
    found = gc.get_threshold()
    yield
    gc.set_threshold(*found)


@pytest.mark.parametrize(
    ("before", "within"),
    [
        pytest.param((700, 10, 10), (SELDOM, 10, 10), id="seldom"),
        pytest.param((SELDOM * 2, 5, 5), (SELDOM * 2, 5, 5), id="more seldom already"),
        pytest.param((0, 10, 10), (0, 10, 10), id="never"),
    ],
)
def test_it_looks_seldom_within_the_block_alone(
    before: tuple[int, int, int], within: tuple[int, int, int]
) -> None:
    """What was set before is put back, also when the block fails."""
    gc.set_threshold(*before)
    with pytest.raises(KeyError), swept_seldom():
        assert gc.get_threshold() == within
        raise KeyError
    assert gc.get_threshold() == before
