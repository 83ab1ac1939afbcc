"""Feeds as they were pulled, and the lane tree computed from them (docs/protocol.md §7, §9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.evidence import SERVER, Evidence, Finding
from fieldkit.vault.queries import load
from sync.protocol.ids import (
    Device,
    FrameHash,
    Generation,
    Index,
    Lane,
    Organisation,
    first_generation,
    sha256,
)
from sync.protocol.log import EMPTY_ROOT, Frontier, leaf_hash
from sync.protocol.messages import FeedItem
from sync.protocol.receipts import Checkpoint
from sync.protocol.records import Gossip

SQL: Final = load("feeds")

_PENDING, _AGREES, _DIFFERS = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What comparing claims about the trees gave."""

    agree: int
    differ: int
    waiting: int
    """Made for a size that was not pulled yet."""


class Feeds:
    """Every lane this laptop reads."""

    def __init__(self, database: Database, evidence: Evidence) -> None:
        self._db = database
        self._evidence = evidence

    def cursor(self, organisation: Organisation, lane: Lane) -> tuple[Generation, int]:
        """Generation and next position wanted of a lane."""
        found = self._db.row(SQL["cursor"], (lane,))
        if found is None:
            return first_generation(organisation, lane), 0
        return Generation(found[0]), int(found[1])

    def keep(
        self,
        organisation: Organisation,
        lane: Lane,
        entries: Sequence[FeedItem],
        checkpoint: Checkpoint | None,
        *,
        at: int,
    ) -> int:
        """Store entries, cursor and tree in one transaction; returns how many were new.

        Entries held before change nothing. Whatever contradicts what is held is kept as evidence.
        """
        with self._db.transaction():
            generation, wanted = self.cursor(organisation, lane)
            for entry in entries:
                if entry.index > wanted:
                    passed = f"positions {wanted} to {entry.index - 1} were passed over"
                    self._evidence.add(Finding.FEED, lane, SERVER, passed, b"", at=at)
                wanted = max(wanted, entry.index + 1)
            new = self._keep_entries(generation, entries, at)
            self._db.run(SQL["set_cursor"], (lane, generation, wanted))
            self._grow(lane, generation)
            if checkpoint is not None:
                self._take_checkpoint(generation, checkpoint, at)
            self._judge(lane, generation, at)
            return new

    def _keep_entries(self, generation: Generation, entries: Sequence[FeedItem], at: int) -> int:
        """Store entries at their positions; returns how many were new."""
        rows = [
            (one.lane, generation, one.index, one.device, one.incarnation, one.frame, sha256(one.frame), at)
            for one in entries
        ]
        new = self._db.run_many(SQL["keep_entry"], rows)
        if new < len(rows):
            for entry, row in zip(entries, rows, strict=True):
                self._compare(entry, *row[:3], hash_=row[6], at=at)
        return new

    def _compare(
        self, entry: FeedItem, lane: Lane, generation: Generation, position: int, *, hash_: bytes, at: int
    ) -> None:
        """Keep as evidence what differs from the frame that stands at its position."""
        held = self._db.row(SQL["entry_hash"], (lane, generation, position))
        if held is not None and (held[0], held[1]) != (hash_, entry.device):
            told = f"another frame was given for position {entry.index} than before"
            self._evidence.add(Finding.FEED, entry.lane, entry.device, told, entry.frame, at=at)

    def _grow(self, lane: Lane, generation: Generation) -> None:
        """Append every entry that follows the tree without a hole."""
        held = self._db.row(SQL["tree"], (lane, generation))
        frontier = Frontier() if held is None else Frontier.from_bytes(held[0])
        roots: list[tuple[object, ...]] = [(lane, generation, 0, EMPTY_ROOT)] if held is None else []
        for position, hash_, device in self._db.rows(SQL["leaves"], (lane, generation, frontier.size)):
            if position != frontier.size:
                break
            frontier = frontier.append(leaf_hash(FrameHash(hash_), Device(device), Index(position)))
            roots.append((lane, generation, frontier.size, frontier.root()))
        if roots:
            self._db.run_many(SQL["add_root"], roots)
            self._db.run(SQL["set_tree"], (lane, generation, frontier.to_bytes()))

    def _take_checkpoint(self, generation: Generation, checkpoint: Checkpoint, at: int) -> None:
        if checkpoint.generation != generation:
            told = f"the server speaks of generation {checkpoint.generation.hex()}, not {generation.hex()}"
            self._evidence.add(Finding.GENERATION, checkpoint.lane, SERVER, told, b"", at=at)
        claim = (checkpoint.lane, checkpoint.generation, checkpoint.size, checkpoint.root)
        self._db.run(SQL["claim"], ("checkpoint", *claim, SERVER, at))

    def take_gossip(self, gossip: Gossip, device: Device, *, at: int) -> None:
        """Compare what a member heard from the server with the tree here, now or once it has grown."""
        with self._db.transaction():
            claim = (gossip.lane, gossip.generation, gossip.size, gossip.root)
            self._db.run(SQL["claim"], ("gossip", *claim, device, at))
            self._judge(gossip.lane, gossip.generation, at)

    def _judge(self, lane: Lane, generation: Generation, at: int) -> None:
        for source, size, root, device, own in self._db.rows(SQL["comparable"], (lane, generation)):
            verdict = _AGREES if root == own else _DIFFERS
            self._db.run(SQL["judge"], (verdict, source, lane, generation, size, root, device))
            # What was said of a generation that has ended was settled by whoever let the lane begin anew.
            if verdict == _DIFFERS and self._db.row(SQL["ended"], (lane, generation)) is None:
                told = f"{source}: another root for {size} frames than computed here"
                self._evidence.add(Finding.TREE, lane, device, told, root, at=at)

    def root_at(self, lane: Lane, generation: Generation, size: int) -> bytes | None:
        """The tree's root computed here at some size; None when the feed was not pulled so far."""
        found = self._db.row(SQL["root_at"], (lane, generation, size))
        return None if found is None else bytes(found[0])

    def verdicts(self) -> Verdicts:
        """What comparing checkpoints and gossip gave."""
        counts: dict[int, int] = dict(self._db.rows(SQL["verdicts"]))
        return Verdicts(
            agree=counts.get(_AGREES, 0), differ=counts.get(_DIFFERS, 0), waiting=counts.get(_PENDING, 0)
        )
