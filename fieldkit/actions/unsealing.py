"""Finds out what frames say before any of it is stored: steps 1 to 5 of docs/protocol.md §11, and the body.

Nothing here writes, so that whoever saves a report meanwhile waits for none of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fieldkit.actions.listing import headline
from fieldkit.actions.trust import Trust
from fieldkit.actions.verifying import Signatures
from fieldkit.model.body_reader import InvalidBody
from fieldkit.model.codec import decode_main
from fieldkit.model.ids import DeviceId, RevisionId
from fieldkit.model.text import clean
from fieldkit.vault.inbox import Entry, EntryState
from fieldkit.vault.revisions import NewRevision
from fieldkit.vault.vault import Vault
from sync.protocol.errors import ProtocolError, malformed
from sync.protocol.frames import Claim, Frame, parse
from sync.protocol.ids import MAIN, Chain, EpochId, revision_id
from sync.protocol.kinds import Key, Kind
from sync.protocol.permissions import Author, check_write
from sync.protocol.records import Gossip, Plain, RecordType, decode_plain
from sync.protocol.sealing import EpochReader, EpochSecret, InboxSecret, epoch_id, epoch_token, open_epoch

REPORT = (RecordType.REVISION, MAIN)
"""The records that are reports, by type and lane."""

READERS_KEPT = 256
"""Epochs whose ratchet position is remembered, so that reading in order derives each key once."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry on its way to be read: its chain, and its frame or what is wrong with it."""

    entry: Entry
    chain: Chain
    frame: Frame | ProtocolError


@dataclass(frozen=True, slots=True)
class Opened:
    """What a sealed frame holds; `token` proves to its sender that it was opened."""

    token: bytes = field(repr=False)
    secret: EpochSecret | None = field(default=None, repr=False)
    """The key of an epoch frame."""
    report: NewRevision | None = None
    """A record that is a report, as it is stored: what it said is let go, or a page would fill memory."""
    plain: Plain | None = None
    """What any other record or a heartbeat says."""
    gossip: Gossip | None = None
    size: int = 0
    """Bytes of the body."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A verified frame with its author, and what came of opening it."""

    entry: Entry
    chain: Chain
    frame: Frame
    author: Author
    outcome: Opened | EntryState | ProtocolError | InvalidBody | None
    """What it holds, what it waits for, or what is wrong with it; None for a frame that is not sealed."""

    @property
    def size(self) -> int:
        """Bytes of the body that was opened."""
        return self.outcome.size if isinstance(self.outcome, Opened) else 0


class Unsealer:
    """Opens the frames of one vault; make a new one after the granted seeds have changed."""

    def __init__(self, vault: Vault, trust: Trust) -> None:
        self._inbox = vault.inbox
        self._trust = trust
        self._seeds = {(held.lane, held.term): InboxSecret(held.seed) for held in vault.keys.lane_seeds()}
        self._epochs: dict[tuple[Chain, EpochId], EpochReader] = {}

    @property
    def crowded(self) -> bool:
        """Whether more epochs are remembered than need be."""
        return len(self._epochs) > READERS_KEPT

    def make_room(self) -> None:
        """Forget them; to be called when everything opened so far is stored."""
        self._epochs.clear()

    def arrival(self, entry: Entry) -> Arrival:
        """A stored entry with its frame."""
        chain = Chain(
            organisation=self._trust.me.organisation,
            lane=entry.lane,
            device=entry.device,
            incarnation=entry.incarnation,
        )
        try:
            return Arrival(entry, chain, parse(entry.raw))
        except ProtocolError as problem:
            return Arrival(entry, chain, problem)

    def verified(self, arrival: Arrival, signatures: Signatures) -> Heard | None:
        """The frame opened, when author, signature and right hold; None while its author is unknown.

        Raises ProtocolError for a frame that counts for nothing. What is wrong inside one that was signed is
        no exception but told: that it came is a fact of its chain all the same.
        """
        chain, frame = arrival.chain, arrival.frame
        if isinstance(frame, ProtocolError):
            raise frame
        author = self._trust.author(chain.device, frame)
        if author is None:
            return None
        signatures.check(Claim(frame, chain, author.public_key))
        check_write(author, frame.kind, chain.lane, self._trust.directory)
        return Heard(arrival.entry, chain, frame, author, self._outcome(arrival.entry, frame, chain))

    def _outcome(
        self, entry: Entry, frame: Frame, chain: Chain
    ) -> Opened | EntryState | ProtocolError | InvalidBody | None:
        opener = _OPENERS.get(frame.kind)
        if opener is None:
            return None
        try:
            return opener(self, entry, frame, chain)
        except (ProtocolError, InvalidBody) as problem:
            return problem

    def _epoch(self, entry: Entry, frame: Frame, chain: Chain) -> Opened | EntryState:
        inbox = self._seeds.get((chain.lane, frame.header[Key.TERM]))
        if inbox is None:
            return EntryState.AWAITING_KEY
        secret, epoch = open_epoch(frame, chain, inbox), epoch_id(frame)
        # Records under it may follow before it is stored.
        self._remember(chain, epoch, secret)
        return Opened(epoch_token(secret, epoch), secret)

    def _sealed(self, entry: Entry, frame: Frame, chain: Chain) -> Opened | EntryState:
        reader = self._epoch_reader(entry, chain, EpochId(frame.header[Key.EPOCH]))
        if reader is None:
            return EntryState.AWAITING_KEY
        opened = reader.open(frame, chain)
        plain, size = decode_plain(opened.plain), len(opened.plain)
        if (frame.kind is Kind.HEARTBEAT) != (plain.type is RecordType.HEARTBEAT):
            raise malformed(f"a {frame.kind.name.lower()} frame holds a {plain.type.name.lower()}")
        if (plain.type, chain.lane) != REPORT:
            return Opened(opened.token, plain=plain, gossip=plain.gossip, size=size)
        return Opened(opened.token, report=_report(plain, chain), gossip=plain.gossip, size=size)

    def _epoch_reader(self, entry: Entry, chain: Chain, epoch: EpochId) -> EpochReader | None:
        """The reader of an epoch of this very chain (docs/protocol.md §5); None when it has not come."""
        cached = self._epochs.get((chain, epoch))
        if cached is not None:
            return cached
        held = self._inbox.epoch(entry, epoch)
        return None if held is None else self._remember(chain, epoch, held.secret)

    def _remember(self, chain: Chain, epoch: EpochId, secret: EpochSecret) -> EpochReader:
        return self._epochs.setdefault((chain, epoch), EpochReader(epoch, secret))


def _report(plain: Plain, chain: Chain) -> NewRevision:
    content = decode_main(plain.content, size=len(plain.content_bytes))
    return NewRevision(
        id=RevisionId(revision_id(chain.organisation, chain.device, plain.content_bytes)),
        author=DeviceId(chain.device),
        created=content.created,
        parents=content.parents,
        content=plain.content_bytes,
        headline=headline(content.answers, clean(content.reporter, one_line=True)),
        withdraws=bool(content.withdrawn),
    )


_OPENERS: dict[Kind, Callable[[Unsealer, Entry, Frame, Chain], Opened | EntryState]] = {
    Kind.EPOCH: Unsealer._epoch,
    Kind.RECORD: Unsealer._sealed,
    Kind.HEARTBEAT: Unsealer._sealed,
}
