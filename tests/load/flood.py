"""A member of one organisation who sends large requests on many connections at once."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sync.protocol.ids import MAIN
from tests.faults.organisation import Party
from tests.load.serving import person, sync_body
from tests.server.world import RECORD_BYTES, Person
from tests.support.server import RealServer, post

CONNECTIONS = 24
"""More than a server has threads for requests."""

BODY_BYTES = 1 << 20
"""Some 1,800 frames: half a second of work."""

PATIENCE_SECONDS = 60
OK = 200

PAUSE_SECONDS = 0.05
"""Between two looks at what another process counts."""


@contextmanager
def flood(server: RealServer, party: Party, *, body_bytes: int = BODY_BYTES) -> Iterator[Any]:
    """Send requests of `body_bytes` without a pause while the block runs. Yields the count of those refused.

    Each has a hello of its own, and the same frames, which the server parses and verifies each time anew.
    """
    writer = person(party)
    uploads, size = [], 0
    while size < body_bytes - 2_000:
        uploads.append(writer.upload(MAIN, writer.record(size=RECORD_BYTES)))
        size += len(uploads[-1])
    context = multiprocessing.get_context("fork")
    end = context.Event()
    served, other = context.Value("L", 0), context.Value("L", 0)
    arguments = (server.address, party, writer, b"".join(uploads), end, served, other)
    process = context.Process(target=_flood, args=arguments)
    process.start()
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not served.value:
            assert time.monotonic() < deadline and not other.value, "the flood was refused"
            time.sleep(PAUSE_SECONDS)
        yield other
    finally:
        end.set()
        process.join(PATIENCE_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()


def _flood(
    address: str, party: Party, writer: Person, uploads: bytes, end: Any, served: Any, other: Any
) -> None:
    def send() -> None:
        while not end.is_set():
            body = sync_body(party, writer, uploads)
            try:
                answered = post(address, "/v1/sync", body, timeout=PATIENCE_SECONDS)[0] == OK
            except OSError:
                answered = False
            count = served if answered else other
            with count.get_lock():
                count.value += 1

    threads = [threading.Thread(target=send, daemon=True) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    end.wait()
