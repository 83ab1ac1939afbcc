"""What a server lost that it had confirmed: it was restored from an older backup, or lies.

docs/protocol.md §7. Frames whose receipt no longer holds wait again; nothing else is given up.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from fieldkit.vault.db import Database
from fieldkit.vault.evidence import Evidence, Finding
from fieldkit.vault.identity import Identities
from fieldkit.vault.mailbox import CURSOR
from fieldkit.vault.queries import load
from sync.protocol.limits import RANGES
from sync.protocol.receipts import Receipt

SQL: Final = load("losses")


class Losses:
    """Compares a verified receipt with what earlier ones said. Inside the caller's transaction."""

    def __init__(self, database: Database, identities: Identities, evidence: Evidence) -> None:
        self._db = database
        self._identities = identities
        self._evidence = evidence

    def judge(self, receipt: Receipt, raw: bytes, covered: Collection[int], *, at: int) -> int | None:
        """How many own frames wait again because of this receipt; None when it takes nothing back.

        Acknowledged ones too: their bytes are kept, and the chain has to close its gap. The mailbox is
        read from its beginning then, because a restored one counts anew.
        """
        lost = self._lost(receipt, covered)
        anew = self._compare(receipt, raw, at)
        if not lost and not anew:
            return None
        chain = receipt.chain
        if lost:
            held = max([receipt.head, *(beyond.last for beyond in receipt.beyond)])
            told = (
                f"the server had confirmed {len(lost)} frames of this laptop that it does not hold any more"
                f" (its newest there is {held}): it was probably restored from an older backup"
            )
            self._evidence.add(Finding.LOST, chain.lane, chain.device, told, raw, at=at)
        present = self._identities.require().incarnation
        before = [row[0] for row in self._db.rows(SQL["received_before"], (present, chain.lane))]
        again = {*lost, *before} if chain.incarnation == present else {*lost}
        self._db.run_many(SQL["put_back"], [(frame,) for frame in sorted(again)])
        self._identities.set_progress(CURSOR, 0)
        return len(again)

    def contradicted(
        self, lane: int, incarnation: bytes, sequence: int, hash_: bytes, previous: bytes
    ) -> int:
        """Frames that wait again because the server holds this one, by another copy of this vault (§9).

        Where it confirmed ours in this one's place or before it, a backup was put back and the other copy
        came first: not one frame of the chain is certain any more.
        """
        beside = ((sequence, hash_), (sequence - 1, previous))
        held = [(self._db.row(SQL["own_frame"], (lane, incarnation, at)), theirs) for at, theirs in beside]
        if not any(own is not None and own[1] and own[0] != theirs for own, theirs in held):
            return 0
        rows = self._db.rows(SQL["received_above"], (lane, incarnation, 0))
        self._db.run_many(SQL["put_back"], [(row,) for row, _ in rows])
        return len(rows)

    def join(self) -> bool:
        """The server does not know this laptop: its join frame waits again, if it ever was received."""
        with self._db.transaction():
            return bool(self._db.rows(SQL["put_back_join"]))

    def _lost(self, receipt: Receipt, covered: Collection[int]) -> list[int]:
        """Own frames of the chain that count as received and that this receipt leaves out."""
        chain = receipt.chain
        place = (chain.lane, chain.incarnation)
        # The ranges of a receipt are limited: nothing is known of what lies behind the last possible one.
        known = receipt.beyond[-1].last if len(receipt.beyond) == RANGES else None
        found = self._db.row(SQL["own_frame"], (*place, receipt.head))
        # Where it confirmed our frame before and names another one now, not even those below are certain.
        replaced = found is not None and found[1] and found[0] != receipt.head_hash
        rows = self._db.rows(SQL["received_above"], (*place, 0 if replaced else receipt.head))
        return [
            frame
            for frame, sequence in rows
            if sequence not in covered and (known is None or sequence <= known)
        ]

    def _compare(self, receipt: Receipt, raw: bytes, at: int) -> bool:
        """Whether the lane began anew or its tree shrank, which is kept as evidence."""
        chain = receipt.chain
        held = self._db.row(SQL["newest_receipt"], (chain.lane,))
        if held is None:
            return False
        generation, size = bytes(held[0]), int(held[1])
        if generation != receipt.generation:
            told = f"the lane began generation {receipt.generation.hex()} after {generation.hex()}"
            self._evidence.add(Finding.GENERATION, chain.lane, chain.device, told, raw, at=at)
            return True
        if receipt.size < size:
            told = f"the lane's tree shrank from {size} to {receipt.size} frames"
            self._evidence.add(Finding.LOST, chain.lane, chain.device, told, raw, at=at)
            return True
        return False
