"""A member of one organisation who sends large requests on many connections at once."""

from __future__ import annotations

import multiprocessing
import threading
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


@contextmanager
def flood(server: RealServer, party: Party, *, body_bytes: int = BODY_BYTES) -> Iterator[None]:
    """Send requests of `body_bytes` without a pause while the block runs.

    Each has a hello of its own, and the same frames, which the server parses and verifies each time anew.
    """
    writer = person(party)
    uploads, size = [], 0
    while size < body_bytes - 2_000:
        uploads.append(writer.upload(MAIN, writer.record(size=RECORD_BYTES)))
        size += len(uploads[-1])
    context = multiprocessing.get_context("fork")
    begun, end = context.Event(), context.Event()
    arguments = (server.address, party, writer, b"".join(uploads), begun, end)
    process = context.Process(target=_flood, args=arguments)
    process.start()
    try:
        assert begun.wait(PATIENCE_SECONDS)
        yield
    finally:
        end.set()
        process.join(PATIENCE_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()


def _flood(address: str, party: Party, writer: Person, uploads: bytes, begun: Any, end: Any) -> None:
    def send() -> None:
        while not end.is_set():
            assert (
                post(address, "/v1/sync", sync_body(party, writer, uploads), timeout=PATIENCE_SECONDS)[0]
                == 200
            )

    threads = [threading.Thread(target=send, daemon=True) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    begun.set()
    end.wait()
