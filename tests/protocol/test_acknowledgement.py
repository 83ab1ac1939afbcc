"""Acknowledgements: only who opened every frame can make one, and it speaks of one chain only."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import cbor2
import pytest

from sync.protocol.acknowledgement import (
    OpenedFrame,
    batches,
    build_acknowledgement,
    check_acknowledgement,
    proof,
    sequences_of,
    target_of,
)
from sync.protocol.chain import runs
from sync.protocol.errors import Refusal
from sync.protocol.frames import Frame, build, check_signature
from sync.protocol.ids import FrameHash
from sync.protocol.kinds import Key, Kind
from sync.protocol.limits import RANGES
from tests.protocol.refusing import refused
from tests.protocol.samples import ELSEWHERE, OTHER_KEY, chain, octets

TARGET = chain()
OWN = chain(key=OTHER_KEY)
KEPT = {
    sequence: OpenedFrame(
        hash=FrameHash(octets(f"frame {sequence}", 32)), token=octets(f"token {sequence}", 32)
    )
    for sequence in (1, 2, 3, 5, 8, 9)
}


def acknowledged(opened: dict[int, OpenedFrame] = KEPT) -> Frame:
    """A coordinator's acknowledgement of the target's frames."""
    return build_acknowledgement(
        OWN, OTHER_KEY, sequence=4, previous=FrameHash(octets("previous", 32)), target=TARGET, opened=opened
    )


def test_an_acknowledgement_proves_what_was_opened() -> None:
    """Built, signed, read and checked."""
    frame = acknowledged()
    check_signature(frame, OWN, OTHER_KEY.public)
    assert frame.header[Key.RANGES] == ((1, 3), (5, 5), (8, 9))
    assert target_of(frame, OWN) == TARGET
    assert sequences_of(frame, 9) == sorted(KEPT)
    assert check_acknowledgement(frame, TARGET, KEPT)


def test_the_proof_is_the_specifications() -> None:
    """The hash, made a second time by hand."""
    place = [TARGET.organisation, TARGET.lane, TARGET.device, TARGET.incarnation]
    entries = [[number, KEPT[number].hash, KEPT[number].token] for number in sorted(KEPT)]
    expected = hashlib.sha256(cbor2.dumps(["fieldkit/acknowledge", 1, *place, entries])).digest()
    assert proof(TARGET, KEPT) == expected
    assert proof(TARGET, dict(reversed(KEPT.items()))) == expected


@pytest.mark.parametrize("sequence", KEPT)
@pytest.mark.parametrize("field", ["hash", "token"])
def test_one_frame_that_was_not_opened(sequence: int, field: str) -> None:
    """Without the right token and hash of every single frame there is no proof."""
    changes: dict[str, Any] = {field: octets("guess", 32)}
    guessed = KEPT | {sequence: replace(KEPT[sequence], **changes)}
    assert not check_acknowledgement(acknowledged(guessed), TARGET, KEPT)


def test_other_sequences_than_those_named() -> None:
    """More, fewer or other frames than the ranges name do not pass, whatever the proof was made over."""
    frame = acknowledged()
    less = {number: frame_ for number, frame_ in KEPT.items() if number != 5}
    more = KEPT | {10: KEPT[1]}
    for kept in (less, more, {}):
        assert not check_acknowledgement(frame, TARGET, kept)
    header = {**frame.header, Key.RANGES: [[1, 9]], Key.PROOF: proof(TARGET, KEPT)}
    overstated = build(OWN, OTHER_KEY, Kind.ACKNOWLEDGEMENT, {Key(key): header[key] for key in header})
    assert not check_acknowledgement(overstated, TARGET, KEPT)


@pytest.mark.parametrize("field", ELSEWHERE)
def test_another_chain(field: str) -> None:
    """The proof is for one organisation, lane, device and incarnation."""
    elsewhere = replace(TARGET, **{field: ELSEWHERE[field]})
    assert not check_acknowledgement(acknowledged(), elsewhere, KEPT)
    assert proof(elsewhere, KEPT) != proof(TARGET, KEPT)


def test_a_proof_for_one_chain_in_the_name_of_another() -> None:
    """A good proof in a frame that names another device or incarnation does not count."""
    frame = acknowledged()
    for key, value in ((Key.TO, octets("another")), (Key.INCARNATION, octets("another", 8))):
        header = {Key(name): frame.header[name] for name in frame.header} | {key: value}
        header[Key.RANGES] = [list(span) for span in frame.header[Key.RANGES]]
        misnamed = build(OWN, OTHER_KEY, Kind.ACKNOWLEDGEMENT, header)
        assert misnamed.header[Key.PROOF] == proof(TARGET, KEPT)
        assert not check_acknowledgement(misnamed, TARGET, KEPT)


def test_a_sequence_that_was_never_sent() -> None:
    """Ranges beyond the last frame sent are malformed, before they are counted out."""
    with refused(words="the last one sent is 8"):
        sequences_of(acknowledged(), 8)
    endless = build(
        OWN,
        OTHER_KEY,
        Kind.ACKNOWLEDGEMENT,
        {
            Key.SEQUENCE: 1,
            Key.PREVIOUS: bytes(32),
            Key.TO: TARGET.device,
            Key.INCARNATION: TARGET.incarnation,
            Key.RANGES: [[1, 2**63 - 1]],
            Key.PROOF: bytes(32),
        },
    )
    with refused():
        sequences_of(endless, 1_000)
    assert not check_acknowledgement(endless, TARGET, KEPT)


def test_batches_fit_a_frame() -> None:
    """Scattered sequences are split so that each part can be acknowledged, and none is lost or repeated."""
    scattered = list(range(1, 400, 2))
    parts = batches(scattered)
    assert [number for part in parts for number in part] == scattered
    assert [len(runs(part)) for part in parts] == [RANGES, RANGES, RANGES, len(scattered) - 3 * RANGES]
    assert batches([]) == []
    opened = {number: KEPT[1] for number in parts[0]}
    assert len(acknowledged(opened).header[Key.RANGES]) == RANGES
    with refused():
        acknowledged({number: KEPT[1] for number in scattered})


def test_an_acknowledgement_of_nothing() -> None:
    """There is none."""
    with refused(Refusal.MALFORMED):
        acknowledged({})
