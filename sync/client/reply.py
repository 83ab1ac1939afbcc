"""The rules of a reply: takes its items one by one, says yes or raises, and hands what holds to the store.

In the order of docs/protocol.md §9 and §7, for each item:
1. The item is canonical, of a known shape, not larger than allowed (stops parser and memory attacks).
2. A receipt or checkpoint is signed by the log key of the directory held (stops forged statements).
3. It carries the nonce of this very hello (stops replay of old statements).
4. It names our organisation and our chain, or a lane we asked for (stops statements about others).
5. What a receipt covers is computed from our own hashes (stops one for other frames); only that is marked.
6. What contradicts our own frames is signed by our own key (stops a server that only says so).
7. A lane begins anew only by frames that lead from the generation held (stops a silent restart).
8. Feed entries go on without a gap where we stopped, up to the stated size (stops silent leaving out).
Left to the store: signatures of directories and frames, the lane tree, gossip. Nothing here deletes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sync.client.errors import Break, LinkError, RefusedError, SetBackError, VerificationError
from sync.client.ports import ExchangeStore, Identity
from sync.client.request import Place, Request, place
from sync.client.status import Refused
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import parse
from sync.protocol.generations import read_restart
from sync.protocol.ids import Chain, Lane
from sync.protocol.messages import (
    CheckpointItem,
    ContradictionItem,
    DirectoryItem,
    EndItem,
    ErrorItem,
    FeedItem,
    GenerationItem,
    MailItem,
    ReceiptItem,
    RefusedItem,
    ReplyItem,
    RootItem,
)
from sync.protocol.receipts import Checkpoint, Receipt, covered, open_checkpoint, open_receipt

RETRY: Final = frozenset({Refusal.BUSY, Refusal.NONCE})
"""Refusals of a whole request that a new request soon after may not meet."""


@dataclass(slots=True)
class Gains:
    """What one reply brought."""

    receipts: int = 0
    checkpoints: int = 0
    confirmed: int = 0
    confirmed_bytes: int = 0
    lost: int = 0
    """Own frames that wait again: the server holds less than it had confirmed."""
    anew: bool = False
    """It holds less, or began a lane anew; so did the mailbox, and mail is asked for from its beginning."""
    mail: int = 0
    entries: int = 0
    documents: int = 0
    refused: list[Refused] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    end: EndItem | None = None
    reply_bytes: int = 0
    reply_seconds: float = 0.0

    @property
    def any(self) -> bool:
        """Whether the reply moved anything on."""
        final = any(not one.waits for one in self.refused)
        moved = self.confirmed or self.anew or self.mail or self.entries or self.documents
        return bool(final or moved)


class ReplyRules:
    """Applies one reply to the store. What came before an error is kept."""

    def __init__(self, identity: Identity, store: ExchangeStore, request: Request, now: int) -> None:
        self.gains = Gains()
        self._identity = identity
        self._store = store
        self._request = request
        self._now = now
        self._items = 0
        self._mail: list[MailItem] = []
        self._next_mail = 0
        self._roots: list[bytes] = []
        self._proven: set[Place] = set()
        self._refused: list[RefusedItem] = []
        self._entries: list[FeedItem] = []
        self._lane: Lane | None = None
        self._checkpoints: dict[int, Checkpoint] = {}
        self._restarts: dict[int, list[GenerationItem]] = {}
        self._set_back: list[tuple[int, int, int]] = []
        self._next = {entry[0]: (entry[1], entry[2]) for entry in request.facts.lanes if len(entry) == 3}

    def take(self, item: ReplyItem) -> None:
        """Check one item and keep it, at once or with the next `flush`."""
        if self.gains.end is not None:
            raise VerificationError("the server went on after the end of its answer")
        if not isinstance(item, RootItem | DirectoryItem):
            self._keep_roots(None)
        try:
            _TAKE[type(item)](self, item)
        except ProtocolError as error:
            raise VerificationError(f"the server's answer does not hold: {error}") from None
        self._items += 1

    def flush(self) -> None:
        """Store what was gathered: called now and then, so that a cut or a crash loses little."""
        self._keep_roots(None)
        if self._mail:
            mail, self._mail = self._mail, []
            self._store.keep_mail(mail)
            self.gains.mail += len(mail)
        if self._entries and self._lane is not None:
            self._keep_feed(self._lane)

    def finish(self) -> None:
        """The reply ended, whole or cut: flush, then quarantine what was refused and is not covered."""
        self.flush()
        for item in self._refused:
            self._keep_refusal(item)
        self._refused = []

    @property
    def gathered(self) -> int:
        """Bytes that wait for `flush`."""
        return sum(len(item.frame) for item in self._mail) + sum(len(item.frame) for item in self._entries)

    # One method for each item

    def _take_contradiction(self, item: ContradictionItem) -> None:
        if item.device != self._identity.device:
            raise VerificationError("the server sent proof against another laptop")
        self._store.keep_contradiction(item.lane, item.incarnation, item.frame, self._now)

    def _take_receipt(self, item: ReceiptItem) -> None:
        identity = self._identity
        receipt = open_receipt(item.receipt, identity.log_key)
        chain = receipt.chain
        self._answers_us(chain.organisation, receipt.nonce, "receipt")
        hashes = self._own_hashes(chain, receipt.head)
        if hashes is None:
            raise VerificationError("the server sent a receipt for frames this laptop did not send")
        proven = covered(receipt, hashes)
        if chain.device != identity.device:
            # What we carry for others has its receipts with them.
            self._proven.update((chain.incarnation, chain.lane, sequence) for sequence in proven)
            return
        kept = self._store.keep_receipt(receipt, item.receipt, proven, self._now)
        self._proven.update((chain.incarnation, chain.lane, sequence) for sequence in proven)
        self.gains.receipts += 1
        self.gains.confirmed += kept.confirmed
        self.gains.confirmed_bytes += kept.confirmed_bytes
        if kept.lost is not None:
            self.gains.anew = True
            self.gains.lost += kept.lost
            self.gains.alarms.append(_taken_back(chain.lane, kept.lost))
        present = chain.incarnation == identity.incarnation
        if present and (problem := _contradiction(receipt, hashes)):
            self.gains.alarms.append(problem)

    def _own_hashes(self, chain: Chain, head: int) -> Mapping[int, bytes] | None:
        """Our hashes of a chain, down to the head named: from the store, for a carried one the request."""
        identity = self._identity
        if (chain.device, chain.incarnation) == (identity.device, identity.incarnation):
            return self._store.chain_hashes(chain.lane, lowest=head)
        if chain.device == identity.device:
            own = self._store.chain_hashes(chain.lane, incarnation=chain.incarnation, lowest=head)
            return own or None
        sent = {
            frame.sequence: frame.hash
            for frame in self._request.frames
            if (frame.device, frame.incarnation, frame.lane) == (chain.device, chain.incarnation, chain.lane)
        }
        return sent or None

    def _take_mail(self, item: MailItem) -> None:
        if item.mail_index < self._next_mail:
            raise VerificationError("the server sent mail twice or out of order")
        self._next_mail = item.mail_index + 1
        if not self.gains.anew:
            self._mail.append(item)

    def _take_root(self, item: RootItem) -> None:
        self._roots.append(item.root)

    def _take_directory(self, item: DirectoryItem) -> None:
        self._keep_roots(item.directory)

    def _take_refused(self, item: RefusedItem) -> None:
        self._refused.append(item)

    def _take_end(self, item: EndItem) -> None:
        self.gains.end = item

    def _keep_roots(self, directory: bytes | None) -> None:
        if not self._roots and directory is None:
            return
        roots, self._roots = self._roots, []
        try:
            self._store.keep_documents(roots, directory)
        except ProtocolError as error:
            raise VerificationError(f"a root document or directory does not hold: {error}") from None
        self.gains.documents += len(roots) + (directory is not None)

    def _keep_refusal(self, item: RefusedItem) -> None:
        named = (item.incarnation, item.lane, item.sequence)
        if named in self._proven:
            return
        if named not in {place(frame) for frame in self._request.frames}:
            self.gains.alarms.append("the server refused a frame that was not sent, or could not read one")
            return
        own = item.device == self._identity.device
        waits = item.code.temporary or (
            own and not self._store.keep_refusal(item.lane, item.incarnation, item.sequence, int(item.code))
        )
        self.gains.refused.append(
            Refused(lane=item.lane, sequence=item.sequence, code=item.code, waits=waits)
        )

    def _take_checkpoint(self, item: CheckpointItem) -> None:
        checkpoint = open_checkpoint(item.checkpoint, self._identity.log_key)
        self._answers_us(checkpoint.organisation, checkpoint.nonce, "checkpoint")
        if checkpoint.lane not in self._next or checkpoint.lane in self._checkpoints:
            raise VerificationError("the server sent a checkpoint nobody asked for")
        generation, index = self._next[checkpoint.lane]
        steps = self._restarts.pop(checkpoint.lane, [])
        if steps or checkpoint.generation != generation:
            index = self._begin_anew(checkpoint, steps, index)
        self.flush()
        self._checkpoints[checkpoint.lane] = checkpoint
        self.gains.checkpoints += 1
        if checkpoint.size < index:
            self._store.keep_set_back(checkpoint)
            self._set_back.append((checkpoint.lane, index, checkpoint.size))
        elif checkpoint.size == index:
            self._store.keep_feed(checkpoint.lane, (), checkpoint)

    def _take_generation(self, item: GenerationItem) -> None:
        lane = read_restart(parse(item.frame)).lane
        if lane not in self._next or lane in self._checkpoints:
            raise VerificationError("the server sent a generation frame nobody asked for")
        self._restarts.setdefault(lane, []).append(item)

    def _begin_anew(self, checkpoint: Checkpoint, steps: Sequence[GenerationItem], held: int) -> int:
        """Follow a coordinator's word to a lane's present generation; the next index there."""
        lane = checkpoint.lane
        if not steps:
            raise VerificationError(f"lane {lane} was started anew; nothing held is given up for it")
        self.flush()
        self._store.keep_generations(steps, checkpoint)
        self._next[lane] = (checkpoint.generation, 0)
        self.gains.anew = True
        if held:
            self.gains.alarms.append(
                f"a coordinator let lane {lane} begin anew, because the server had lost part of it:"
                f" {held} entries were pulled before, it has {checkpoint.size} now"
            )
        return 0

    def conclude(self) -> None:
        """To be called after a whole reply: raises SetBackError when the server lost part of a lane.

        Raises VerificationError when it leaves out what its own checkpoints name and says that this is all.
        """
        if self._set_back:
            raise SetBackError(self._set_back)
        if self.gains.end is None or self.gains.end.more:
            return
        for lane, (_, index) in self._next.items():
            checkpoint = self._checkpoints.get(lane)
            if checkpoint is None:
                raise VerificationError(f"the server says nothing of lane {lane} and that this is all")
            if index < checkpoint.size:
                told = f"lane {lane} has {checkpoint.size} entries, the server gave {index}"
                raise VerificationError(f"{told} and says that this is all")

    def _take_feed(self, item: FeedItem) -> None:
        checkpoint = self._checkpoints.get(item.lane)
        if checkpoint is None:
            raise VerificationError("the server sent entries of a lane without its checkpoint")
        generation, index = self._next[item.lane]
        if item.index != index or index >= checkpoint.size:
            raise VerificationError(
                f"lane {item.lane} goes on at entry {item.index} where {index} of {checkpoint.size} was due"
            )
        if item.lane != self._lane:
            self.flush()
            self._lane = item.lane
        self._next[item.lane] = (generation, index + 1)
        self._entries.append(item)

    def _keep_feed(self, lane: Lane) -> None:
        entries, self._entries = self._entries, []
        self._store.keep_feed(lane, entries, self._checkpoints[lane])
        self.gains.entries += len(entries)

    def _take_error(self, item: ErrorItem) -> None:
        if self._items:
            raise VerificationError("the server refused the request after it had begun to answer it")
        if item.code in RETRY:
            raise LinkError(Break.BUSY)
        raise RefusedError(item.code)

    def _answers_us(self, organisation: bytes, nonce: bytes, what: str) -> None:
        if organisation != self._identity.organisation:
            raise VerificationError(f"the server sent a {what} of another organisation")
        if nonce != self._request.facts.nonce:
            raise VerificationError(f"the server sent an old {what}: it does not answer this request")


def _taken_back(lane: Lane, frames: int) -> str:
    """What a receipt means that says less than those before it."""
    what = f"the server holds less of lane {lane} than it confirmed: it was probably restored from a backup"
    if not frames:
        return f"{what}; nothing of this laptop is missing there"
    return f"{what}; frames that wait again and are sent again: {frames}. Nothing is lost"


def _contradiction(receipt: Receipt, hashes: Mapping[int, bytes]) -> str | None:
    """What a receipt says that our own chain does not."""
    head = receipt.head
    if head in hashes and hashes[head] != receipt.head_hash:
        return (
            f"the server holds another frame {head} in lane {receipt.chain.lane} than this laptop wrote:"
            " the vault was probably copied or restored"
        )
    highest = max([head, *(held.last for held in receipt.beyond)])
    if highest > max(hashes, default=0):
        return (
            f"the server holds frame {highest} in lane {receipt.chain.lane}, which this laptop never wrote:"
            " the vault was probably copied or restored"
        )
    return None


_TAKE: Final[dict[type, Callable[[ReplyRules, Any], None]]] = {
    ReceiptItem: ReplyRules._take_receipt,
    MailItem: ReplyRules._take_mail,
    RootItem: ReplyRules._take_root,
    DirectoryItem: ReplyRules._take_directory,
    RefusedItem: ReplyRules._take_refused,
    FeedItem: ReplyRules._take_feed,
    CheckpointItem: ReplyRules._take_checkpoint,
    GenerationItem: ReplyRules._take_generation,
    ContradictionItem: ReplyRules._take_contradiction,
    EndItem: ReplyRules._take_end,
    ErrorItem: ReplyRules._take_error,
}
