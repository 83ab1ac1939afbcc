"""Lanes whose log was set back on the server, and how they begin anew (docs/protocol.md §7, kind 20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.delivery import PendingFrame
from fieldkit.vault.documents import Documents
from fieldkit.vault.evidence import Evidence, Finding
from fieldkit.vault.feeds import Feeds
from fieldkit.vault.identity import Identities
from fieldkit.vault.queries import load
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import check_signature, parse
from sync.protocol.generations import Restart, follow, read_restart
from sync.protocol.ids import ADMIN, Chain, Generation, Lane, first_generation
from sync.protocol.log import EMPTY_ROOT
from sync.protocol.messages import GenerationItem
from sync.protocol.receipts import Checkpoint

SQL: Final = load("generations")

_AGREES, _DIFFERS = 1, 2

_MARK_BYTES: Final = 7
"""Of a generation, enough to know it again, and a number that SQLite can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBack:
    """A lane of which the server has less than was pulled, or another log: entries here and there."""

    lane: Lane
    held: int
    given: int


class Generations:
    """How each lane read here stands to its log on the server."""

    def __init__(
        self, database: Database, identities: Identities, documents: Documents, evidence: Evidence
    ) -> None:
        self._db = database
        self._identities = identities
        self._documents = documents
        self._evidence = evidence
        self.feeds = Feeds(database, evidence)

    def _cursor(self, lane: Lane) -> tuple[Generation, int]:
        return self.feeds.cursor(self._identities.require().organisation, lane)

    def note(self, lane: Lane, size: int) -> None:
        """The server gave a verified checkpoint of fewer entries than were pulled."""
        self._db.run(SQL["note"], (lane, size))

    def judge(self, checkpoint: Checkpoint) -> None:
        """After its entries were stored: a root that differs is a log set back, one that agrees is whole."""
        lane, generation, size = checkpoint.lane, checkpoint.generation, checkpoint.size
        found = self._db.row(SQL["verdict"], (lane, generation, size, checkpoint.root))
        if found is not None and found[0] == _DIFFERS:
            self.note(lane, size)
        elif found is not None and found[0] == _AGREES and size >= self._cursor(lane)[1]:
            self._db.run(SQL["clear"], (lane,))

    def set_back(self) -> list[SetBack]:
        """Every lane whose log was set back and has not begun anew."""
        return [
            SetBack(lane=Lane(lane), held=self._cursor(Lane(lane))[1], given=int(given))
            for lane, given in self._db.rows(SQL["noted"])
        ]

    def restart(self, lane: Lane, begins: Generation) -> Restart:
        """What a generation frame has to say about a lane: how far its tree was verified here."""
        generation, _ = self._cursor(lane)
        size = int(self._db.value(SQL["tree_size"], (lane, generation)) or 0)
        root = self.feeds.root_at(lane, generation, size) or EMPTY_ROOT
        return Restart(lane=lane, ends=generation, size=size, root=root, begins=begins)

    def take(self, items: Sequence[GenerationItem], checkpoint: Checkpoint, *, at: int) -> None:
        """Go over to a lane's present generation, from its beginning; raises ProtocolError if not proven.

        Each frame must be an officer's by the newest directory, and they must lead from the generation held
        to the checkpoint's. Who never held an entry of the lane has nothing that could be taken away.
        """
        lane = checkpoint.lane
        held, wanted = self._cursor(lane)
        if self._db.row(SQL["any_entry"], (lane,)) is None:
            self._db.run(SQL["begin"], (lane, checkpoint.generation))
            return
        restarts = [self._verified(item) for item in items]
        if follow(lane, held, restarts) != checkpoint.generation:
            raise ProtocolError(Refusal.GENERATION, "the frames lead to another generation than the server's")
        last = items[-1]
        told = (
            f"coordinator {last.device.hex()[:8]} let the lane begin anew: {wanted} entries were pulled"
            f" before, the server has {checkpoint.size} now"
        )
        with self._db.transaction():
            self._evidence.add(Finding.RESTART, lane, last.device, told, last.frame, at=at)
            self._db.run(SQL["begin"], (lane, checkpoint.generation))
            self._db.run(SQL["clear"], (lane,))

    def _verified(self, item: GenerationItem) -> Restart:
        directory = self._documents.directory().directory
        signer = directory.coordinator(item.device)
        if signer is None or not signer.officer:
            raise ProtocolError(
                Refusal.NOT_PERMITTED, "only a coordinator who manages members lets a lane begin anew"
            )
        frame = parse(item.frame)
        chain = Chain(
            organisation=directory.organisation, lane=ADMIN, device=item.device, incarnation=item.incarnation
        )
        check_signature(frame, chain, signer.public_key)
        return read_restart(frame)

    def settle_known(self, lane: Lane, since: int) -> None:
        """Entries of the present generation, from a position on, that were read under an earlier one."""
        self._db.run(SQL["settle_known"], (lane, self._cursor(lane)[0], since))

    def missing(self, lane: Lane) -> list[PendingFrame]:
        """What others wrote, was pulled before and is not in the present generation; none once offered."""
        me = self._identities.require()
        generation = self._cursor(lane)[0]
        if generation == first_generation(me.organisation, lane):
            return []
        offered = self._db.row(SQL["offered"], (lane,))
        if offered is not None and offered[0] == _mark(generation):
            return []
        rows = self._db.rows(SQL["missing"], (lane, generation, me.device))
        return [
            PendingFrame(
                lane=lane,
                device=device,
                incarnation=incarnation,
                sequence=parse(raw).sequence,
                raw=raw,
                hash=hash_,
            )
            for _, lane, device, incarnation, raw, hash_ in rows
        ]

    def offered(self, lane: Lane) -> None:
        """Everything missing in the present generation was offered, and taken or refused for good."""
        self._db.run(SQL["set_offered"], (lane, _mark(self._cursor(lane)[0])))


def _mark(generation: Generation) -> int:
    return int.from_bytes(generation[:_MARK_BYTES], "big")
