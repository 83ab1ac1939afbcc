"""Signatures that were checked ahead count for exactly what was checked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace

import pytest

from fieldkit.actions.verifying import Signatures, beside
from sync.protocol.errors import ProtocolError
from sync.protocol.frames import Claim, build
from sync.protocol.ids import MAIN, NO_HASH, SOURCES, Chain, Incarnation, Organisation, device_id
from sync.protocol.kinds import Key, Kind
from sync.protocol.signing import SigningKey

KEY, OTHER = SigningKey.from_bytes(b"k" * 32), SigningKey.from_bytes(b"o" * 32)
CHAIN = Chain(
    organisation=Organisation(b"o" * 16),
    lane=MAIN,
    device=device_id(KEY.public),
    incarnation=Incarnation(b"i" * 8),
)


@pytest.fixture
def pool() -> Iterator[Executor]:
    """A thread to check in."""
    with beside() as running:
        yield running


def claim(number: int, signer: SigningKey = KEY) -> Claim:
    """A heartbeat said to be of KEY, signed by somebody."""
    header = {
        Key.SEQUENCE: number,
        Key.PREVIOUS: NO_HASH,
        Key.EPOCH: bytes(16),
        Key.STEP: 0,
        Key.SEAL: bytes(16),
    }
    frame = build(CHAIN, signer, Kind.HEARTBEAT, header, bytes(272))
    return Claim(frame, CHAIN, KEY.public)


def holds(signatures: Signatures, claimed: Claim) -> bool:
    """Whether the check passes; only the signature may be what it fails for."""
    try:
        signatures.check(claimed)
    except ProtocolError as problem:
        assert "signature" in str(problem)
        return False
    return True


def test_every_claim_of_a_page_is_judged_by_itself(pool: Executor) -> None:
    """Forged ones among good ones, in both halves, in whatever order they are asked for."""
    forged = {1, 2, 20, 21, 22, 41}
    claims = [claim(number, OTHER if number in forged else KEY) for number in range(1, 42)]
    signatures = Signatures(pool, claims)
    found = {one.frame.sequence: holds(signatures, one) for one in reversed(claims)}
    assert {number for number, good in found.items() if not good} == forged


@pytest.mark.parametrize(
    "changed",
    [
        lambda good: replace(good, public_key=OTHER.public),
        lambda good: replace(good, chain=replace(CHAIN, lane=SOURCES)),
        lambda good: replace(good, frame=claim(2, OTHER).frame),
    ],
    ids=["another key", "another chain", "another frame"],
)
def test_what_was_checked_for_one_claim_says_nothing_of_another(pool: Executor, changed: object) -> None:
    """The same frame under another key or in another chain is checked anew, and fails."""
    good = claim(1)
    signatures = Signatures(pool, [good])
    assert callable(changed)
    assert not holds(signatures, changed(good))
    assert holds(signatures, good)


def test_what_was_not_checked_ahead_is_checked_now(pool: Executor) -> None:
    """A sender whose certificate came in the same page."""
    signatures = Signatures(pool, [])
    assert holds(signatures, claim(1))
    assert not holds(signatures, claim(1, OTHER))
