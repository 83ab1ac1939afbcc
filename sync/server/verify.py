"""Signatures, checked outside the writer and on every processor: Ed25519 releases the interpreter's lock."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sync.protocol.errors import ProtocolError
from sync.protocol.frames import Claim, problems

LEAST_PART: Final = 4
"""Frames below which handing work to another thread costs more than it saves (a check takes about 70 µs)."""


class Verifier:
    """Spreads claims over threads; the calling thread takes the first part itself."""

    def __init__(self, threads: int = 0) -> None:
        self._parts = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(max(1, self._parts - 1), thread_name_prefix="verify")

    def check(self, claims: Sequence[Claim]) -> list[ProtocolError | None]:
        """As `problems`, on all threads."""
        step = max(LEAST_PART, -(-len(claims) // self._parts))
        parts = [claims[at : at + step] for at in range(0, len(claims), step)]
        others = [self._pool.submit(problems, part) for part in parts[1:]]
        found = problems(parts[0]) if parts else []
        for other in others:
            found += other.result()
        return found

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()
