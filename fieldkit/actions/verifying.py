"""Signatures of a page of frames, checked ahead of their turn on a second processor.

Checking one is a quarter of the work of reading it, and holds up no other thread of the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from sync.protocol.errors import ProtocolError
from sync.protocol.frames import Frame, check_signature
from sync.protocol.ids import Chain

CHUNK: Final = 16
"""Frames handed over at a time: handing over costs as much as parsing a frame."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A frame, the chain it is said to be in, and the key that should have signed it."""

    frame: Frame
    chain: Chain
    public_key: bytes


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
            answer = pool.submit(_problems, chunk)
            self._begun.update((claim.frame.hash, (claim, answer, at)) for at, claim in enumerate(chunk))

    def check(self, claim: Claim) -> None:
        """As `check_signature`; what was found out ahead counts for that claim, others are checked now."""
        begun = self._begun.get(claim.frame.hash)
        if begun is None or begun[0] != claim:
            problem = _problem(claim)
        else:
            _, answer, at = begun
            problem = answer.result()[at]
        if problem is not None:
            raise problem


def _problems(claims: Sequence[Claim]) -> list[ProtocolError | None]:
    return [_problem(claim) for claim in claims]


def _problem(claim: Claim) -> ProtocolError | None:
    try:
        check_signature(claim.frame, claim.chain, claim.public_key)
    except ProtocolError as problem:
        return problem
    return None
