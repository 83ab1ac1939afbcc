"""One turn with the server: what `sync` and `pull` are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fieldkit.actions.acknowledging import acknowledge_opened
from fieldkit.actions.admitting import Admission, Admitted
from fieldkit.actions.copies import begin_anew
from fieldkit.actions.exchange_reports import Totals
from fieldkit.actions.reading import Reader, Tally
from fieldkit.actions.sealing import Sealer
from fieldkit.actions.session import Session
from fieldkit.actions.trust import Trust
from fieldkit.vault.keys import Purpose
from sync.client.engine import Engine
from sync.client.errors import ExchangeError, SetBackError, VerificationError
from sync.client.status import Status
from sync.protocol.errors import Refusal
from sync.protocol.ids import ADMIN, MAIN, Device, Lane
from sync.protocol.kinds import Role
from sync.protocol.permissions import feed_order
from sync.protocol.signing import SigningKey

LAST_SYNC, LAST_BEAT, UNFINISHED = "last_sync", "last_beat", "exchange_unfinished"
"""Progress: UTC seconds of the last success and of the last sealed frame; 1 from a try's begin to its end."""

LAST_SPEED = "last_speed"
"""Progress: bytes a second of the last request that was large enough to tell."""

BEAT_SECONDS = 86_400
"""A day without a record: a heartbeat tells readers that nothing was held back."""

MOST_ANEW = 4
"""Exchanges in one turn: each but the first follows from proof, or asks for it; a copy needs two or three."""

STALE_SECONDS = 7 * 86_400
STALE_BYTES = 65_536
"""After a week away, or with this much to seal, the newest directory is fetched before sealing."""


def within(seconds: int, *, now: int, then: int) -> bool:
    """Whether something happened in the last so many seconds; a clock that was set back says no."""
    return 0 <= now - then <= seconds


def waiting(session: Session) -> int:
    """Frames that no receipt covers, and records that are still to be sealed."""
    unsealed = sum(count for count, _ in session.vault.outbox.unsealed().values())
    return session.vault.delivery.pending_totals()[0] + unsealed


class Turn:
    """One turn with the server over one transport."""

    def __init__(self, session: Session, engine: Engine, admin_engine: Engine, max_bytes: int | None) -> None:
        self._session = session
        self._vault = session.vault
        self._engine = engine
        self._admin_engine = admin_engine
        self._max_bytes = max_bytes
        self.key = SigningKey.from_bytes(session.vault.keys.require(Purpose.DEVICE))
        self.totals = Totals()
        self.acknowledged = 0
        self.offered = 0
        """Frames of others that the server had lost and was offered."""
        self._asked: list[Lane] = []

    @property
    def coordinates(self) -> bool:
        """Whether this laptop is listed as a coordinator in the newest directory."""
        me = self._vault.identities.require()
        return self._vault.documents.directory().directory.coordinator(me.device) is not None

    def refresh_directory(self) -> None:
        """Fetch the newest directory before sealing: after a week, with much to seal, or not yet listed."""
        me = self._vault.identities.require()
        last = self._vault.identities.progress(LAST_SYNC)
        to_seal = sum(size for _, size in self._vault.outbox.unsealed().values())
        away = not within(STALE_SECONDS, now=self._session.now(), then=last or me.joined)
        unlisted = me.role is Role.COORDINATOR and not self.coordinates
        if away or (last and to_seal > STALE_BYTES) or unlisted:
            self._sync()

    def send(self) -> None:
        """Seal what waits and send it; mail that comes with the replies is read."""
        self._begin_anew()
        sealer, now = self._sealer(), self._session.now()
        if sealer.seal_waiting() or self._vault.delivery.pending_totals()[0]:
            self._vault.identities.set_progress(LAST_BEAT, now)
        elif not within(BEAT_SECONDS, now=now, then=self._last_beat()):
            sealer.heartbeat(MAIN)
            self._vault.identities.set_progress(LAST_BEAT, now)
        self._sync()

    def _sealer(self) -> Sealer:
        return Sealer(self._session, self._vault.documents.directory().directory, self.key)

    def _begin_anew(self) -> bool:
        """Go on under a new incarnation where there is proof that this vault lives on in another copy."""
        if not begin_anew(self._session, self.key):
            return False
        self.totals.forget_refusals(Refusal.FORK)
        return True

    def _last_beat(self) -> int:
        """When readers last heard of this laptop, its joining included."""
        identities = self._vault.identities
        return identities.progress(LAST_BEAT) or identities.require().joined

    def admit(self) -> Admitted:
        """Pull and read the admin lane, certify whoever waits, and send that."""
        if not self._pull(self._admin_engine):
            return Admitted()
        admitted = self._read_admin()
        if waiting(self._session) or self._vault.copies.due():
            self.send()
        return admitted

    def pull_and_read(self) -> tuple[Tally, Admitted, dict[Device, int]]:
        """Pull every lane, read and acknowledge; newcomers are certified before what they wrote is read."""
        try:
            whole = self._pull(self._engine)
        except ExchangeError as error:
            # The link may never live for a whole pull: what came counts, and is told with the next exchange.
            self._read_all()
            acknowledge_opened(self._session, self.key)
            if isinstance(error, SetBackError):
                # What the server lost of this laptop's own frames needs nobody's decision.
                self.send()
            raise
        admitted = self._read_admin()
        tally = self._read_all()
        told = acknowledge_opened(self._session, self.key)
        self.send()
        if whole:
            self._offer()
        return tally, admitted, told

    def _offer(self) -> None:
        """Give the server what others wrote, was pulled before, and its restored log does not hold (§7)."""
        generations = self._vault.generations
        lanes = sorted(self._lanes(), key=feed_order)
        missing = {lane: frames for lane in lanes if (frames := generations.missing(lane))}
        if not missing:
            return
        frames = [frame for lane in missing for frame in missing[lane]]
        try:
            status = self._engine.offer(frames, max_bytes=self._room())
        finally:
            self.totals.runs.append(replace(self._engine.status, refused=()))
        self.offered += len(frames)
        # Those of somebody whom the server does not know again yet are offered once more, later.
        if not status.capped and not any(one.waits for one in status.refused):
            for lane in missing:
                generations.offered(lane)

    def _read_admin(self) -> Admitted:
        trust = Trust(self._session)
        Reader(self._session, trust).read([ADMIN])
        admission = Admission(self._session, trust, self.key)
        if not self._vault.delivery.pending_totals()[0]:
            admission.publish_again()
        return admission.admit_waiting()

    def _read_all(self) -> Tally:
        # Made anew: certificates and seeds that came just now change whom and what can be read.
        return Reader(self._session, Trust(self._session)).read(self._lanes())

    def _lanes(self) -> list[Lane]:
        """The lanes this laptop reads."""
        me, directory = self._vault.identities.require(), self._vault.documents.directory().directory
        return [entry.lane for entry in directory.lanes if directory.reads(me.device, entry.lane)]

    def _sync(self) -> None:
        """Exchange; again, under another incarnation, where the server proves that one must be taken."""
        for _ in range(MOST_ANEW):
            try:
                self._run(self._engine, lambda: self._engine.sync(max_bytes=self._room()))
            except VerificationError:
                if not (self._begin_anew() or self._ask_for_proof()):
                    raise
            else:
                if not self._begin_anew():
                    return
            self._sealer().seal_waiting()

    def _ask_for_proof(self) -> bool:
        """Write one frame more where the server speaks of frames we never wrote and confirms none of ours.

        If it holds them, it refuses that one and shows which it contradicts; if not, nothing was lost.
        """
        asked = [lane for lane in self._vault.copies.doubted() if lane not in self._asked]
        self._asked += asked
        for lane in asked:
            self._sealer().heartbeat(lane)
        return bool(asked)

    def _pull(self, engine: Engine) -> bool:
        """Whether all of it came: a cap on bytes may end it early."""
        self._run(engine, lambda: engine.pull(max_bytes=self._room()))
        return not engine.status.capped

    def _room(self) -> int | None:
        """Bytes both ways that the cap of the whole exchange still allows."""
        if self._max_bytes is None:
            return None
        return max(0, self._max_bytes - self.totals.sum("bytes_up") - self.totals.sum("bytes_down"))

    def _run(self, engine: Engine, run: Callable[[], Status]) -> None:
        try:
            run()
        finally:
            # Whatever came before the link broke is used, and counted.
            self.totals.runs.append(engine.status)
            self.acknowledged += Trust(self._session).read_mail()
