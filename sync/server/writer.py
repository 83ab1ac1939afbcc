"""The one thread that writes.

It gathers what waits into one transaction, and answers when that is on the disk (R22).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Final, TypeVar

from sync.server.log import Event, EventLog
from sync.server.stores.base import Store, Transaction

GROUP_JOBS: Final = 64
"""Jobs in one transaction at most: bounds what one failure makes the writer repeat."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Waiting:
    job: Callable[[Transaction], Any]
    answer: Future[Any]


class WriterStopped(Exception):
    """The server is closing and takes no more writes."""


class Writer:
    """Runs jobs, each a function of the transaction only, so that it can be run again after a rollback."""

    def __init__(self, store: Store, log: EventLog) -> None:
        self._store = store
        self._log = log
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._stopped = False
        self._gate = Lock()
        self._thread = Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def run(self, job: Callable[[Transaction], T]) -> T:
        """Run a job and return its answer once it is durable. What the job raises has been rolled back."""
        answer: Future[T] = Future()
        with self._gate:
            if self._stopped:
                raise WriterStopped
            self._queue.put(_Waiting(job, answer))
        return answer.result()

    def stop(self) -> None:
        """Finish what waits, then end the thread. May be called twice."""
        with self._gate:
            self._stopped = True
            self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = self._gather(first)
            self._commit(group)
            if last:
                return

    def _gather(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        group = [first]
        while len(group) < GROUP_JOBS:
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                break
            if waiting is None:
                return group, True
            group.append(waiting)
        return group, False

    def _commit(self, group: list[_Waiting]) -> None:
        try:
            with self._store.writing() as transaction:
                answers = [waiting.job(transaction) for waiting in group]
        except Exception as error:
            self._failed(group, error)
            return
        for waiting, answer in zip(group, answers, strict=True):
            waiting.answer.set_result(answer)

    def _failed(self, group: list[_Waiting], error: Exception) -> None:
        """One bad job must not take the others with it.

        After the rollback each gets a transaction of its own.
        """
        if len(group) == 1:
            group[0].answer.set_exception(error)
            return
        self._log.write(Event.GROUP_RETRIED, count=len(group), what=type(error).__name__)
        for waiting in group:
            self._commit([waiting])
