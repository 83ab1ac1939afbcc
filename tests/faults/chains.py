"""Whole chains of frames with valid signatures, made cheaply: the server cannot look inside a sealed body."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from sync.protocol.encoding import encode
from sync.protocol.frames import Frame, encode_header, signed_message
from sync.protocol.ids import NO_HASH, Chain, FrameHash, sha256
from sync.protocol.kinds import Key, Kind
from sync.protocol.limits import PAD_FLOOR, TAG_BYTES, WRAP_BYTES
from sync.protocol.messages import Upload, encode_upload
from sync.protocol.signing import SigningKey

RECORD_BODY_BYTES = PAD_FLOOR + TAG_BYTES
"""The smallest sealed record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A sync request: its bytes, and how many must arrive for the first 0, 1, 2 … frames to be whole."""

    data: bytes = field(repr=False)
    ends: tuple[int, ...]

    def whole_frames(self, size: int) -> int:
        """How many frames are complete in the first `size` bytes."""
        return sum(1 for end in self.ends[1:] if end <= size)


def make(chain: Chain, key: SigningKey, records: int) -> list[Frame]:
    """One epoch and some records of the smallest size, chained from sequence 1."""
    seal, epoch_body, commit = os.urandom(16), os.urandom(WRAP_BYTES), os.urandom(32)
    header: dict[Key, object] = {Key.SEQUENCE: 1, Key.PREVIOUS: NO_HASH, Key.TERM: 1, Key.COMMIT: commit}
    frames = [_build(chain, key, Kind.EPOCH, header, epoch_body)]
    body = os.urandom(RECORD_BODY_BYTES)
    for step in range(records):
        header = {
            Key.SEQUENCE: step + 2,
            Key.PREVIOUS: frames[-1].hash,
            Key.EPOCH: frames[0].hash[:16],
            Key.STEP: step,
            Key.SEAL: seal,
        }
        frames.append(_build(chain, key, Kind.RECORD, header, body))
    return frames


def _build(chain: Chain, key: SigningKey, kind: Kind, header: dict[Key, object], body: bytes) -> Frame:
    """As `frames.build`, which would parse what it made: the server does that soon enough."""
    header_bytes = encode_header(header)
    signature = key.sign(signed_message(kind, chain, header_bytes, body))
    raw = encode([int(kind), header_bytes, body, signature])
    return Frame(
        kind=kind,
        header={int(name): value for name, value in header.items()},
        header_bytes=header_bytes,
        body=body,
        signature=signature,
        raw=raw,
        hash=FrameHash(sha256(raw)),
    )


def uploads(chain: Chain, frames: Sequence[Frame]) -> list[bytes]:
    """The items that carry these frames."""
    return [encode_upload(Upload(lane=chain.lane, frame=frame.raw)) for frame in frames]


def request(hello: bytes, items: Sequence[bytes]) -> Body:
    """The request that carries these items, in order."""
    parts = [hello, *items]
    return Body(data=b"".join(parts), ends=tuple(accumulate(map(len, parts))))
