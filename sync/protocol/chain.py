"""What is held of one chain: the head, what lies beyond it, and forks (docs/protocol.md §3, §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.ids import NO_HASH, FrameHash, labelled, sha256
from sync.protocol.limits import RANGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Sequences `first` to `last`, all held, with a hash over their frame hashes."""

    first: int
    last: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """One held frame, or a voided sequence: its hash, and the hash of the frame it follows."""

    hash: FrameHash
    previous: FrameHash


@dataclass(slots=True)
class ChainLog:
    """Head and frames beyond it of one chain. `add` and `close` say whether something new came; forks raise.

    Only the head and what lies beyond is kept: a repeat below the head must be looked up by the caller.
    """

    head: int = 0
    head_hash: FrameHash = NO_HASH
    beyond: dict[int, Link] = field(default_factory=dict)

    def add(self, sequence: int, frame_hash: FrameHash, previous: FrameHash) -> bool:
        """Take a valid frame above the head; False if it is held already.

        ProtocolError (FORK) if it contradicts.
        """
        if sequence <= self.head:
            raise ValueError(f"sequence {sequence} lies at or below the head {self.head}: look it up instead")
        return self._put(sequence, Link(frame_hash, previous))

    def close(self, sequence: int, frame_hash: FrameHash, previous: FrameHash) -> bool:
        """Count a voided sequence as held; False if it is, or lies below the head.

        `previous` is what the frame that will never come followed: a void must not join two branches.
        ProtocolError (FORK) if it contradicts.
        """
        if sequence <= self.head:
            return False
        return self._put(sequence, Link(frame_hash, previous))

    def _put(self, sequence: int, link: Link) -> bool:
        held = self.beyond.get(sequence)
        if held is not None:
            if held != link:
                raise fork(sequence)
            return False
        before = self.head_hash if sequence == self.head + 1 else self._hash_beyond(sequence - 1)
        after = self.beyond.get(sequence + 1)
        if before is not None and link.previous != before:
            raise fork(sequence)
        if after is not None and after.previous != link.hash:
            raise fork(sequence + 1)
        self.beyond[sequence] = link
        self._advance()
        return True

    def _hash_beyond(self, sequence: int) -> FrameHash | None:
        link = self.beyond.get(sequence)
        return None if link is None else link.hash

    def _advance(self) -> None:
        while (link := self.beyond.pop(self.head + 1, None)) is not None:
            self.head += 1
            self.head_hash = link.hash

    def ranges(self) -> tuple[Range, ...]:
        """What is held beyond the head, ascending, at most 64 ranges."""
        hashes = {sequence: link.hash for sequence, link in self.beyond.items()}
        return tuple(
            Range(first=first, last=last, hash=range_hash(hashes, first, last))
            for first, last in runs(hashes)[:RANGES]
        )


def fork(sequence: int) -> ProtocolError:
    """The error for two valid frames that cannot both belong to one chain."""
    return ProtocolError(
        Refusal.FORK, f"sequence {sequence} is taken by another valid frame, or does not follow it"
    )


def runs(sequences: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending inclusive runs of consecutive integers."""
    found: list[tuple[int, int]] = []
    for sequence in sorted(sequences):
        if found and found[-1][1] + 1 == sequence:
            found[-1] = (found[-1][0], sequence)
        else:
            found.append((sequence, sequence))
    return found


def range_hash(hashes: Mapping[int, bytes], first: int, last: int) -> bytes:
    """The hash a receipt gives for a range; raises KeyError when a frame of it is not in `hashes`."""
    return sha256(labelled("fieldkit/range", [hashes[sequence] for sequence in range(first, last + 1)]))
