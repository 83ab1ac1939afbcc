"""Drives exchanges: the plan says what may follow, a task what to ask for, the reply rules what to keep.

One exchange is one round trip. A cut in the middle loses nothing: the server keeps every complete frame, the
client every complete item, and the next exchange finds out the rest. Frames count as received only when a
verified receipt covers them; the engine deletes nothing and believes no status code.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

from sync.client.board import Board
from sync.client.errors import Break, ExchangeError, LinkError, RefusedError, StoppedError, VerificationError
from sync.client.exchange import Exchange
from sync.client.pace import wait
from sync.client.plan import Event
from sync.client.ports import Clock, ExchangeStore, Identity, Outgoing, Random, Transport
from sync.client.status import Status
from sync.client.tasks import OfferTask, PullTask, SyncTask, Task

CONNECT_TRIES: Final = 3
"""Connections that fail one after the other before the link is called gone."""

FRUITLESS_TRIES: Final = 6
"""Breaks one after the other in which nothing moved on."""

SLICE_SECONDS: Final = 0.25
"""How long a wish to stop may go unnoticed during a back-off."""


class Engine:
    """One laptop's exchanges with one server. For one thread; only `stop` may be called from any.

    `identity` is asked before every exchange, because a newer directory may have come with the one before.
    `stop` is for whoever drives several runs: once set it ends the present run and every later one; the
    engine never clears it. Without it, `Engine.stop` ends the present run alone.
    """

    def __init__(
        self,
        *,
        identity: Callable[[], Identity],
        store: ExchangeStore,
        transport: Transport,
        clock: Clock,
        random: Random,
        progress: Callable[[Status], None] = lambda _: None,
        stop: threading.Event | None = None,
    ) -> None:
        self._identity = identity
        self._store = store
        self._transport = transport
        self._clock = clock
        self._random = random
        self._stop = stop or threading.Event()
        self._forget_stop = stop is None
        self._board = Board(progress, self._stop)
        self._failures = 0

    @property
    def status(self) -> Status:
        """The newest status: during a run, and after it, also when it raised."""
        return self._board.status

    def stop(self) -> None:
        """Ask the present run to end soon; it raises StoppedError."""
        self._stop.set()

    def sync(self, *, max_bytes: int | None = None) -> Status:
        """Send what waits, fetch mail and documents, until nothing is left or `max_bytes` (both ways) went.

        Raises LinkError when the link is gone; RefusedError, VerificationError and StoppedError at once.
        """
        return self._run(SyncTask(self._store, self._clock, self._random), max_bytes)

    def pull(self, *, max_bytes: int | None = None) -> Status:
        """Fetch the lanes this device reads, page by page; otherwise as `sync`."""
        return self._run(PullTask(self._store, self._clock, self._random), max_bytes)

    def offer(self, frames: Sequence[Outgoing], *, max_bytes: int | None = None) -> Status:
        """Offer frames of others that the server lost, once each; the status tells which it refused."""
        return self._run(OfferTask(frames, self._store, self._clock, self._random), max_bytes)

    def _run(self, task: Task, max_bytes: int | None) -> Status:
        if self._forget_stop:
            self._stop.clear()
        self._failures = 0
        self._board.begin(self._store.pending_totals())
        following: Event | None = Event.START
        try:
            self._start_unless_asked()
            while following is not None:
                following = self._step(task, max_bytes, following)
        except ExchangeError as error:
            self._board.show(error=str(error), advice=error.advice)
            raise
        return self._board.status

    def _start_unless_asked(self) -> None:
        """A wish to stop that came between two runs holds for the next one."""
        try:
            self._board.pause_if_asked()
        except StoppedError:
            self._board.on(Event.PAUSE)
            raise

    def _step(self, task: Task, max_bytes: int | None, event: Event) -> Event | None:
        """One exchange; the event that begins the next one, None when the run is over."""
        status = self._board.status
        room = None if max_bytes is None else max_bytes - status.bytes_up - status.bytes_down
        identity = self._identity()
        request = task.request(identity, room)
        if request is None:
            self._board.show(capped=True)
            self._board.on(Event.CAP)
            return None
        self._board.on(event)
        exchange = Exchange(
            board=self._board, identity=identity, store=self._store, clock=self._clock, request=request
        )
        try:
            return self._exchange(task, exchange)
        except StoppedError:
            self._board.on(Event.PAUSE)
            raise
        except VerificationError:
            self._board.on(Event.MISTRUST)
            raise

    def _exchange(self, task: Task, exchange: Exchange) -> Event | None:
        try:
            try:
                exchange.run(self._transport, task.path)
            finally:
                self._board.gained(exchange.gains, self._store.pending_totals())
        except LinkError as error:
            # Busy is an answer: nothing of the request was kept, however much of it had arrived.
            confirmed = 0 if error.kind is Break.BUSY else exchange.confirmed
            moved = task.broke(exchange.gains, exchange.request, confirmed, exchange.seconds)
            return self._after_break(error, moved)
        except RefusedError as error:
            if not task.refused(error.code):
                self._board.on(Event.REFUSED)
                raise
            return self._after_break(LinkError(Break.BUSY), moved=False)
        more = task.whole(exchange.gains, exchange.request, exchange.seconds)
        self._failures = 0
        self._board.on(Event.CONTINUE if more else Event.FINISH)
        if not more:
            return None
        self._board.pause_if_asked()
        return Event.NEXT

    def _after_break(self, error: LinkError, moved: bool) -> Event:
        """Wait and try again, or call the link gone."""
        self._board.on(Event.BUSY if error.kind is Break.BUSY else Event.LINK_FAILED)
        self._failures = 0 if moved else self._failures + 1
        if self._failures >= (CONNECT_TRIES if error.kind is Break.UNREACHABLE else FRUITLESS_TRIES):
            self._board.on(Event.GIVE_UP)
            raise error
        left = wait(self._failures, int.from_bytes(self._random(2), "big") / 65_536)
        while left > 0:
            self._clock.sleep(min(left, SLICE_SECONDS))
            left -= SLICE_SECONDS
            self._board.pause_if_asked()
        return Event.RETRY
