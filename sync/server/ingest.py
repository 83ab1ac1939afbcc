"""What one sync request writes, in one transaction.

Positions in commit order, chain heads, tree, mailboxes, nonce.

Runs on the writer's thread and may run twice when a group is retried, so it keeps nothing between runs
(docs/protocol.md §7, §9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import Frame
from sync.protocol.generations import read_restart
from sync.protocol.hello import Hello, Purpose
from sync.protocol.ids import NO_HASH, Chain, Device, Generation, Index, Lane, first_generation
from sync.protocol.kinds import Key, Kind
from sync.protocol.log import Frontier, leaf_hash
from sync.protocol.permissions import check_lane, check_write
from sync.server.chains import CONTRADICTIONS, EVIDENCE_FRAMES, DeviceChains, Working
from sync.server.log import Event
from sync.server.membership import Effect, Membership, Server
from sync.server.outcome import ChainReport, Committed, Contradiction, Refused, Signed, TreeState
from sync.server.settings import Settings
from sync.server.stores.base import Entry, GenerationRow, LaneHead, Transaction


@dataclass(slots=True)
class _Growing:
    """A lane while frames are added."""

    generation: Generation
    frontier: Frontier
    first_index: int
    restarts: list[GenerationRow] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    mail: dict[Device, list[int]] = field(default_factory=dict)

    def state(self) -> TreeState:
        frontier = self.frontier
        return TreeState(
            generation=self.generation,
            size=frontier.size,
            root=frontier.root(),
            first_index=self.first_index,
            count=frontier.size - self.first_index,
        )


class Ingest:
    """The job of one request: `run` in a transaction, as often as the writer needs."""

    def __init__(
        self, hello: Hello, uploads: Sequence[Signed], *, server: Server, settings: Settings, hour: int
    ) -> None:
        self._hello = hello
        self._uploads = uploads
        self._server = server
        self._settings = settings
        self._hour = hour

    def run(self, transaction: Transaction) -> Committed:
        """Write what may be written. Raises only for bugs and failures of the store."""
        try:
            turn = _Turn(transaction, self._server, self._settings, self._hello, self._hour)
            self._welcome(turn.membership)
        except ProtocolError as error:
            return Committed(refusal=error.code)
        if not self._server.nonces.spend(transaction, self._hello, self._hour):
            return Committed(refusal=Refusal.NONCE)
        refused = turn.take_all(self._uploads)
        return turn.flush(refused)

    def _welcome(self, membership: Membership) -> None:
        """Raise ProtocolError unless the hello's device is a member.

        Or its request begins with a join that holds.
        """
        try:
            membership.author(self._hello.device)
        except ProtocolError as error:
            first = self._uploads[0] if self._uploads else None
            if error.code is not Refusal.DEVICE or first is None or first.frame.kind is not Kind.JOIN:
                raise
            membership.prepare(first.frame, first.chain)


class _Turn:
    """One request's turn in the transaction: everything it changes, gathered and written once at the end."""

    def __init__(
        self, transaction: Transaction, server: Server, settings: Settings, hello: Hello, hour: int
    ) -> None:
        self._tx = transaction
        self._server = server
        self._settings = settings
        self._hello = hello
        self._organisation = hello.organisation
        self.membership = Membership(transaction, server, hello.organisation, hour)
        self._devices: dict[Device, DeviceChains] = {}
        self._lanes: dict[Lane, _Growing] = {}
        self._wanted: dict[Chain, list[int]] = {}
        self._shown: dict[Chain, Contradiction] = {}

    def take_all(self, uploads: Sequence[Signed]) -> tuple[Refused, ...]:
        """Take every upload that may be taken, in order; say which were refused."""
        for upload in uploads:
            wanted = self._wanted.setdefault(upload.chain, [])
            wanted.append(upload.frame.sequence)
            if upload.frame.kind is Kind.VOID:
                wanted.append(upload.frame.header[Key.VOIDED])
        return tuple(answer for upload in uploads if (answer := self._take(upload)) is not None)

    def _take(self, upload: Signed) -> Refused | None:
        chain, frame = upload.chain, upload.frame
        try:
            self._accept(chain, frame)
        except ProtocolError as error:
            return Refused(chain.lane, chain.device, chain.incarnation, frame.sequence, error.code)
        return None

    def _accept(self, chain: Chain, frame: Frame) -> None:
        """Take one frame, or raise ProtocolError having changed nothing (docs/protocol.md §9)."""
        check_lane(chain.lane, self.membership.directory)
        working = self._chains(chain, frame).open(chain, self._wanted[chain])
        try:
            if working is not None and working.holds(frame):
                return
        except ProtocolError:
            self._note_fork(working, frame)
            raise
        self._add(chain, frame, working)

    def _chains(self, chain: Chain, frame: Frame) -> DeviceChains:
        """The chains of the frame's device, for which it must be a member; a join makes it one."""
        found = self._devices.get(chain.device)
        if found is None:
            author = None if frame.kind is Kind.JOIN else self.membership.author(chain.device)
            found = DeviceChains(self._tx, self._settings, author, chain)
            self._devices[chain.device] = found
        return found

    def _add(self, chain: Chain, frame: Frame, working: Working | None) -> None:
        chains = self._devices[chain.device]
        if frame.kind is not Kind.JOIN:
            author = self.membership.author(chain.device)
            check_write(author, frame.kind, chain.lane, self.membership.directory)
        effect = self._prepare(chain, frame)
        chains.check_quota(len(frame.raw))
        if working is None:
            working = chains.start(chain)
        try:
            working.take(frame)
        except ProtocolError as error:
            if error.code is Refusal.FORK:
                self._note_fork(working, frame)
            raise
        chains.charge(len(frame.raw))
        if effect is not None:
            effect()
        self._place(chain, frame, working)

    def _note_fork(self, working: Working | None, frame: Frame) -> None:
        """Keep the frame that contradicts, and show its own sender which held one it contradicts (§9)."""
        self._keep_evidence(working, frame)
        if working is None or working.chain.device != self._hello.device:
            return
        chain, found = working.chain, working.contradicted(frame)
        if found is None or chain in self._shown or len(self._shown) >= CONTRADICTIONS:
            return
        raw = self._tx.standing(self._organisation, working.state.number, found)
        if raw is not None:  # None for one that came with this very request
            self._shown[chain] = Contradiction(chain, raw)

    def _keep_evidence(self, working: Working | None, frame: Frame) -> None:
        """Keep a frame that contradicts the chain, at most two of them.

        Nothing that is held is ever replaced.
        """
        if working is None or working.state.evidence >= EVIDENCE_FRAMES:
            return
        number = working.state.number
        if self._tx.add_evidence(self._organisation, number, frame.sequence, frame.raw):
            working.state = replace(working.state, evidence=working.state.evidence + 1)
            working.changed = True
            chain = working.chain
            self._server.log.write(
                Event.FORK, organisation=chain.organisation, device=chain.device, lane=chain.lane
            )

    def _prepare(self, chain: Chain, frame: Frame) -> Effect | None:
        """What an accepted frame changes beside its chain; raises ProtocolError when it must not."""
        if frame.kind is not Kind.GENERATION:
            return self.membership.prepare(frame, chain)
        restart = read_restart(frame)
        check_lane(restart.lane, self.membership.directory)
        lane = self._lane(restart.lane)
        before = [*self._tx.generations(self._organisation, restart.lane), *lane.restarts]
        if restart.ends != lane.generation or restart.begins in {row.ends for row in before}:
            raise ProtocolError(
                Refusal.GENERATION, f"lane {restart.lane} is in generation {lane.generation.hex()}"
            )

        def begin() -> None:
            lane.generation = restart.begins
            row = GenerationRow(
                ends=restart.ends,
                begins=restart.begins,
                device=chain.device,
                incarnation=chain.incarnation,
                raw=frame.raw,
            )
            lane.restarts.append(row)

        return begin

    def _place(self, chain: Chain, frame: Frame, working: Working) -> None:
        """Give the frame the lane's next index; a copy goes to the mailbox of the device it names."""
        lane = self._lane(chain.lane)
        index = lane.frontier.size
        lane.frontier = lane.frontier.append(leaf_hash(frame.hash, chain.device, Index(index)))
        lane.entries.append(
            Entry(
                index=index,
                number=working.state.number,
                device=chain.device,
                incarnation=chain.incarnation,
                sequence=frame.sequence,
                hash=frame.hash,
                previous=frame.previous,
                raw=frame.raw,
            )
        )
        to = frame.header.get(Key.TO)
        if to is not None:
            lane.mail.setdefault(Device(to), []).append(index)

    def _lane(self, lane: Lane) -> _Growing:
        found = self._lanes.get(lane)
        if found is None:
            head = self._tx.lane(self._organisation, lane)
            if head is None:
                head = LaneHead(
                    generation=first_generation(self._organisation, lane), frontier=Frontier().to_bytes()
                )
            frontier = Frontier.from_bytes(head.frontier)
            found = _Growing(head.generation, frontier, frontier.size)
            self._lanes[lane] = found
        return found

    def flush(self, refused: tuple[Refused, ...]) -> Committed:
        """Write lanes, entries, chains, voids and mailboxes; report every chain touched."""
        for number, lane in self._lanes.items():
            if lane.entries or lane.restarts:
                self._write_lane(number, lane)
        touched = [working for device in self._devices.values() for working in device.working.values()]
        for working in touched:
            if working.changed:
                self._tx.save_chain(self._organisation, working.settled())
            for void in working.voids:
                self._tx.add_void(self._organisation, working.state.number, void)
        reports = tuple(self._report(working) for working in touched)
        return Committed(
            reports=reports + self._untouched(reports),
            refused=refused,
            contradictions=tuple(self._shown.values()),
            joined=tuple(self.membership.joined),
            news=self._news(),
        )

    def _news(self) -> bool:
        hello = self._hello
        marks = self._tx.marks(self._organisation, hello.device)
        newer = marks.root > hello.root_version or marks.directory > hello.directory_version
        # A cursor beyond the mailbox is one from before a backup was put back: the mailbox begins anew.
        return newer or marks.mail > hello.mail_cursor or 0 < marks.mail < hello.mail_cursor

    def _write_lane(self, number: Lane, lane: _Growing) -> None:
        head = LaneHead(generation=lane.generation, frontier=lane.frontier.to_bytes())
        self._tx.save_lane(self._organisation, number, head)
        if lane.entries:
            self._tx.append(self._organisation, number, lane.entries)
        for row in lane.restarts:
            self._tx.add_generation(self._organisation, number, row)
        for device, indexes in lane.mail.items():
            self._tx.add_mail(self._organisation, device, number, indexes)

    def _report(self, working: Working) -> ChainReport:
        return ChainReport(
            chain=working.chain,
            head=working.log.head,
            head_hash=working.log.head_hash,
            beyond=working.ranges(),
            tree=self._lane(working.chain.lane).state(),
        )

    def _untouched(self, touched: tuple[ChainReport, ...]) -> tuple[ChainReport, ...]:
        """The sender's own chains that the request did not touch, as far as a receipt is due for them (§9).

        Each that is held less far than the hello says; where nothing else is reported, the first lane's.
        """
        hello = self._hello
        if hello.purpose is not Purpose.SYNC or not hello.lanes:
            return ()
        done = {report.chain for report in touched}
        chains = self._devices.get(hello.device)
        if chains is None:
            author = self.membership.author(hello.device)
            chains = DeviceChains(self._tx, self._settings, author, hello.chain)
        own = [(replace(hello.chain, lane=Lane(entry[0])), entry[-1]) for entry in hello.lanes]
        due = [chain for chain, named in own if chain not in done and chains.head(chain) < named]
        if not due and not touched:
            due = [own[0][0]]
        return tuple(self._report_of(chain, chains.open(chain, ())) for chain in due)

    def _report_of(self, chain: Chain, working: Working | None) -> ChainReport:
        if working is not None:
            return self._report(working)
        tree = self._lane(chain.lane).state()
        return ChainReport(chain=chain, head=0, head_hash=NO_HASH, beyond=(), tree=tree)
