"""What is held of a chain does not depend on the order of arrival, and contradictions are forks."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.chain import ChainLog, Range, range_hash, runs
from sync.protocol.errors import Refusal
from sync.protocol.ids import NO_HASH, FrameHash
from tests.protocol.refusing import refused
from tests.protocol.samples import octets


def frame_hash(sequence: int) -> FrameHash:
    """The hash of the honest chain's frame."""
    return FrameHash(octets(f"frame {sequence}", 32)) if sequence else NO_HASH


@dataclass(frozen=True)
class Arrival:
    """A frame of the honest chain, or word that its sequence is voided."""

    sequence: int
    void: bool = False


def take(log: ChainLog, arrival: Arrival) -> bool:
    """Give an arrival to the log as a caller must: what lies at or below the head is known already."""
    if arrival.sequence <= log.head:
        return False
    if arrival.void:
        return log.close(arrival.sequence, frame_hash(arrival.sequence), frame_hash(arrival.sequence - 1))
    return log.add(arrival.sequence, frame_hash(arrival.sequence), frame_hash(arrival.sequence - 1))


def expected(held: set[int]) -> tuple[int, FrameHash, list[tuple[int, int]]]:
    """Head, its hash and the runs beyond, found the slow way."""
    head = 0
    while head + 1 in held:
        head += 1
    beyond = sorted(sequence for sequence in held if sequence > head)
    spans = [(first, first) for first in beyond if first - 1 not in beyond]
    return head, frame_hash(head), [(first, _last(first, beyond)) for first, _ in spans]


def _last(first: int, held: list[int]) -> int:
    while first + 1 in held:
        first += 1
    return first


ARRIVALS = st.lists(st.builds(Arrival, st.integers(1, 14), st.booleans()), max_size=60)


@given(ARRIVALS)
def test_any_order_gives_the_same(arrivals: list[Arrival]) -> None:
    """After each arrival the log is what the set of sequences says, repeats and voids included."""
    log, held = ChainLog(), set[int]()
    for arrival in arrivals:
        new = arrival.sequence not in held
        assert take(log, arrival) is new
        held.add(arrival.sequence)
        head, hash_, spans = expected(held)
        assert (log.head, log.head_hash) == (head, hash_)
        assert [(found.first, found.last) for found in log.ranges()] == spans
        assert all(found.first > head + 1 for found in log.ranges())


@given(st.permutations([Arrival(sequence, sequence in (3, 7)) for sequence in range(1, 11)]))
def test_a_whole_chain_in_any_order(arrivals: list[Arrival]) -> None:
    """When everything has come the head is the last frame, and nothing lies beyond."""
    log = ChainLog()
    assert all(take(log, arrival) for arrival in arrivals)
    assert (log.head, log.head_hash, log.ranges()) == (10, frame_hash(10), ())


@given(st.permutations([Arrival(1), Arrival(2, void=True), Arrival(2), Arrival(3)]))
def test_a_void_and_its_frame_meet(arrivals: list[Arrival]) -> None:
    """The voided frame may come too, before or after: both say the same hash."""
    log = ChainLog()
    for arrival in arrivals:
        take(log, arrival)
    assert (log.head, log.head_hash, log.beyond) == (3, frame_hash(3), {})


OTHER = FrameHash(octets("other", 32))
FORKS: dict[str, tuple[set[int], tuple[int, FrameHash, FrameHash]]] = {
    "another frame beyond the head": ({1, 5}, (5, OTHER, frame_hash(4))),
    "does not follow the head": ({1, 2}, (3, frame_hash(3), OTHER)),
    "does not follow the frame before it beyond the head": ({1, 5}, (6, frame_hash(6), OTHER)),
    "is not followed by the frame after it": ({1, 5}, (4, OTHER, frame_hash(3))),
    "closes the gap wrongly": ({1, 3}, (2, OTHER, frame_hash(1))),
    "a first frame that names one before it": (set(), (1, frame_hash(1), OTHER)),
    "a second frame that names none": ({1}, (2, frame_hash(2), NO_HASH)),
}


@pytest.mark.parametrize(("held", "frame"), FORKS.values(), ids=FORKS)
def test_forks(held: set[int], frame: tuple[int, FrameHash, FrameHash]) -> None:
    """A frame that cannot belong to the chain is a fork, and changes nothing."""
    log = ChainLog()
    for sequence in held:
        take(log, Arrival(sequence))
    before = (log.head, log.head_hash, dict(log.beyond))
    with refused(Refusal.FORK):
        log.add(*frame)
    assert (log.head, log.head_hash, log.beyond) == before


def test_a_void_that_contradicts() -> None:
    """A void of a held frame with another hash is a fork, in both orders; so is one its successor denies."""
    log = ChainLog()
    take(log, Arrival(5))
    with refused(Refusal.FORK):
        log.close(5, OTHER, frame_hash(4))
    with refused(Refusal.FORK):
        log.close(4, OTHER, frame_hash(3))
    log = ChainLog()
    log.close(5, OTHER, frame_hash(4))
    with refused(Refusal.FORK):
        take(log, Arrival(5))
    with refused(Refusal.FORK):
        take(log, Arrival(6))


def test_a_void_says_what_its_sequence_followed() -> None:
    """It joins no branches: what it names before its sequence counts as a frame's own word does."""
    log = ChainLog()
    take(log, Arrival(5, void=True))
    assert take(log, Arrival(5)) is False
    with refused(Refusal.FORK):
        log.add(4, OTHER, frame_hash(3))
    with refused(Refusal.FORK):
        log.close(5, frame_hash(5), OTHER)
    log = ChainLog()
    take(log, Arrival(1))
    with refused(Refusal.FORK):
        log.close(2, frame_hash(2), OTHER)
    assert (log.head, log.beyond) == (1, {})


def test_what_is_below_the_head_is_the_callers() -> None:
    """The log keeps no hashes there: adding is a mistake, closing changes nothing."""
    log = ChainLog(2, frame_hash(2))
    with pytest.raises(ValueError, match="look it up"):
        log.add(2, frame_hash(2), frame_hash(1))
    assert log.close(2, OTHER, NO_HASH) is False


def test_no_more_ranges_than_a_receipt_holds() -> None:
    """The first 64 are told; the others come when these are closed."""
    log = ChainLog()
    for sequence in range(2, 300, 2):
        take(log, Arrival(sequence))
    assert [found.first for found in log.ranges()] == list(range(2, 130, 2))


def test_range_hash() -> None:
    """The hash of a range is the specification's, made a second time by hand."""
    hashes = {sequence: frame_hash(sequence) for sequence in range(1, 9)}
    listed = [frame_hash(sequence) for sequence in (3, 4, 5)]
    expected_hash = hashlib.sha256(cbor2.dumps(["fieldkit/range", 1, listed])).digest()
    assert range_hash(hashes, 3, 5) == expected_hash
    log = ChainLog()
    for sequence in (5, 3, 4):
        take(log, Arrival(sequence))
    assert log.ranges() == (Range(first=3, last=5, hash=expected_hash),)
    with pytest.raises(KeyError):
        range_hash(hashes, 7, 9)


@given(st.sets(st.integers(0, 40)))
def test_runs(sequences: set[int]) -> None:
    """Runs are ascending, apart, and hold exactly what was given."""
    found = runs(sequences)
    assert [number for first, last in found for number in range(first, last + 1)] == sorted(sequences)
    assert all(left[1] + 1 < right[0] for left, right in itertools.pairwise(found))
