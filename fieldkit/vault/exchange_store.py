"""The vault as the exchange engine sees it: satisfies `sync.client.ports.ExchangeStore` by shape alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from fieldkit.vault.delivery import Kept, PendingFrame
from fieldkit.vault.vault import Vault
from sync.protocol.frames import parse
from sync.protocol.ids import Incarnation, Lane, first_generation
from sync.protocol.messages import FeedItem, GenerationItem, MailItem
from sync.protocol.receipts import Checkpoint, Receipt


class VaultExchange:
    """What one exchange reads and stores. Each `keep_` is one transaction and safe to repeat."""

    def __init__(self, vault: Vault, clock: Callable[[], int]) -> None:
        """`clock` gives UTC seconds."""
        self._vault = vault
        self._clock = clock

    def pending(self, limit_bytes: int) -> list[PendingFrame]:
        """Frames to send, in sending order, at most `limit_bytes` together but at least one."""
        return self._vault.delivery.pending(limit_bytes)

    def pending_totals(self) -> tuple[int, int]:
        """How many frames wait, and their bytes."""
        return self._vault.delivery.pending_totals()

    def chain_hashes(
        self, lane: int, *, incarnation: bytes | None = None, lowest: int | None = None
    ) -> Mapping[int, bytes]:
        """Own frame hashes by sequence: the head, and all from the last one received without a gap on."""
        return self._vault.delivery.chain_hashes(lane, incarnation=incarnation, lowest=lowest)

    def heads(self) -> list[tuple[int, int]]:
        """(lane, own head that the server should hold), lanes ascending."""
        return self._vault.delivery.heads()

    def mail_cursor(self) -> int:
        """The next mailbox position wanted."""
        return self._vault.mailbox.cursor()

    def versions(self) -> tuple[int, int]:
        """Newest directory and root version held, 0 for none."""
        return self._vault.documents.versions()

    def keep_receipt(self, receipt: Receipt, raw: bytes, covered: Collection[int], at: int) -> Kept:
        """Mark the covered sequences received, take back what the receipt shows lost, store it."""
        return self._vault.delivery.keep_receipt(receipt, raw, covered, at=at)

    def rejoin(self) -> bool:
        """Let the join frame wait again, if it was received."""
        return self._vault.delivery.rejoin()

    def keep_refusal(self, lane: int, incarnation: bytes, sequence: int, code: int) -> bool:
        """Quarantine a frame the server refused for good; False when it stays waiting."""
        return self._vault.delivery.keep_refusal(lane, sequence, code, incarnation=incarnation)

    def keep_contradiction(self, lane: int, incarnation: bytes, frame: bytes, at: int) -> None:
        """Keep a frame that another copy of this vault signed; raises ProtocolError when none did."""
        with self._vault.transaction():
            self._vault.copies.take(Lane(lane), Incarnation(incarnation), frame, at=at)
            read = parse(frame)
            self._vault.delivery.contradicted(lane, incarnation, read.sequence, read.hash, read.previous)

    def keep_mail(self, items: Sequence[MailItem]) -> None:
        """Store frames addressed to this device and advance the cursor."""
        self._vault.mailbox.keep(items, at=self._clock())

    def keep_documents(self, roots: Sequence[bytes], directory: bytes | None) -> None:
        """Verify newer documents and store them; raises ProtocolError when one does not hold."""
        self._vault.documents.keep(roots, directory, now=self._clock())

    def cursors(self) -> list[tuple[int, bytes, int]]:
        """(lane, generation, next position) of every lane this laptop reads by the newest directory."""
        me = self._vault.identities.require()
        directory = self._vault.documents.directory().directory
        return [
            (entry.lane, *self._vault.feeds.cursor(me.organisation, entry.lane))
            for entry in directory.lanes
            if directory.reads(me.device, entry.lane)
        ]

    def keep_feed(self, lane: int, entries: Sequence[FeedItem], checkpoint: Checkpoint | None) -> None:
        """Store feed entries, cursor and tree."""
        vault, at = self._vault, self._clock()
        organisation = vault.identities.require().organisation
        with vault.transaction():
            vault.feeds.keep(organisation, Lane(lane), entries, checkpoint, at=at)
            if entries and vault.feeds.cursor(organisation, Lane(lane))[0] != first_generation(
                organisation, Lane(lane)
            ):
                vault.generations.settle_known(Lane(lane), entries[0].index)
            if checkpoint is not None:
                vault.generations.judge(checkpoint)

    def keep_set_back(self, checkpoint: Checkpoint) -> None:
        """Remember that the server has fewer entries of a lane than were pulled."""
        organisation = self._vault.identities.require().organisation
        with self._vault.transaction():
            self._vault.feeds.keep(organisation, checkpoint.lane, (), checkpoint, at=self._clock())
            self._vault.generations.note(checkpoint.lane, checkpoint.size)

    def keep_generations(self, items: Sequence[GenerationItem], checkpoint: Checkpoint) -> None:
        """Go over to the lane's present generation; raises ProtocolError where the frames lead elsewhere."""
        self._vault.generations.take(items, checkpoint, at=self._clock())
