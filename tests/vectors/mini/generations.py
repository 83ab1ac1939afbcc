"""§7: how a reader follows a lane that began anew."""

from __future__ import annotations

from dataclasses import replace

from .failure import need
from .frames import GENERATION, Place, check


def follow(
    frames: list[bytes], signer: Place, key: bytes, *, officer: bool, lane: int, held: bytes, present: bytes
) -> None:
    """Frames of one signer that lead from the generation held to the one the checkpoint names."""
    need(bool(frames), "generation", "another generation without a frame")
    for raw in frames:
        frame = check(raw, replace(signer, lane=3), key)
        need(frame.kind == GENERATION, "kind", "not a generation frame")
        need(officer, "not permitted", "not signed by a coordinator with role bit 1")
        need(frame.header[18] == lane, "malformed", "for another lane")
        need(frame.header[27] == held, "generation", "it ends another generation")
        held = frame.header[42]
    need(held == present, "generation", "the checkpoint names another generation")
