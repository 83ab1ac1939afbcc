"""Reads what was pulled, frame by frame, in the order of docs/protocol.md §11.

Nothing stops the rest: a frame that does not hold is set aside with its reason, one that lacks a key or a
certificate waits, and telling the same thing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

from fieldkit.actions.hearing import Listener
from fieldkit.actions.listing import headline
from fieldkit.actions.session import Session
from fieldkit.actions.trust import Trust
from fieldkit.actions.verifying import Signatures, ahead
from fieldkit.model.body_reader import InvalidBody
from fieldkit.model.codec import decode_lane_part, decode_main
from fieldkit.model.ids import DeviceId, RevisionId
from fieldkit.model.ids import Lane as ModelLane
from fieldkit.model.revision import Content
from fieldkit.model.text import clean
from fieldkit.vault.evidence import Finding
from fieldkit.vault.inbox import Entry, EntryState, Inbox, Link
from fieldkit.vault.revisions import NewRevision
from sync.protocol.errors import ProtocolError, malformed
from sync.protocol.frames import Claim, Frame, parse
from sync.protocol.ids import ADMIN, MAIN, Chain, EpochId, FrameHash, Lane, revision_id
from sync.protocol.kinds import Key, Kind
from sync.protocol.permissions import Author, Standing, check_write, feed_order
from sync.protocol.records import Plain, RecordType, decode_plain, read_heartbeat, read_invite, read_member
from sync.protocol.sealing import EpochReader, InboxSecret, epoch_id, epoch_token, open_epoch

TRIED_AGAIN = (EntryState.AWAITING_MEMBER, EntryState.AWAITING_KEY, EntryState.NEW)
"""States in which an entry may move on, oldest cause first."""

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


@dataclass(slots=True)
class Page:
    """What reading a page of entries gave, to be stored at once."""

    links: list[Link] = field(default_factory=list)
    owed: list[tuple[Entry, int, bytes]] = field(default_factory=list)
    settled: list[tuple[int, EntryState, str]] = field(default_factory=list)

    def keep(self, inbox: Inbox, *, at: int) -> None:
        """Store it, in the transaction that stored what the frames say."""
        inbox.link(self.links, at=at)
        inbox.owe(self.owed)
        inbox.settle(self.settled)


@dataclass(slots=True)
class Tally:
    """What reading found."""

    verified: int = 0
    """Records that were opened and whose signature, chain and content hold."""
    incidents_new: int = 0
    refused: int = 0


class Reader:
    """Reads the lanes of one vault. Make a new one after the directory or the granted seeds have changed."""

    def __init__(self, session: Session, trust: Trust) -> None:
        self._session = session
        self._vault = session.vault
        self._trust = trust
        self._seeds = {
            (held.lane, held.term): InboxSecret(held.seed) for held in session.vault.keys.lane_seeds()
        }
        self._epochs: dict[tuple[Chain, EpochId], EpochReader] = {}
        self._page = Page()
        self._listener = Listener(session, [entry.lane for entry in trust.directory.lanes])
        self.tally = Tally()

    def read(self, lanes: Iterable[Lane]) -> Tally:
        """Read every entry of these lanes that can be read now, the admin lane first."""
        with ahead() as pool:
            for lane in sorted(lanes, key=feed_order):
                for state in TRIED_AGAIN:
                    self._read_state(lane, state, pool)
        return self.tally

    def _read_state(self, lane: Lane, state: EntryState, pool: Executor) -> None:
        after = 0
        while entries := self._vault.inbox.entries(lane, state, after=after):
            arrivals = [self._arrived(entry) for entry in entries]
            signatures = Signatures(pool, list(self._claims(arrivals)))
            with self._vault.transaction():
                self._page = Page()
                for arrival in arrivals:
                    self._read_entry(arrival, signatures)
                self._listener.hear(self._page.links)
                self._page.keep(self._vault.inbox, at=self._session.now())
            after = entries[-1].id

    def _arrived(self, entry: Entry) -> Arrival:
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

    def _claims(self, arrivals: Iterable[Arrival]) -> Iterator[Claim]:
        """What can be checked ahead: the frames of those who are known before the page is read."""
        for arrival in arrivals:
            known = self._trust.known(arrival.chain.device)
            if known is not None and isinstance(arrival.frame, Frame):
                yield Claim(arrival.frame, arrival.chain, known.public_key)

    def _read_entry(self, arrival: Arrival, signatures: Signatures) -> None:
        entry = arrival.entry
        try:
            settled = self._verified(arrival, signatures)
        except (ProtocolError, InvalidBody) as error:
            self.tally.refused += 1
            self._page.settled.append((entry.id, EntryState.REFUSED, str(error)))
            return
        if settled is not entry.state:
            self._page.settled.append((entry.id, settled, ""))

    def _verified(self, arrival: Arrival, signatures: Signatures) -> EntryState:
        """Steps 1 to 5 of §11, then what the kind asks for."""
        entry, chain, frame = arrival.entry, arrival.chain, arrival.frame
        if isinstance(frame, ProtocolError):
            raise frame
        author = self._trust.author(chain.device, frame)
        if author is None:
            return EntryState.AWAITING_MEMBER
        signatures.check(Claim(frame, chain, author.public_key))
        check_write(author, frame.kind, chain.lane, self._trust.directory)
        self._page.links.append(Link(entry, frame.sequence, entry.hash, frame.previous))
        handle = _HANDLERS.get(frame.kind)
        if handle is not None:
            return handle(self, entry, frame, chain, author)
        self._trust.take(frame, chain)
        return EntryState.HANDLED

    def _read_void(self, entry: Entry, frame: Frame, chain: Chain, author: Author) -> EntryState:
        header = frame.header
        hash_, previous = FrameHash(header[Key.VOIDED_HASH]), FrameHash(header[Key.VOIDED_PREVIOUS])
        self._page.links.append(Link(entry, header[Key.VOIDED], hash_, previous))
        return EntryState.HANDLED

    def _read_epoch(self, entry: Entry, frame: Frame, chain: Chain, author: Author) -> EntryState:
        term = frame.header[Key.TERM]
        inbox = self._seeds.get((chain.lane, term))
        if inbox is None:
            return EntryState.AWAITING_KEY
        secret = open_epoch(frame, chain, inbox)
        epoch = epoch_id(frame)
        self._vault.inbox.keep_epoch(entry, epoch, term, secret)
        self._owe(entry, frame, epoch_token(secret, epoch))
        return EntryState.OPENED

    def _read_sealed(self, entry: Entry, frame: Frame, chain: Chain, author: Author) -> EntryState:
        reader = self._epoch_reader(entry, chain, EpochId(frame.header[Key.EPOCH]))
        if reader is None:
            return EntryState.AWAITING_KEY
        opened = reader.open(frame, chain)
        plain = decode_plain(opened.plain)
        if (frame.kind is Kind.HEARTBEAT) != (plain.type is RecordType.HEARTBEAT):
            raise malformed(f"a {frame.kind.name.lower()} frame holds a {plain.type.name.lower()}")
        content = decode_main(plain.content) if (plain.type, chain.lane) == REPORT else None
        if content is not None and self._too_early(content, author):
            return EntryState.NEW
        self._take(plain, content, chain, author)
        if plain.gossip is not None:
            self._vault.feeds.take_gossip(plain.gossip, chain.device, at=self._session.now())
        self._owe(entry, frame, opened.token)
        self.tally.verified += 1
        return EntryState.OPENED

    def _epoch_reader(self, entry: Entry, chain: Chain, epoch: EpochId) -> EpochReader | None:
        """The reader of an epoch of this very chain (docs/protocol.md §5); None when it has not come."""
        cached = self._epochs.get((chain, epoch))
        if cached is not None:
            return cached
        held = self._vault.inbox.epoch(entry, epoch)
        if held is None:
            return None
        if len(self._epochs) >= READERS_KEPT:
            self._epochs.clear()
        return self._epochs.setdefault((chain, epoch), EpochReader(epoch, held.secret))

    def _too_early(self, content: Content, author: Author) -> bool:
        """Whether a withdrawal by a reporter came before what it takes back: whose that is, is not known."""
        if not content.withdrawn or author.standing >= Standing.COORDINATOR:
            return False
        return not all(map(self._vault.revisions.has, content.parents))

    def _take(self, plain: Plain, content: Content | None, chain: Chain, author: Author) -> None:
        """Store what a record says; raises for a type that does not belong in this lane."""
        now, type_ = self._session.now(), plain.type
        if type_ is RecordType.HEARTBEAT:
            read_heartbeat(plain.content)
            return
        if content is not None:
            self._keep_revision(content, plain.content_bytes, chain, author)
        elif type_ is RecordType.PART and chain.lane not in (MAIN, ADMIN):
            self._keep_part(plain, chain)
        elif type_ is RecordType.MEMBER and chain.lane == ADMIN:
            member = read_member(plain.content)
            self._vault.members.named(member.device, member.role, clean(member.name, one_line=True), now=now)
        elif type_ is RecordType.INVITE and chain.lane == ADMIN:
            self._keep_invite(plain, author)
        else:
            raise malformed(f"a {type_.name.lower()} record does not belong in lane {chain.lane}")

    def _keep_invite(self, plain: Plain, author: Author) -> None:
        note = read_invite(plain.content)
        if author.standing < Standing.OFFICER:
            # Who could tell others an invite's key could have anybody certified.
            raise malformed("only a coordinator who manages members tells of invites")
        note = replace(note, name=clean(note.name, one_line=True))
        self._vault.members.keep_invite(note, now=self._session.now())

    def _keep_part(self, plain: Plain, chain: Chain) -> None:
        try:
            lane = ModelLane(chain.lane)
        except ValueError:
            raise malformed(f"this program knows nothing of lane {chain.lane}") from None
        part, raw = decode_lane_part(plain.content, lane), plain.content_bytes
        if not self._vault.revisions.keep_part(part.revision, chain.lane, DeviceId(chain.device), raw):
            told = f"another content of lane {chain.lane} for revision {part.revision.hex()} than before"
            self._vault.evidence.add(
                Finding.PART, chain.lane, chain.device, told, raw, at=self._session.now()
            )

    def _check_withdrawal(self, content: Content, chain: Chain) -> None:
        """A reporter takes back what the same laptop sent, nothing else."""
        for parent in content.parents:
            if self._vault.revisions.load(parent).author != DeviceId(chain.device):
                raise malformed("only its author or a coordinator can take a report back")

    def _keep_revision(self, content: Content, raw: bytes, chain: Chain, author: Author) -> None:
        if content.withdrawn and author.standing < Standing.COORDINATOR:
            self._check_withdrawal(content, chain)
        new = NewRevision(
            id=RevisionId(revision_id(chain.organisation, chain.device, raw)),
            author=DeviceId(chain.device),
            created=content.created,
            parents=content.parents,
            content=raw,
            headline=headline(content.answers, clean(content.reporter, one_line=True)),
            withdraws=bool(content.withdrawn),
        )
        kept = self._vault.revisions.keep(new, now=self._session.now())
        if kept and not content.parents:
            self.tally.incidents_new += 1

    def _owe(self, entry: Entry, frame: Frame, token: bytes) -> None:
        """Remember to acknowledge; nobody waits for that in the admin lane, nor for one's own frames."""
        if entry.lane != ADMIN and entry.device != self._trust.me.device:
            self._page.owed.append((entry, frame.sequence, token))


Handler = Callable[[Reader, Entry, Frame, Chain, Author], EntryState]

_HANDLERS: dict[Kind, Handler] = {
    Kind.VOID: Reader._read_void,
    Kind.EPOCH: Reader._read_epoch,
    Kind.RECORD: Reader._read_sealed,
    Kind.HEARTBEAT: Reader._read_sealed,
}
