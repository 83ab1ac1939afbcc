"""§3 chains and §8 acknowledgements."""

from __future__ import annotations

from .failure import Failure, Item, need
from .frames import ACK, VOID, Frame, Place
from .names import labelled, sha256

ZEROS = bytes(32)


class Chain:
    """What a receiver holds of one chain, and what it must refuse to add."""

    def __init__(self) -> None:
        self.hashes: dict[int, bytes] = {}
        self.previous: dict[int, bytes] = {}

    def add(self, frame: Frame) -> None:
        """Hold a frame, in whatever order it comes; a fork is refused."""
        self._hold(frame.header[1], frame.hash, frame.header[2])
        if frame.kind == VOID:
            self._hold(frame.header[12], frame.header[13], frame.header[43])

    def _hold(self, sequence: int, frame_hash: bytes, previous: bytes) -> None:
        need(self.hashes.get(sequence, frame_hash) == frame_hash, "fork", f"two frames at {sequence}")
        need(self.previous.get(sequence, previous) == previous, "fork", f"{sequence} follows two frames")
        before = ZEROS if sequence == 1 else self.hashes.get(sequence - 1, previous)
        need(previous == before, "fork", f"frame {sequence} follows another frame")
        after = self.previous.get(sequence + 1, frame_hash)
        need(after == frame_hash, "fork", f"frame {sequence + 1} follows another frame")
        self.hashes[sequence], self.previous[sequence] = frame_hash, previous

    @property
    def head(self) -> int:
        """The highest sequence with nothing missing before it."""
        head = 0
        while head + 1 in self.hashes:
            head += 1
        return head


def proof(place: Place, entries: list[list[Item]]) -> bytes:
    """§8: from [sequence, frame hash, token] of every frame acknowledged, in order."""
    where = (place.organisation, place.lane, place.device, place.incarnation)
    return sha256(labelled("acknowledge", *where, entries))


def check_acknowledgement(
    frame: Frame, place: Place, held: dict[int, tuple[bytes, bytes]], reader: bool
) -> list[int]:
    """The sequences acknowledged; `held` is the reporter's own: frame hash and token of sealed frames."""
    need(frame.kind == ACK, "kind", "not an acknowledgement")
    need(reader, "not permitted", "the signer does not read this lane")
    where = (frame.header[6], frame.header[9])
    need(where == (place.device, place.incarnation), "signature", "another chain")
    entries: list[list[Item]] = []
    for first, last in frame.header[10]:
        # The first one that is missing ends it: a range as long as a number can be costs nothing.
        for sequence in range(first, last + 1):
            if sequence not in held:
                raise Failure("sealed", f"no sealed frame at {sequence} to acknowledge")
            entries.append([sequence, *held[sequence]])
    need(proof(place, entries) == frame.header[11], "sealed", "the proof is another")
    return [entry[0] for entry in entries]
