"""Reads what was pulled, frame by frame, in the order of docs/protocol.md §11.

Nothing stops the rest: a frame that does not hold is set aside with its reason, one that lacks a key or a
certificate waits, and telling the same thing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

from fieldkit.actions.hearing import Listener
from fieldkit.actions.session import Session
from fieldkit.actions.trust import Trust
from fieldkit.actions.unsealing import Arrival, Heard, Opened, Unsealer
from fieldkit.actions.verifying import Signatures, beside
from fieldkit.model.body_reader import InvalidBody
from fieldkit.model.codec import decode_lane_part
from fieldkit.model.ids import DeviceId
from fieldkit.model.ids import Lane as ModelLane
from fieldkit.model.text import clean
from fieldkit.vault.evidence import Finding
from fieldkit.vault.inbox import Entry, EntryState, Inbox, Link
from fieldkit.vault.revisions import NewRevision
from sync.protocol.errors import ProtocolError, malformed
from sync.protocol.frames import Claim, Frame
from sync.protocol.ids import ADMIN, MAIN, Chain, FrameHash, Lane
from sync.protocol.kinds import Key, Kind
from sync.protocol.permissions import Author, Standing, feed_order
from sync.protocol.records import Plain, RecordType, read_heartbeat, read_invite, read_member
from sync.protocol.sealing import epoch_id

TRIED_AGAIN = (EntryState.AWAITING_MEMBER, EntryState.AWAITING_KEY, EntryState.NEW)
"""States in which an entry may move on, oldest cause first."""

STORED_TOGETHER = 200
"""Entries in one transaction: whoever saves a report waits for it, less than a tenth of a second."""

HELD_BYTES = 8_000_000
"""Of opened bodies that wait to be stored: a page of real reports has a tenth of it, a hostile one 500 MB."""

Told = tuple[Entry, Heard | ProtocolError | None]
"""An entry and what its frame says: the error of one that counts for nothing, None without a known author."""


@dataclass(slots=True)
class Page:
    """What reading a page of entries gave, to be stored at once."""

    links: list[Link] = field(default_factory=list)
    owed: list[tuple[Entry, int, bytes]] = field(default_factory=list)
    settled: list[tuple[int, EntryState, str]] = field(default_factory=list)
    firsts: list[NewRevision] = field(default_factory=list)
    """Reports that follow nothing; they are stored before anything that may follow them is looked at."""

    def keep(self, inbox: Inbox, *, at: int) -> None:
        """Store all but the reports, in the transaction that stored what the frames say."""
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
        self._unsealer = Unsealer(session.vault, trust)
        self._page = Page()
        self._listener = Listener(session, [entry.lane for entry in trust.directory.lanes])
        self.tally = Tally()

    def read(self, lanes: Iterable[Lane]) -> Tally:
        """Read every entry of these lanes that can be read now, the admin lane first."""
        with beside() as pool:
            for lane in sorted(lanes, key=feed_order):
                for state in TRIED_AGAIN:
                    self._read_state(lane, state, pool)
        return self.tally

    def _read_state(self, lane: Lane, state: EntryState, pool: Executor) -> None:
        pages = self._pages(lane, state)
        page, storing = next(pages, None), None
        while page is not None:
            # Fetched before anything is stored: while that goes on, the vault answers nobody.
            following = next(pages, None)
            if storing is not None and self._unsealer.crowded:
                storing.result()
                self._unsealer.make_room()
            for batch in self._batches(lane, page, pool):
                if storing is not None:
                    storing.result()
                storing = pool.submit(self._store, batch)
                if lane == ADMIN:
                    storing.result()
            page = following
        if storing is not None:
            storing.result()

    def _pages(self, lane: Lane, state: EntryState) -> Iterator[list[Entry]]:
        """Entries as they are stored now, page by page."""
        after = 0
        while entries := self._vault.inbox.entries(lane, state, after=after):
            yield entries
            after = entries[-1].id

    def _batches(self, lane: Lane, page: list[Entry], pool: Executor) -> Iterator[Iterable[Told]]:
        """What the frames of a page say, as much at a time as may be held.

        In the admin lane each frame says who is believed next: it is opened when its turn to be stored comes.
        """
        arrivals = [self._unsealer.arrival(entry) for entry in page]
        told = self._told(arrivals, Signatures(pool, list(self._claims(arrivals))))
        if lane == ADMIN:
            yield told
            return
        batch, held = [], 0
        for one in told:
            batch.append(one)
            held += one[1].size if isinstance(one[1], Heard) else 0
            if held > HELD_BYTES or len(batch) == STORED_TOGETHER:
                yield batch
                batch, held = [], 0
        if batch:
            yield batch

    def _store(self, batch: Iterable[Told]) -> None:
        """Take in what was told, in one transaction."""
        with self._vault.transaction():
            self._page = Page()
            for entry, heard in batch:
                self._take_in(entry, heard)
            self._keep_firsts()
            self._listener.hear(self._page.links)
            self._page.keep(self._vault.inbox, at=self._session.now())

    def _claims(self, arrivals: Iterable[Arrival]) -> Iterator[Claim]:
        """What can be checked ahead: the frames of those who are known before the page is read."""
        for arrival in arrivals:
            known = self._trust.known(arrival.chain.device)
            if known is not None and isinstance(arrival.frame, Frame):
                yield Claim(arrival.frame, arrival.chain, known.public_key)

    def _told(self, arrivals: Iterable[Arrival], signatures: Signatures) -> Iterator[Told]:
        for arrival in arrivals:
            try:
                yield arrival.entry, self._unsealer.verified(arrival, signatures)
            except ProtocolError as problem:
                yield arrival.entry, problem

    def _take_in(self, entry: Entry, heard: Heard | ProtocolError | None) -> None:
        try:
            settled = self._settled(heard)
        except (ProtocolError, InvalidBody) as error:
            self.tally.refused += 1
            self._page.settled.append((entry.id, EntryState.REFUSED, str(error)))
            return
        if settled is not entry.state:
            self._page.settled.append((entry.id, settled, ""))

    def _settled(self, heard: Heard | ProtocolError | None) -> EntryState:
        """Act on what a frame says; raises what is wrong with it."""
        if isinstance(heard, ProtocolError):
            raise heard
        if heard is None:
            return EntryState.AWAITING_MEMBER
        frame, outcome = heard.frame, heard.outcome
        self._page.links.append(Link(heard.entry, frame.sequence, heard.entry.hash, frame.previous))
        if isinstance(outcome, Opened):
            return self._take_opened(heard, outcome)
        if isinstance(outcome, EntryState):
            return outcome
        if outcome is not None:
            raise outcome
        if frame.kind is Kind.VOID:
            self._take_void(heard.entry, frame)
        else:
            self._trust.take(frame, heard.chain)
        return EntryState.HANDLED

    def _take_void(self, entry: Entry, frame: Frame) -> None:
        header = frame.header
        hash_, previous = FrameHash(header[Key.VOIDED_HASH]), FrameHash(header[Key.VOIDED_PREVIOUS])
        self._page.links.append(Link(entry, header[Key.VOIDED], hash_, previous))

    def _take_opened(self, heard: Heard, opened: Opened) -> EntryState:
        entry, frame, chain = heard.entry, heard.frame, heard.chain
        if opened.secret is not None:
            self._vault.inbox.keep_epoch(entry, epoch_id(frame), frame.header[Key.TERM], opened.secret)
        else:
            if opened.report is not None:
                if self._too_early(opened.report, heard.author):
                    return EntryState.NEW
                self._keep_revision(opened.report, chain, heard.author)
            elif opened.plain is not None:
                self._take(opened.plain, chain, heard.author)
            if opened.gossip is not None:
                self._vault.feeds.take_gossip(opened.gossip, chain.device, at=self._session.now())
            self.tally.verified += 1
        # Nobody waits for an acknowledgement in the admin lane, nor for one of one's own frames.
        if entry.lane != ADMIN and entry.device != self._trust.me.device:
            self._page.owed.append((entry, frame.sequence, opened.token))
        return EntryState.OPENED

    def _too_early(self, report: NewRevision, author: Author) -> bool:
        """Whether a withdrawal by a reporter came before what it takes back: whose that is, is not known."""
        if not report.withdraws or author.standing >= Standing.COORDINATOR:
            return False
        self._keep_firsts()
        return not all(map(self._vault.revisions.has, report.parents))

    def _take(self, plain: Plain, chain: Chain, author: Author) -> None:
        """Store what a record says that is no report; raises for a type that does not belong in this lane."""
        now, type_ = self._session.now(), plain.type
        if type_ is RecordType.HEARTBEAT:
            read_heartbeat(plain.content)
            return
        if type_ is RecordType.PART and chain.lane not in (MAIN, ADMIN):
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

    def _check_withdrawal(self, report: NewRevision, chain: Chain) -> None:
        """A reporter takes back what the same laptop sent, nothing else."""
        for parent in report.parents:
            if self._vault.revisions.load(parent).author != DeviceId(chain.device):
                raise malformed("only its author or a coordinator can take a report back")

    def _keep_revision(self, report: NewRevision, chain: Chain, author: Author) -> None:
        if report.withdraws and author.standing < Standing.COORDINATOR:
            self._check_withdrawal(report, chain)
        if not report.parents and not report.withdraws:
            self._page.firsts.append(report)
            return
        self._keep_firsts()
        kept = self._vault.revisions.keep(report, now=self._session.now())
        if kept and not report.parents:
            self.tally.incidents_new += 1

    def _keep_firsts(self) -> None:
        """Store the reports gathered so far."""
        firsts, self._page.firsts = self._page.firsts, []
        if firsts:
            self.tally.incidents_new += self._vault.revisions.keep_firsts(firsts, now=self._session.now())
