"""One exchange with the server, both ways: what a reporter's or coordinator's `sync` and `pull` do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fieldkit.actions.acknowledging import acknowledge_opened
from fieldkit.actions.admitting import Admission, Admitted
from fieldkit.actions.errors import in_plain_words
from fieldkit.actions.network import proxy_of
from fieldkit.actions.reading import Reader, Tally
from fieldkit.actions.sealing import Sealer
from fieldkit.actions.session import Session
from fieldkit.actions.trust import Trust
from fieldkit.model.state import State
from fieldkit.vault.exchange_store import VaultExchange
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.keys import Purpose
from sync.client.engine import Engine
from sync.client.errors import refusal_words
from sync.client.ports import Identity
from sync.client.status import Status
from sync.protocol.errors import Refusal
from sync.protocol.ids import ADMIN, MAIN
from sync.protocol.kinds import Role
from sync.protocol.signing import SigningKey

LAST_SYNC, LAST_TRY, LAST_BEAT = "last_sync", "last_try", "last_beat"
"""Progress: UTC seconds of the last success, the last attempt, and the last sealed frame."""

BEAT_SECONDS = 86_400
"""A day without a record: a heartbeat tells readers that nothing was held back."""

STALE_SECONDS = 7 * 86_400
STALE_BYTES = 65_536
"""After a week away, or with this much to seal, the newest directory is fetched before sealing."""

ESTIMATED_OVERHEAD = 1_500 + 400
"""Bytes of a handshake, a hello and a receipt."""

Progress = Callable[[Status], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What one sync did. Confirmed means covered by a verified receipt, delivered means ✓✓."""

    sent_frames: int = 0
    sent_bytes: int = 0
    confirmed_frames: int = 0
    requests: int = 0
    receipts_verified: int = 0
    mail: int = 0
    acknowledged: int = 0
    """Acknowledgements of coordinators that came and held."""
    delivered_now: int = 0
    """Reports that became delivered."""
    waiting_frames: int = 0
    certified: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Frames the server will not take and newcomers whose proof failed, in plain words."""
    alarms: tuple[str, ...] = ()
    bytes_up: int = 0
    bytes_down: int = 0
    directory_version: int = 0
    seconds: float = 0.0
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PullReport:
    """What one pull brought. Everything counted as verified was decrypted and checked."""

    lanes: dict[str, int]
    """Entries that came, by lane."""
    records_verified: int = 0
    incidents_new: int = 0
    awaiting_key: int = 0
    unopened_pending: int = 0
    """Frames of senders without a certificate: kept, not opened."""
    refused: int = 0
    gaps: tuple[str, ...] = ()
    forks: tuple[str, ...] = ()
    acknowledged_frames: int = 0
    certified: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    checkpoints_verified: int = 0
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Totals:
    """Sums over the engine's runs within one exchange."""

    runs: list[Status] = field(default_factory=list)

    def sum(self, name: str) -> int:
        """One counter over all runs."""
        return sum(int(getattr(run, name)) for run in self.runs)

    def words(self, name: str) -> tuple[str, ...]:
        """Every line of one kind, once."""
        return tuple(dict.fromkeys(line for run in self.runs for line in getattr(run, name)))


def sync(
    session: Session,
    *,
    max_bytes: int | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Send what waits and take what came. A coordinator's sync also certifies whoever joined.

    Raises LinkProblem when the link is gone: what was confirmed before stays so.
    """
    with in_plain_words():
        if dry_run:
            return _estimate(session)
        began = time.monotonic()
        delivered_before = _delivered(session)
        with _exchange(session, "sync", progress) as exchange:
            exchange.refresh_directory()
            exchange.send(max_bytes)
            admitted = exchange.admit() if exchange.coordinates else Admitted()
        return SyncReport(
            sent_frames=exchange.totals.sum("frames_sent"),
            sent_bytes=exchange.totals.sum("bytes_sent"),
            confirmed_frames=exchange.totals.sum("frames_confirmed"),
            requests=exchange.totals.sum("requests"),
            receipts_verified=exchange.totals.sum("receipts_verified"),
            mail=exchange.totals.sum("mail"),
            acknowledged=exchange.acknowledged,
            delivered_now=_delivered(session) - delivered_before,
            waiting_frames=session.vault.delivery.pending_totals()[0],
            certified=tuple(admitted.certified),
            granted=tuple(admitted.granted),
            refused=(*exchange.refusals(), *admitted.refused),
            alarms=exchange.totals.words("alarms"),
            bytes_up=exchange.totals.sum("bytes_up"),
            bytes_down=exchange.totals.sum("bytes_down"),
            directory_version=session.vault.documents.versions()[0],
            seconds=time.monotonic() - began,
        )


def pull(session: Session, *, progress: Progress | None = None) -> PullReport:
    """Fetch every lane this coordinator reads, open and verify what came, and acknowledge it."""
    with in_plain_words():
        began = time.monotonic()
        before = _positions(session)
        with _exchange(session, "pull", progress) as exchange:
            exchange.refresh_directory()
            tally, admitted = exchange.pull_and_read()
            told = acknowledge_opened(session, exchange.key)
            exchange.send(None)
        after, vault = _positions(session), session.vault
        counts = vault.inbox.counts()
        by_state = {
            state: sum(count for (_, held), count in counts.items() if held is state) for state in EntryState
        }
        return PullReport(
            lanes={name: after[name] - before.get(name, 0) for name in after},
            records_verified=tally.verified,
            incidents_new=tally.incidents_new,
            awaiting_key=by_state[EntryState.AWAITING_KEY],
            unopened_pending=by_state[EntryState.AWAITING_MEMBER],
            refused=tally.refused,
            gaps=tuple(
                f"{gap.device.hex()[:8]}: {gap.first} to {gap.last} in lane {gap.lane}"
                for gap in vault.inbox.gaps()
            ),
            forks=tuple(
                f"{found.kind}, {found.device.hex()[:8]}: {found.detail}" for found in vault.evidence.all()
            ),
            acknowledged_frames=told,
            certified=tuple(admitted.certified),
            granted=tuple(admitted.granted),
            checkpoints_verified=exchange.totals.sum("checkpoints_verified"),
            requests=exchange.totals.sum("requests"),
            bytes_up=exchange.totals.sum("bytes_up"),
            bytes_down=exchange.totals.sum("bytes_down"),
            seconds=time.monotonic() - began,
        )


class Exchange:
    """One turn with the server over one transport."""

    def __init__(self, session: Session, engine: Engine, admin_engine: Engine) -> None:
        self._session = session
        self._vault = session.vault
        self._engine = engine
        self._admin_engine = admin_engine
        self.key = SigningKey.from_bytes(session.vault.keys.require(Purpose.DEVICE))
        self.totals = Totals()
        self.acknowledged = 0

    @property
    def coordinates(self) -> bool:
        """Whether this laptop is listed as a coordinator in the newest directory."""
        me = self._vault.identities.require()
        return self._vault.documents.directory().directory.coordinator(me.device) is not None

    def refresh_directory(self) -> None:
        """Fetch the newest directory before sealing: after a week, with much to seal, or not yet listed."""
        last = self._vault.identities.progress(LAST_SYNC)
        to_seal = sum(size for _, size in self._vault.outbox.unsealed().values())
        stale = last and (self._session.now() - last > STALE_SECONDS or to_seal > STALE_BYTES)
        unlisted = self._vault.identities.require().role is Role.COORDINATOR and not self.coordinates
        if stale or unlisted:
            self._run(self._engine, self._engine.sync)

    def send(self, max_bytes: int | None) -> None:
        """Seal what waits and send it; mail that comes with the replies is read."""
        sealer = Sealer(self._session, self._vault.documents.directory().directory, self.key)
        now = self._session.now()
        if sealer.seal_waiting() or self._vault.delivery.pending_totals()[0]:
            self._vault.identities.set_progress(LAST_BEAT, now)
        elif now - self._vault.identities.progress(LAST_BEAT) > BEAT_SECONDS:
            sealer.heartbeat(MAIN)
            self._vault.identities.set_progress(LAST_BEAT, now)
        self._run(self._engine, lambda: self._engine.sync(max_bytes=max_bytes))

    def admit(self) -> Admitted:
        """Pull and read the admin lane, certify whoever waits, and send that."""
        self._run(self._admin_engine, self._admin_engine.pull)
        trust = Trust(self._session)
        Reader(self._session, trust).read([ADMIN])
        admitted = Admission(self._session, trust, self.key).admit_waiting()
        if self._vault.delivery.pending_totals()[0] or self._vault.outbox.unsealed():
            self.send(None)
        return admitted

    def pull_and_read(self) -> tuple[Tally, Admitted]:
        """Pull every lane; newcomers are certified before what they wrote is read."""
        self._run(self._engine, self._engine.pull)
        trust = Trust(self._session)
        Reader(self._session, trust).read([ADMIN])
        admitted = Admission(self._session, trust, self.key).admit_waiting()
        # Certificates and seeds that came just now change whom and what can be read.
        trust = Trust(self._session)
        lanes = [
            entry.lane
            for entry in trust.directory.lanes
            if trust.directory.reads(trust.me.device, entry.lane)
        ]
        return Reader(self._session, trust).read(lanes), admitted

    def refusals(self) -> tuple[str, ...]:
        """What the server refused in this exchange, in plain words."""
        told = []
        for run in self.totals.runs:
            for refused in run.refused:
                what, todo = refusal_words(Refusal(refused.code))
                told.append(f"lane {refused.lane}, number {refused.sequence}: {what}; {todo}")
        return tuple(dict.fromkeys(told))

    def _run(self, engine: Engine, run: Callable[[], Status]) -> None:
        try:
            run()
        finally:
            # Whatever came before the link broke is used, and counted.
            self.totals.runs.append(engine.status)
            self.acknowledged += Trust(self._session).read_mail()


class _AdminOnly(VaultExchange):
    """Pulls the admin lane alone: what a coordinator's `sync` needs to see who joined."""

    def cursors(self) -> list[tuple[int, bytes, int]]:
        """The admin lane's cursor, if this laptop reads it."""
        return [cursor for cursor in super().cursors() if cursor[0] == ADMIN]


@contextmanager
def _exchange(session: Session, verb: str, progress: Progress | None) -> Iterator[Exchange]:
    """Hold the home, connect late, note success, and clear the traces of used keys at the end."""
    vault = session.vault
    me = vault.identities.require()
    directory = vault.documents.directory().directory
    key = SigningKey.from_bytes(vault.keys.require(Purpose.DEVICE))

    def identity() -> Identity:
        newest = vault.documents.directory().directory
        return Identity(
            organisation=me.organisation,
            device=me.device,
            incarnation=vault.identities.require().incarnation,
            key=key,
            log_key=newest.log_key,
            pins=newest.pins,
            address=newest.address,
        )

    with vault.exchange(verb, now=session.now()):
        vault.identities.set_progress(LAST_TRY, session.now())
        try:
            proxy = proxy_of(vault.home.settings)
            with session.connect(directory.address, directory.pins, proxy) as transport:

                def engine(store: VaultExchange) -> Engine:
                    return Engine(
                        identity=identity,
                        store=store,
                        transport=transport,
                        clock=session.engine_clock,
                        random=session.random,
                        progress=progress or (lambda _: None),
                    )

                store, admin = VaultExchange(vault, session.clock), _AdminOnly(vault, session.clock)
                yield Exchange(session, engine(store), engine(admin))
            vault.identities.set_progress(LAST_SYNC, session.now())
        finally:
            vault.clear_traces()


def _estimate(session: Session) -> SyncReport:
    """What a sync would send, without connecting or sealing."""
    frames, size = session.vault.delivery.pending_totals()
    unsealed = session.vault.outbox.unsealed().values()
    count = sum(number for number, _ in unsealed)
    weight = sum(content // 2 for _, content in unsealed)
    return SyncReport(
        waiting_frames=frames + count,
        sent_bytes=size + weight + ESTIMATED_OVERHEAD,
        directory_version=session.vault.documents.versions()[0],
        dry_run=True,
    )


def _delivered(session: Session) -> int:
    policy = session.vault.documents.directory().directory.delivered_by
    return session.vault.records.counts(delivered_by=policy)[State.DELIVERED]


def _positions(session: Session) -> dict[str, int]:
    """The next position wanted of every lane, by the lane's name."""
    me = session.vault.identities.require()
    directory = session.vault.documents.directory().directory
    return {
        entry.name: session.vault.feeds.cursor(me.organisation, entry.lane)[1]
        for entry in directory.lanes
        if directory.reads(me.device, entry.lane)
    }
