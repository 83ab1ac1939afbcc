"""Reads what may be long in coming, so that the keyboard's interrupt ends the wait at once, every time."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import UnsupportedOperation
from typing import BinaryIO

CHUNK_BYTES = 65_536


def read_bytes(file: BinaryIO, most: int) -> bytes:
    """At most so many bytes of what nothing was read from yet, until its end.

    A signal between Python's last look for one and a read that blocks would wait for that read: Ctrl-C would
    do nothing until it is pressed again. So this never blocks in a read.
    """
    try:
        handle = file.fileno()
    except UnsupportedOperation:
        return file.read(most)
    if sys.platform == "win32":
        return file.read(most)
    with _waking() as woken:
        found = bytearray()
        while len(found) < most:
            ready, _, _ = select.select([handle, *woken], [], [])
            if handle not in ready:
                # A signal that somebody handled, and that ends nothing.
                os.read(ready[0], CHUNK_BYTES)
                continue
            chunk = os.read(handle, min(CHUNK_BYTES, most - len(found)))
            if not chunk:
                break
            found += chunk
        return bytes(found)


@contextmanager
def _waking() -> Iterator[list[int]]:
    """A descriptor that becomes readable with any signal; none outside of the main thread."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    except ValueError:
        before = None
    try:
        yield [] if before is None else [reading]
    finally:
        if before is not None:
            signal.set_wakeup_fd(before)
        os.close(reading)
        os.close(writing)
