"""Receipts and checkpoints: what is signed, what is refused, and what a receipt proves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.chain import ChainLog, Range, range_hash
from sync.protocol.documents import sign_document
from sync.protocol.encoding import decode, encode
from sync.protocol.errors import Refusal
from sync.protocol.ids import NO_HASH, FrameHash
from sync.protocol.limits import RANGES
from sync.protocol.receipts import (
    CHECKPOINT_LABEL,
    RECEIPT_LABEL,
    STATEMENT_BYTES,
    covered,
    open_checkpoint,
    open_receipt,
    sign_checkpoint,
    sign_receipt,
)
from tests.protocol.refusing import refused
from tests.protocol.samples import KEY, LOG_KEY, checkpoint, octets, receipt, signing_key

OWN = {sequence: FrameHash(octets(f"own {sequence}", 32)) for sequence in range(1, 13)}
"""Our own chain: twelve frames."""

WRONG = FrameHash(octets("forged", 32))


def span(first: int, last: int, of: tuple[int, int] | None = None) -> Range:
    """A range that the server tells of, with the hash that this one or another one of ours must have."""
    return Range(first=first, last=last, hash=range_hash(OWN, *(of or (first, last))))


def forged(first: int, last: int) -> Range:
    """A range with a hash that is nobody's."""
    return Range(first=first, last=last, hash=WRONG)


def payload(raw: bytes) -> dict[Any, Any]:
    """The map inside a signed statement."""
    document: Any = decode(raw)
    inside: Any = decode(document[0])
    return dict(inside)


def resigned(change: Callable[[dict[Any, Any]], object], label: str = RECEIPT_LABEL) -> bytes:
    """A statement whose payload was changed before the log key signed it."""
    good = sign_receipt(FULL, LOG_KEY) if label == RECEIPT_LABEL else sign_checkpoint(checkpoint(), LOG_KEY)
    fields = payload(good)
    change(fields)
    return sign_document(label, encode(fields), [LOG_KEY])


def put(key: int, value: object, fields: dict[Any, Any]) -> None:
    """Change or add one field."""
    fields[key] = value


def drop(key: int, fields: dict[Any, Any]) -> None:
    """Leave out one field."""
    del fields[key]


FULL = receipt(
    head=4,
    head_hash=OWN[4],
    beyond=(span(6, 7), span(9, 12)),
    first_index=20,
    count=3,
    size=23,
)


def test_round_trip() -> None:
    """What was signed is read back, with many ranges within the size limit."""
    assert open_receipt(sign_receipt(FULL, LOG_KEY), LOG_KEY.public) == FULL
    top = 2**63 - 1
    most = tuple(Range(first=top - 2 * n, last=top - 2 * n, hash=octets("h", 32)) for n in range(RANGES))
    crowded = receipt(head=2**62, head_hash=OWN[1], beyond=most[::-1], size=top, first_index=top - 1, count=1)
    raw = sign_receipt(crowded, LOG_KEY)
    assert len(raw) <= STATEMENT_BYTES
    assert open_receipt(raw, LOG_KEY.public) == crowded
    assert open_checkpoint(sign_checkpoint(checkpoint(), LOG_KEY), LOG_KEY.public) == checkpoint()


def test_only_the_log_key_states() -> None:
    """A statement by another key, by two, or under the other label, is refused."""
    for raw in (sign_receipt(FULL, KEY), sign_receipt(FULL, signing_key("forger"))):
        with refused(Refusal.SIGNATURE):
            open_receipt(raw, LOG_KEY.public)
    fields = encode(payload(sign_receipt(FULL, LOG_KEY)))
    with refused(Refusal.SIGNATURE, "one signature"):
        open_receipt(sign_document(RECEIPT_LABEL, fields, [LOG_KEY, KEY]), LOG_KEY.public)
    with refused(Refusal.SIGNATURE):
        open_receipt(sign_document(CHECKPOINT_LABEL, fields, [LOG_KEY]), LOG_KEY.public)
    with refused(Refusal.SIGNATURE, "one signature"):
        open_receipt(sign_document(RECEIPT_LABEL, fields, []), LOG_KEY.public)
    with refused(Refusal.SIGNATURE):
        open_checkpoint(sign_checkpoint(checkpoint(), KEY), LOG_KEY.public)


@pytest.mark.parametrize("key", range(1, 15))
def test_every_field_is_signed(key: int) -> None:
    """A receipt whose field was changed after signing does not verify."""
    raw: Any = decode(sign_receipt(FULL, LOG_KEY))
    fields = payload(sign_receipt(FULL, LOG_KEY))
    value = fields[key]
    fields[key] = (
        value + 1 if isinstance(value, int) else value[:-1] + (bytes(1) if isinstance(value, bytes) else [])
    )
    with refused(Refusal.SIGNATURE):
        open_receipt(encode([encode(fields), raw[1]]), LOG_KEY.public)


@pytest.mark.parametrize("key", range(1, 15))
def test_every_field_is_needed(key: int) -> None:
    """A signed receipt without one of its fields, or with a wrong type in it, is malformed."""
    with refused(words="missing"):
        open_receipt(resigned(partial(drop, key)), LOG_KEY.public)
    wrongs: list[Any] = [None, "text", -1, {}, b"", [0]]
    for wrong in wrongs:
        with refused(words="expected"):
            open_receipt(resigned(partial(put, key, wrong)), LOG_KEY.public)


def test_a_checkpoint_has_its_own_fields() -> None:
    """A checkpoint with a receipt's fields is malformed, and one that lacks any of its own."""
    with refused(words="unknown"):
        open_checkpoint(resigned(partial(put, 6, 1), CHECKPOINT_LABEL), LOG_KEY.public)
    for key in (1, 2, 3, 11, 12, 13, 14):
        with refused(words="missing"):
            open_checkpoint(resigned(partial(drop, key), CHECKPOINT_LABEL), LOG_KEY.public)


HASH = octets("hash", 32)
CONTRADICTIONS: dict[str, dict[int, Any]] = {
    "a range at the head": {8: [[4, 6, HASH]]},
    "a range below the head": {8: [[1, 2, HASH]]},
    "a range that the head should have taken in": {8: [[5, 6, HASH]]},
    "a range backwards": {8: [[9, 8, HASH]]},
    "ranges that overlap": {8: [[6, 9, HASH], [8, 12, HASH]]},
    "ranges that touch": {8: [[6, 7, HASH], [8, 9, HASH]]},
    "ranges out of order": {8: [[9, 12, HASH], [6, 7, HASH]]},
    "the same range twice": {8: [[6, 7, HASH], [6, 7, HASH]]},
    "too many ranges": {8: [[2 * n + 6, 2 * n + 6, HASH] for n in range(RANGES + 1)]},
    "a hash without a head": {6: 0},
    "frames beyond the tree": {9: 22, 10: 2},
    "more frames than the tree": {10: 24},
}


@pytest.mark.parametrize("fields", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_receipts_that_contradict_themselves(fields: dict[int, Any]) -> None:
    """Signed or not, a statement that cannot be true is malformed."""
    with refused():
        open_receipt(resigned(lambda payload: payload.update(fields)), LOG_KEY.public)


def test_a_statement_that_is_too_large() -> None:
    """The size is compared before anything is read."""
    with refused(Refusal.SIZE):
        open_receipt(bytes(STATEMENT_BYTES + 1), LOG_KEY.public)


COVERED: dict[str, tuple[dict[str, Any], set[int]]] = {
    "nothing held": ({}, set()),
    "a head": ({"head": 4, "head_hash": OWN[4]}, {1, 2, 3, 4}),
    "the whole chain": ({"head": 12, "head_hash": OWN[12]}, set(OWN)),
    "a forged head": ({"head": 4, "head_hash": WRONG}, set()),
    "our hash at another place": ({"head": 4, "head_hash": OWN[5]}, set()),
    "a head that we never sent": ({"head": 13, "head_hash": WRONG}, set()),
    "a head beyond any database": ({"head": 2**63 - 1, "head_hash": OWN[12]}, set()),
    "one range": ({"beyond": (span(3, 5),)}, {3, 4, 5}),
    "a range of one": ({"beyond": (span(7, 7),)}, {7}),
    "two ranges": ({"beyond": (span(3, 5), span(9, 9))}, {3, 4, 5, 9}),
    "head and range": ({"head": 2, "head_hash": OWN[2], "beyond": (span(6, 7),)}, {1, 2, 6, 7}),
    "a forged range": ({"beyond": (forged(3, 5),)}, set()),
    "a range with another's hash": ({"beyond": (span(3, 5, of=(4, 6)),)}, set()),
    "a longer range with a shorter one's hash": ({"beyond": (span(3, 6, of=(3, 5)),)}, set()),
    "a range that we sent in part": ({"beyond": (span(11, 14, of=(11, 12)),)}, set()),
    "a range of nothing of ours": ({"beyond": (span(20, 22, of=(1, 3)),)}, set()),
    "a range without end": ({"beyond": (span(2, 2**63 - 1, of=(2, 2)),)}, set()),
    "a good range beside a forged one": ({"beyond": (span(3, 5), forged(7, 8))}, {3, 4, 5}),
    "a good range beside a forged head": ({"head": 2, "head_hash": WRONG, "beyond": (span(6, 7),)}, {6, 7}),
}


@pytest.mark.parametrize(("fields", "proven"), COVERED.values(), ids=COVERED)
def test_what_is_covered(fields: dict[str, Any], proven: set[int]) -> None:
    """Only what our own hashes confirm is proven to be held."""
    assert covered(receipt(**fields), OWN) == proven


def test_only_what_we_ask_about_is_answered() -> None:
    """A head covers the sequences below it that are given, so old frames need not be kept."""
    told = receipt(head=9, head_hash=OWN[9])
    assert covered(told, {8: OWN[8], 9: OWN[9], 10: OWN[10]}) == {8, 9}
    assert covered(told, {8: OWN[8]}) == set()
    assert covered(told, {}) == set()


@given(st.sets(st.integers(1, 12)))
def test_an_honest_receipt_covers_exactly_what_is_held(held: set[int]) -> None:
    """What a server holds, told through its log and a receipt, is what the sender counts as received."""
    log = ChainLog()
    for sequence in sorted(held, reverse=True):
        log.add(sequence, OWN[sequence], OWN.get(sequence - 1, NO_HASH))
    told = receipt(head=log.head, head_hash=log.head_hash, beyond=log.ranges(), size=20)
    opened = open_receipt(sign_receipt(told, LOG_KEY), LOG_KEY.public)
    assert covered(opened, OWN) == held


@given(st.sets(st.integers(1, 12), min_size=1), st.data())
def test_a_substituted_frame_is_not_covered(held: set[int], data: st.DataObject) -> None:
    """When the server holds another frame in one place, that place is not among those that are covered."""
    swapped = data.draw(st.sampled_from(sorted(held)))
    theirs = {sequence: OWN[sequence] for sequence in held} | {swapped: WRONG}
    ends = [sequence for sequence in sorted(held) if sequence + 1 not in held]
    starts = [sequence for sequence in sorted(held) if sequence - 1 not in held]
    beyond = tuple(
        Range(first=first, last=last, hash=range_hash(theirs, first, last))
        for first, last in zip(starts, ends, strict=True)
    )
    assert swapped not in covered(receipt(beyond=beyond), OWN)
