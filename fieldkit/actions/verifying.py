"""Signatures of a page of frames, checked ahead of their turn on a second processor.

Checking one is a quarter of the work of reading it, and holds up no other thread of the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Final

from sync.protocol.errors import ProtocolError
from sync.protocol.frames import Claim, problems

CHUNK: Final = 16
"""Frames handed over at a time: handing over costs as much as parsing a frame."""


def ahead() -> Executor:
    """Where signatures are checked; leave its block to end it.

    One thread is ahead of the reader on any machine; more would only take the interpreter from it more often.
    """
    return ThreadPoolExecutor(1, thread_name_prefix="verify")


class Signatures:
    """The claims of one page, on their way through the thread."""

    def __init__(self, pool: Executor, claims: Sequence[Claim]) -> None:
        self._begun: dict[bytes, tuple[Claim, Future[list[ProtocolError | None]], int]] = {}
        for start in range(0, len(claims), CHUNK):
            chunk = claims[start : start + CHUNK]
            answer = pool.submit(problems, chunk)
            self._begun.update((claim.frame.hash, (claim, answer, at)) for at, claim in enumerate(chunk))

    def check(self, claim: Claim) -> None:
        """As `check_signature`; what was found out ahead counts for that claim, others are checked now."""
        begun = self._begun.get(claim.frame.hash)
        if begun is None or begun[0] != claim:
            problem = claim.problem()
        else:
            _, answer, at = begun
            problem = answer.result()[at]
        if problem is not None:
            raise problem
