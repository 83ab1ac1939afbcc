"""The lane tree: an RFC 6962 Merkle tree over a feed (docs/protocol.md §7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sync.protocol.errors import malformed
from sync.protocol.ids import HASH_BYTES, Device, FrameHash, Index, labelled, sha256

EMPTY_ROOT = sha256(b"")


def leaf_hash(frame_hash: FrameHash, device: Device, index: Index) -> bytes:
    """The leaf of a frame at a position of the feed."""
    return sha256(b"\0" + labelled("fieldkit/leaf", frame_hash, device, index))


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right)


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the perfect subtrees that make up a tree of `size` leaves, largest first.

    All that appending needs.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> Frontier:
        """The frontier with one leaf more."""
        peaks, size = [*self.peaks, leaf], self.size
        while size & 1:
            right = peaks.pop()
            peaks.append(_node(peaks.pop(), right))
            size >>= 1
        return Frontier(self.size + 1, tuple(peaks))

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier with these leaves more."""
        frontier = self
        for leaf in leaves:
            frontier = frontier.append(leaf)
        return frontier

    def root(self) -> bytes:
        """The tree's root, 32 bytes."""
        if not self.peaks:
            return EMPTY_ROOT
        *others, root = self.peaks
        for peak in reversed(others):
            root = _node(peak, root)
        return root

    def to_bytes(self) -> bytes:
        """For storage: 8 bytes of size, then the peaks."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """What `to_bytes` gave; raise ProtocolError (MALFORMED) for anything else."""
        size, rest = int.from_bytes(data[:8], "big"), data[8:]
        if len(data) < 8 or len(rest) != size.bit_count() * HASH_BYTES:
            raise malformed("a stored tree frontier has the wrong length")
        return cls(size, tuple(rest[at : at + HASH_BYTES] for at in range(0, len(rest), HASH_BYTES)))
