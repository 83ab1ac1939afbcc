"""A lane that begins anew after its server lost part of it (docs/protocol.md §7, kind 20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sync.protocol.errors import ProtocolError, Refusal, malformed
from sync.protocol.frames import Frame
from sync.protocol.ids import Generation, Lane
from sync.protocol.kinds import Key, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """What a generation frame says: the lane, which generation ends, verified how far, what follows."""

    lane: Lane
    ends: Generation
    size: int
    root: bytes
    begins: Generation

    def header(self) -> dict[Key, object]:
        """Its part of the frame's header."""
        return {
            Key.LANE: self.lane,
            Key.GENERATION: self.ends,
            Key.SIZE: self.size,
            Key.TREE_ROOT: self.root,
            Key.NEW_GENERATION: self.begins,
        }


def read_restart(frame: Frame) -> Restart:
    """What a parsed frame of kind 20 says; ProtocolError (KIND) for another kind. No signature is checked."""
    if frame.kind is not Kind.GENERATION:
        raise ProtocolError(Refusal.KIND, f"expected a generation frame, got a {frame.kind.name.lower()}")
    header = frame.header
    return Restart(
        lane=Lane(header[Key.LANE]),
        ends=Generation(header[Key.GENERATION]),
        size=header[Key.SIZE],
        root=header[Key.TREE_ROOT],
        begins=Generation(header[Key.NEW_GENERATION]),
    )


def follow(lane: Lane, held: Generation, restarts: Iterable[Restart]) -> Generation:
    """The generation that a lane has come to from the one held; ProtocolError where the way is broken."""
    for restart in restarts:
        if restart.lane != lane:
            raise malformed(f"expected a restart of lane {lane}, got one of lane {restart.lane}")
        if restart.ends != held:
            raise ProtocolError(
                Refusal.GENERATION, f"expected what follows generation {held.hex()}, not {restart.ends.hex()}"
            )
        held = restart.begins
    return held
