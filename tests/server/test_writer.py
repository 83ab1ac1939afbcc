"""The writer: groups, durability before the answer, retries one by one, stopping."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sync.protocol.ids import Organisation
from sync.server.log import EventLog
from sync.server.stores.base import Origin, Transaction
from sync.server.stores.memory import MemoryStore
from sync.server.writer import GROUP_JOBS, Writer, WriterStopped

OURS = Organisation(b"o" * 16)


class Watched(MemoryStore):
    """Notes how each transaction ended, and holds the first one open until `go` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[str] = []
        self.entered, self.go = threading.Event(), threading.Event()

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """As the store's, noting the end."""
        try:
            with super().writing() as transaction:
                self.entered.set()
                yield transaction
                self.go.wait(10)
        except Exception:
            self.ends.append("rollback")
            raise
        self.ends.append("commit")


def make(store: MemoryStore) -> tuple[Writer, io.StringIO]:
    """A writer and its log."""
    text = io.StringIO()
    return Writer(store, EventLog(text)), text


def run_all(writer: Writer, jobs: list[Any]) -> tuple[list[threading.Thread], dict[int, Any]]:
    """Run each job from a thread of its own; answers and errors by position."""
    answers: dict[int, Any] = {}

    def one(position: int) -> None:
        try:
            answers[position] = writer.run(jobs[position])
        except Exception as error:
            answers[position] = error

    threads = [threading.Thread(target=one, args=(position,)) for position in range(len(jobs))]
    for thread in threads:
        thread.start()
    return threads, answers


def hold(writer: Writer, store: Watched) -> threading.Thread:
    """Keep the writer in a transaction until `go`, so that what comes next must wait."""
    threads, _ = run_all(writer, [lambda _: None])
    assert store.entered.wait(10)
    return threads[0]


def wait_for(writer: Writer, waiting: int) -> None:
    """Return once that many jobs are queued."""
    end = time.monotonic() + 10
    while writer._queue.qsize() < waiting:
        assert time.monotonic() < end
        time.sleep(0.001)


def test_waiting_jobs_share_a_transaction() -> None:
    """What waits while a commit is under way goes into one group; every job gets its own answer."""
    store = Watched()
    writer, _ = make(store)
    first = hold(writer, store)
    rest, answers = run_all(writer, [lambda _, n=n: n for n in range(10)])
    wait_for(writer, 10)
    assert answers == {}, "answered before the commit"
    store.go.set()
    for thread in [first, *rest]:
        thread.join(10)
    assert answers == {n: n for n in range(10)}
    assert store.ends == ["commit", "commit"]
    writer.stop()


def test_group_is_bounded() -> None:
    """More than a group's worth of jobs takes more than one transaction."""
    store = Watched()
    writer, _ = make(store)
    first = hold(writer, store)
    threads, answers = run_all(writer, [lambda _, n=n: n for n in range(GROUP_JOBS + 1)])
    wait_for(writer, GROUP_JOBS + 1)
    store.go.set()
    for thread in [first, *threads]:
        thread.join(10)
    assert answers == {n: n for n in range(GROUP_JOBS + 1)}
    assert store.ends == ["commit"] * 3
    writer.stop()


def test_failed_group_is_retried_one_by_one() -> None:
    """One job that fails takes nobody with it, and nothing of its own stays."""
    store = Watched()
    writer, text = make(store)

    def bad(transaction: Transaction) -> None:
        transaction.add_organisation(OURS, Origin(code_hash=b"c" * 32, root_hash=b"r" * 32))
        raise RuntimeError("on purpose")

    def good(transaction: Transaction) -> bool:
        return transaction.add_nonce(OURS, b"n", 1) if transaction.origin(OURS) else True

    first = hold(writer, store)
    rest, answers = run_all(writer, [good, bad, good])
    wait_for(writer, 3)
    store.go.set()
    for thread in [first, *rest]:
        thread.join(10)
    assert answers[0] is True and answers[2] is True
    assert isinstance(answers[1], RuntimeError)
    assert store.ends[:2] == ["commit", "rollback"]
    assert sorted(store.ends[2:]) == ["commit", "commit", "rollback"]
    with store.reading() as reader:
        assert reader.origin(OURS) is None
    (line,) = [json.loads(line) for line in text.getvalue().splitlines()]
    assert (line["event"], line["count"], line["what"]) == ("group-retried", 3, "RuntimeError")
    writer.stop()


def test_stop_finishes_what_waits() -> None:
    """Jobs handed in before the stop are answered; later ones are refused; stopping twice is fine."""
    store = Watched()
    writer, _ = make(store)
    first = hold(writer, store)
    threads, answers = run_all(writer, [lambda _, n=n: n for n in range(5)])
    wait_for(writer, 5)
    stopper = threading.Thread(target=writer.stop)
    stopper.start()
    wait_for(writer, 6)
    store.go.set()
    for thread in [first, *threads, stopper]:
        thread.join(10)
    assert answers == {n: n for n in range(5)}
    with pytest.raises(WriterStopped):
        writer.run(lambda _: None)
    writer.stop()
