"""The closed list of padded sizes, and that nothing else is taken."""

from __future__ import annotations

import itertools
from math import floor, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.errors import Refusal
from sync.protocol.limits import FRAME_BYTES, PADDED_BYTES
from sync.protocol.padding import allowed_size, pad, padded_size, unpad
from tests.protocol.refusing import refused
from tests.protocol.samples import octets


def padme(length: int) -> int:
    """Padmé in the words of §4."""
    e = floor(log2(length))
    s = floor(log2(e)) + 1
    step = 2 ** (e - s)
    while length % step:
        length += 1
    return length


SIZES = sorted({256, *range(256, 1_025, 64), *(padme(length) for length in range(1_025, PADDED_BYTES + 1))})
"""Every size of the list, made without the code."""


def test_every_allowed_size_is_on_the_list() -> None:
    """The code's list and the one made from the specification's words are the same."""
    assert [size for size in range(FRAME_BYTES + 1) if allowed_size(size)] == SIZES
    assert SIZES[-1] == PADDED_BYTES


def test_few_sizes_are_told() -> None:
    """The list is short, and padding never costs more than 12 % above the fine sizes."""
    assert len(SIZES) < 110
    assert all(padded_size(length) <= 1.12 * length for length in range(1_025, PADDED_BYTES, 7))


EDGES = [
    (0, 256),
    (1, 256),
    (256, 256),
    (257, 320),
    (320, 320),
    (1_023, 1_024),
    (1_024, 1_024),
    (1_025, 1_088),
    (2_047, 2_048),
    (2_048, 2_048),
    (2_049, 2_176),
    (61_440, 61_440),
]


@pytest.mark.parametrize(("length", "size"), EDGES)
def test_edges(length: int, size: int) -> None:
    """The smallest size that holds the length."""
    assert padded_size(length) == size


@pytest.mark.parametrize(("below", "size"), list(itertools.pairwise([0, *SIZES])))
def test_every_size_is_used_and_undone(below: int, size: int) -> None:
    """The shortest and the longest content of each size come back, and have that size."""
    for length in (below, size - 1):
        data = (b"\x80\0" * length)[:length]
        assert len(pad(data)) == size
        assert unpad(pad(data)) == data


@given(st.binary(max_size=3_000))
def test_round_trip(data: bytes) -> None:
    """Any content, also one that ends like padding, comes back."""
    padded = pad(data)
    assert unpad(padded) == data
    assert len(padded) in SIZES


DEFECTS = {
    "nothing": b"",
    "the marker alone": b"\x80",
    "no marker": bytes(256),
    "another marker": b"\x81" + bytes(255),
    "no room for a marker": b"x" * 256,
    "a size under the floor": b"\x80".ljust(255, b"\0"),
    "a size between": b"\x80".ljust(257, b"\0"),
    "a size between the large ones": (b"x" * 1_030 + b"\x80").ljust(1_089, b"\0"),
    "the next size": b"\x80".ljust(320, b"\0"),
    "the next size, by one byte": (b"x" * 255 + b"\x80").ljust(320, b"\0"),
    "a much larger size": (b"x" * 200 + b"\x80").ljust(1_088, b"\0"),
    "no marker in the largest": bytes(61_440),
    "larger than the largest": (b"x" * 62_000 + b"\x80").ljust(63_488, b"\0"),
}


@pytest.mark.parametrize("padded", DEFECTS.values(), ids=DEFECTS)
def test_refused(padded: bytes) -> None:
    """A size off the list, no marker, or more padding than needed."""
    with refused():
        unpad(padded)


@given(st.sampled_from(SIZES[:20]), st.integers(0, 130))
def test_only_what_pad_makes_is_taken(size: int, zeros: int) -> None:
    """There is one padded form of each content: with more zeros than needed it is refused."""
    content = octets("content", max(0, size - 1 - zeros))
    padded = (content + b"\x80").ljust(size, b"\0")
    if len(pad(content)) == size:
        assert unpad(padded) == content
    else:
        with refused():
            unpad(padded)


def test_too_large() -> None:
    """What no size holds is refused before it is sealed."""
    assert len(pad(bytes(PADDED_BYTES - 1))) == PADDED_BYTES
    with refused(Refusal.SIZE):
        pad(bytes(PADDED_BYTES))
