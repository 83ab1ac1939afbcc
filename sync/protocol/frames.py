"""Frames: the only unit on every road (docs/protocol.md §3)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.protocol.encoding import decode, encode
from sync.protocol.errors import ProtocolError, Refusal, malformed
from sync.protocol.ids import NO_HASH, Chain, FrameHash, device_id, labelled, sha256
from sync.protocol.kinds import KEYS, TABLE, Key, Kind, Role, Row
from sync.protocol.limits import FRAME_BYTES, HEADER_BYTES
from sync.protocol.shapes import blob, fields, octets, row, uint
from sync.protocol.signing import SIGNATURE_BYTES, SigningKey, verify_all

_FRAME = row(uint, blob(HEADER_BYTES), blob(FRAME_BYTES), octets(SIGNATURE_BYTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A parsed frame. `raw` are the bytes as sent: what is hashed, stored and passed on."""

    kind: Kind
    header: Mapping[int, Any]
    header_bytes: bytes = field(repr=False)
    body: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    raw: bytes = field(repr=False)
    hash: FrameHash

    @property
    def sequence(self) -> int:
        """Position in its chain; 0 for a hello, which is in none."""
        return int(self.header.get(Key.SEQUENCE, 0))

    @property
    def previous(self) -> FrameHash:
        """Hash of the frame before it in its chain; zeros when there is none."""
        return FrameHash(self.header.get(Key.PREVIOUS, NO_HASH))


def parse(raw: bytes) -> Frame:
    """Check everything of §3 but the signature, the lane and the signer.

    Raises ProtocolError: SIZE for lengths, KIND for an unknown kind, MALFORMED for the rest.
    """
    if len(raw) > FRAME_BYTES:
        raise ProtocolError(Refusal.SIZE, f"expected a frame of at most {FRAME_BYTES} bytes, got {len(raw)}")
    return parse_value(decode(raw), raw)


def parse_value(value: object, raw: bytes) -> Frame:
    """As `parse`, for bytes that were decoded already as part of a sequence."""
    number, header_bytes, body, signature = _FRAME(value)
    try:
        kind = Kind(number)
        shape = TABLE[kind]
    except (ValueError, KeyError):
        raise ProtocolError(Refusal.KIND, f"expected a known kind of frame, got {number}") from None
    if not shape.body(len(body)):
        raise ProtocolError(Refusal.SIZE, f"{kind.name.lower()} frames have no body of {len(body)} bytes")
    header = fields(decode(header_bytes, limit=HEADER_BYTES), _checks(shape))
    _check_pairs(kind, header, body)
    return Frame(
        kind=kind,
        header=header,
        header_bytes=header_bytes,
        body=body,
        signature=signature,
        raw=raw,
        hash=FrameHash(sha256(raw)),
    )


_CHECKS = {shape.keys: {int(key): KEYS[key] for key in shape.keys} for shape in TABLE.values()}


def _checks(shape: Row) -> Mapping[int, Any]:
    return _CHECKS[shape.keys]


def _check_pairs(kind: Kind, header: Mapping[int, Any], body: bytes) -> None:
    """Rules that tie fields of one frame to each other."""
    if kind is Kind.ACKNOWLEDGEMENT:
        ranges = header[Key.RANGES]
        if any(first > last for first, last in ranges):
            raise malformed("a range ends before it begins")
        if any(left[1] + 1 >= right[0] for left, right in itertools.pairwise(ranges)):
            raise malformed("ranges overlap or touch")
    if kind is Kind.VOID and header[Key.VOIDED] >= header[Key.SEQUENCE]:
        raise malformed("a void closes an earlier sequence of its chain")
    if kind is Kind.GENERATION and header[Key.GENERATION] == header[Key.NEW_GENERATION]:
        raise malformed("a lane begins anew under another generation than before")
    if kind is Kind.CERTIFICATE and header[Key.TO] != device_id(header[Key.PUBLIC_KEY]):
        raise malformed("the device certified is not the hash of its key")
    if kind is Kind.JOIN and bool(body) != (header[Key.ROLE] == Role.COORDINATOR):
        raise ProtocolError(Refusal.SIZE, "a coordinator's join carries a reader key and a reporter's none")


def signed_message(kind: int, chain: Chain, header_bytes: bytes, body: bytes) -> bytes:
    """What a frame's signature covers."""
    return labelled(
        "fieldkit/frame",
        int(kind),
        chain.organisation,
        chain.lane,
        chain.device,
        chain.incarnation,
        sha256(header_bytes),
        sha256(body),
    )


def check_signature(frame: Frame, chain: Chain, public_key: bytes) -> None:
    """Raise ProtocolError (LANE or SIGNATURE) unless the device's key signed this frame for this chain."""
    problem = Claim(frame, chain, public_key).problem()
    if problem is not None:
        raise problem


@dataclass(frozen=True, slots=True)
class Claim:
    """A frame, the chain it is said to be in, and the key that should have signed it."""

    frame: Frame
    chain: Chain
    public_key: bytes

    def problem(self) -> ProtocolError | None:
        """What `check_signature` finds wrong; None when the signature holds."""
        return problems([self])[0]


def problems(claims: Sequence[Claim]) -> list[ProtocolError | None]:
    """One answer a claim, in order."""
    # What is signed is put together for all of them before the first is checked: see `verify_all`.
    held = verify_all([(claim.public_key, claim.frame.signature, _message(claim)) for claim in claims])
    return [_problem(claim, holds) for claim, holds in zip(claims, held, strict=True)]


def _message(claim: Claim) -> bytes:
    frame = claim.frame
    return signed_message(frame.kind, claim.chain, frame.header_bytes, frame.body)


def _problem(claim: Claim, holds: bool) -> ProtocolError | None:
    kind, lane = claim.frame.kind, claim.chain.lane
    if not TABLE[kind].lanes(lane):
        return ProtocolError(Refusal.LANE, f"{kind.name.lower()} frames do not belong in lane {lane}")
    if not holds:
        told = "the signature does not hold for this organisation, lane and device"
        return ProtocolError(Refusal.SIGNATURE, told)
    return None


def encode_header(header: Mapping[Key, object]) -> bytes:
    """A header as sent: also the associated data of a sealed body."""
    return encode({int(name): value for name, value in header.items()})


def build(
    chain: Chain, key: SigningKey, kind: Kind, header: Mapping[Key, object], body: bytes = b""
) -> Frame:
    """Sign a new frame; raise ProtocolError when header or body do not fit the kind (a caller's bug)."""
    header_bytes = encode_header(header)
    signature = key.sign(signed_message(kind, chain, header_bytes, body))
    return parse(encode([int(kind), header_bytes, body, signature]))
