"""Ids."""

from __future__ import annotations

import pytest

from fieldkit.model.ids import Lane, parse_hex_id, parse_id


def test_ids_are_sixteen_bytes() -> None:
    """An id is read, and nothing of another length is."""
    assert parse_hex_id("ab" * 16) == parse_id(b"\xab" * 16)


@pytest.mark.parametrize("text", ["", "ab", "ab" * 17, "zz" * 16])
def test_what_is_no_id(text: str) -> None:
    """The error says what was expected."""
    with pytest.raises(ValueError, match=r"16 bytes|32 hex digits"):
        parse_hex_id(text)


def test_lane_numbers_are_fixed() -> None:
    """Frames carry these numbers for ever."""
    assert [(lane.name, lane.value) for lane in Lane] == [("MAIN", 1), ("SOURCES", 2), ("ADMIN", 3)]
