"""A signature is bound to organisation, lane, device, incarnation, kind, header and body (R11)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cbor2
import pytest

from sync.protocol.encoding import encode
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import check_signature, parse, signed_message
from sync.protocol.ids import MAIN, sha256
from sync.protocol.kinds import Key, Kind
from tests.protocol import samples
from tests.protocol.refusing import refused
from tests.protocol.samples import ELSEWHERE, KEY, LANES, OTHER_KEY, chain


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (kind, field)
        for kind in Kind
        for field in ELSEWHERE
        if kind is not Kind.HELLO and (field != "lane" or LANES[kind] == MAIN)
    ],
)
def test_a_frame_moved_elsewhere(kind: Kind, field: str) -> None:
    """In another organisation, lane, device or incarnation it does not hold; in its own it does."""
    frame, own = samples.frame(kind), chain(LANES[kind])
    check_signature(frame, own, KEY.public)
    with refused(Refusal.SIGNATURE):
        check_signature(frame, replace(own, **{field: ELSEWHERE[field]}), KEY.public)


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_another_key(kind: Kind) -> None:
    """A frame under another device's key does not hold."""
    with refused(Refusal.SIGNATURE):
        check_signature(samples.frame(kind), chain(LANES[kind]), OTHER_KEY.public)


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_another_kind(kind: Kind) -> None:
    """The same header and body under another kind's number does not hold, where it parses at all."""
    frame = samples.frame(kind)
    for other in Kind:
        if other is kind:
            continue
        raw = encode([int(other), frame.header_bytes, frame.body, frame.signature])
        if (other, kind) not in INTERCHANGEABLE:
            with pytest.raises(ProtocolError):
                parse(raw)
            continue
        with refused(Refusal.SIGNATURE):
            check_signature(parse(raw), chain(LANES[other]), KEY.public)


INTERCHANGEABLE = {
    (Kind.RECORD, Kind.HEARTBEAT),
    (Kind.HEARTBEAT, Kind.RECORD),
    (Kind.ROOT, Kind.DIRECTORY),
}
"""(shown as, signed as): pairs whose header and body fit both rows."""


@pytest.mark.parametrize(
    ("kind", "key"),
    [(kind, key) for kind in Kind for key in samples.header(kind)],
    ids=lambda value: value.name,
)
def test_another_header(kind: Kind, key: Key) -> None:
    """Any header field with another good value breaks the signature."""
    frame = samples.frame(kind)
    header = {**samples.header(kind), key: OTHER_VALUES.get(key) or changed(samples.VALUES[key])}
    if kind is Kind.CERTIFICATE and key in (Key.TO, Key.PUBLIC_KEY):
        # The two belong together: both are exchanged, for another certificate in good order.
        header |= {Key.PUBLIC_KEY: KEY.public, Key.TO: chain().device}
    body = samples.READER.public if kind is Kind.JOIN and key is Key.ROLE else frame.body
    moved = parse(encode([int(kind), encode(header), body, frame.signature]))
    with refused(Refusal.SIGNATURE):
        check_signature(moved, chain(LANES[kind]), KEY.public)


OTHER_VALUES: dict[Key, Any] = {
    Key.RANGES: [[1, 4]],
    Key.LANES: [[1, 8], [2, 0]],
    Key.VOIDED: 5,
    Key.PURPOSE: 2,
    Key.ROLE: 2,
}


def changed(value: Any) -> Any:
    """Another value of the same type and length."""
    return value + 1 if isinstance(value, int) else bytes([value[0] ^ 1]) + value[1:]


@pytest.mark.parametrize("kind", [kind for kind in Kind if samples.body(kind)], ids=lambda kind: kind.name)
def test_another_body(kind: Kind) -> None:
    """One changed bit of the body, at either end, breaks the signature."""
    frame = samples.frame(kind)
    for at in (0, -1):
        body = bytearray(frame.body)
        body[at] ^= 1
        moved = parse(encode([int(kind), frame.header_bytes, bytes(body), frame.signature]))
        with refused(Refusal.SIGNATURE):
            check_signature(moved, chain(LANES[kind]), KEY.public)


def test_the_signed_message_is_the_specifications() -> None:
    """The bytes that are signed, made a second time without the project's encoder."""
    frame, place = samples.frame(Kind.RECORD), chain()
    fields = [place.organisation, place.lane, place.device, place.incarnation]
    hashes = [sha256(frame.header_bytes), sha256(frame.body)]
    expected = cbor2.dumps(["fieldkit/frame", 1, 3, *fields, *hashes])
    assert signed_message(frame.kind, place, frame.header_bytes, frame.body) == expected
