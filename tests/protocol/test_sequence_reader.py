"""Items of a sequence, however the bytes are cut, at a cost that no cutting can raise."""

from __future__ import annotations

import itertools
from typing import SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.encoding import Incomplete, Scanner, SequenceReader, encode
from tests.protocol.refusing import refused

ITEMS: list[object] = [
    0,
    "text",
    b"x" * 300,
    [],
    {},
    {1: [2, {"a": b"", "b": [None, True]}]},
    [[[[]]]],
    -70_000,
]
STREAM = b"".join(encode(item) for item in ITEMS)


class Counted(bytes):
    """Bytes that count how often they are looked into."""

    looks = 0

    def __getitem__(self, key: SupportsIndex | slice) -> object:  # type: ignore[override]
        Counted.looks += 1
        return super().__getitem__(key)


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_any_cut_gives_the_same_items(cuts: list[int]) -> None:
    """Whole items come out in order with their own bytes, and what is cut stays in `rest`."""
    reader = SequenceReader()
    found: list[tuple[object, bytes]] = []
    places = [0, *sorted(cuts), len(STREAM)]
    for start, end in itertools.pairwise(places):
        found += reader.feed(STREAM[start:end])
        assert b"".join(raw for _, raw in found) + reader.rest == STREAM[:end]
    assert [value for value, _ in found] == ITEMS
    assert reader.rest == b""


def test_byte_by_byte() -> None:
    """The smallest pieces give the same items too."""
    reader = SequenceReader()
    found = [value for at in range(len(STREAM)) for value, _ in reader.feed(STREAM[at : at + 1])]
    assert found == ITEMS


def test_items_not_asked_for_are_not_lost() -> None:
    """A caller may stop in the middle and go on later."""
    reader = SequenceReader()
    first = next(iter(reader.feed(STREAM)))
    assert first == (0, b"\0")
    assert reader.rest == STREAM[1:]
    assert [value for value, _ in reader.feed(b"")] == ITEMS[1:]


@pytest.mark.parametrize(
    "item",
    [
        [0] * 400,
        [[0, 1, 2]] * 150,
        {key: [key] for key in range(200)},
        [b"ab"] * 200,
        [[[[[[1] * 9] * 9]]]] * 4,
    ],
    ids=["flat", "nested", "map", "strings", "deep"],
)
def test_dripping_costs_no_more_than_the_bytes(item: object) -> None:
    """An item that comes byte by byte is looked into a few times a byte, not once a byte for every byte."""
    data = encode(item)
    Counted.looks = 0
    scanner = Scanner()
    for end in range(len(data)):
        with pytest.raises(Incomplete):
            scanner.run(Counted(data[:end]))
    assert scanner.run(Counted(data)) == len(data)
    assert Counted.looks <= 6 * len(data)


def test_starting_over_would_cost_the_square() -> None:
    """Control: a new scan for every byte, which the reader must not do, breaks the bound."""
    data = encode([[0, 1, 2]] * 150)
    Counted.looks = 0
    for end in range(len(data)):
        with pytest.raises(Incomplete):
            Scanner().run(Counted(data[:end]))
    assert Counted.looks > 6 * len(data)


def test_the_cap_holds_for_whole_and_unfinished_items() -> None:
    """An item at the cap is taken, one over it is refused, whole or not."""
    item = encode(bytes(97))
    assert [raw for _, raw in SequenceReader(item_limit=99).feed(item)] == [item]
    with refused(words="at most 98 bytes"):
        list(SequenceReader(item_limit=98).feed(item))
    with refused(words="at most 50 bytes"):
        list(SequenceReader(item_limit=50).feed(item[:51]))
    assert list(SequenceReader(item_limit=50).feed(item[:50])) == []


def test_good_items_before_a_bad_one_are_given() -> None:
    """What came before the defect is usable; the defect then raises."""
    items = SequenceReader().feed(encode([1]) + b"\x18\x01")
    assert next(items) == ([1], b"\x81\x01")
    with refused():
        next(items)


@pytest.mark.parametrize("data", ["ff", "c0", "f7", "a18000", "a201000100", "1801", "61ff"])
def test_what_cannot_become_canonical_is_refused_at_once(data: str) -> None:
    """A defect raises as soon as its bytes are there, without waiting for the end of the item."""
    reader = SequenceReader()
    with refused():
        list(reader.feed(bytes.fromhex(data)))
