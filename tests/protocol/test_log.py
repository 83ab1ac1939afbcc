"""The lane tree against RFC 6962, written a second time from its recursive definition."""

from __future__ import annotations

import hashlib

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.ids import Device, FrameHash, Index
from sync.protocol.log import EMPTY_ROOT, Frontier, leaf_hash
from tests.protocol.refusing import refused
from tests.protocol.samples import octets


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1 over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    both = naive_root(leaves[:split]) + naive_root(leaves[split:])
    return hashlib.sha256(b"\1" + both).digest()


# The eight inputs that implementations of certificate transparency test with, and their roots by size.
PUBLISHED_INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
PUBLISHED_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    """The published inputs give the published root at every size, here and by the definition."""
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(data)).digest() for data in PUBLISHED_INPUTS[:size]]
    assert naive_root(leaves).hex() == PUBLISHED_ROOTS[size]
    assert Frontier().extend(leaves).root().hex() == PUBLISHED_ROOTS[size]


def test_every_size_up_to_two_hundred() -> None:
    """Appending one leaf at a time gives the root of the definition at every size."""
    frontier, leaves = Frontier(), list[bytes]()
    for size in range(1, 201):
        leaves.append(octets(f"leaf {size}", 32))
        frontier = frontier.append(leaves[-1])
        assert frontier.size == size
        assert frontier.root() == naive_root(leaves)
        assert len(frontier.peaks) == size.bit_count()


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_stored_frontier_goes_on(before: int, after: int) -> None:
    """A frontier that was stored and read back appends as if nothing had happened."""
    leaves = [octets(f"leaf {number}", 32) for number in range(before + after)]
    stored = Frontier().extend(leaves[:before]).to_bytes()
    assert Frontier.from_bytes(stored).extend(leaves[before:]).root() == naive_root(leaves)


def test_the_empty_tree() -> None:
    """No leaves: the hash of nothing."""
    assert Frontier().root() == EMPTY_ROOT == hashlib.sha256(b"").digest()
    assert Frontier.from_bytes(bytes(8)) == Frontier()


SIZE_ONE, SIZE_THREE = bytes(7) + b"\1", bytes(7) + b"\3"
NOT_FRONTIERS = {
    "nothing": b"",
    "a short size": bytes(7),
    "a byte after": bytes(9),
    "no peak": SIZE_ONE,
    "a short peak": SIZE_ONE + bytes(31),
    "a long peak": SIZE_ONE + bytes(33),
    "one of two": SIZE_THREE + bytes(32),
    "one of none": bytes(8 + 32),
    "an absurd size": b"\xff" * 8,
}


@pytest.mark.parametrize("stored", NOT_FRONTIERS.values(), ids=NOT_FRONTIERS)
def test_stored_bytes_of_another_length(stored: bytes) -> None:
    """What cannot be a frontier is malformed."""
    with refused():
        Frontier.from_bytes(stored)


def test_leaves() -> None:
    """A leaf is the specification's hash, and each of its three parts changes it."""
    device, frame = Device(octets("device")), FrameHash(octets("frame", 32))
    data = cbor2.dumps(["fieldkit/leaf", 1, frame, device, 5])
    assert leaf_hash(frame, device, Index(5)) == hashlib.sha256(b"\0" + data).digest()
    others = [
        leaf_hash(FrameHash(octets("other", 32)), device, Index(5)),
        leaf_hash(frame, Device(octets("other")), Index(5)),
        leaf_hash(frame, device, Index(6)),
    ]
    assert len({leaf_hash(frame, device, Index(5)), *others}) == 4


def test_a_leaf_is_no_node() -> None:
    """Two leaves in the place of one do not give the same root: the prefixes keep them apart."""
    left, right = octets("left", 32), octets("right", 32)
    node = hashlib.sha256(b"\0" + left + right).digest()
    assert Frontier().extend([left, right]).root() != Frontier().append(node).root()
