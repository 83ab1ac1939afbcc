"""Signatures of a page of frames, checked together: one half here, the other on a second processor.

Checking lets other threads run; the rest of reading does not. Beside each other the two would take the
interpreter from one another with every frame, which was measured to cost more than it gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

from sync.protocol.frames import Claim, problems


def beside() -> Executor:
    """Where the other half is checked, and a page stored; leave its block to end it."""
    return ThreadPoolExecutor(2, thread_name_prefix="reading")


class Signatures:
    """What became of the claims of one page."""

    def __init__(self, pool: Executor, claims: Sequence[Claim]) -> None:
        middle = len(claims) // 2
        there = pool.submit(problems, claims[middle:])
        found = problems(claims[:middle]) + there.result()
        self._found = {claim.frame.hash: (claim, one) for claim, one in zip(claims, found, strict=True)}

    def check(self, claim: Claim) -> None:
        """As `check_signature`; what was found out ahead counts for that claim, others are checked now."""
        claimed, problem = self._found.get(claim.frame.hash, (None, None))
        if claimed != claim:
            problem = claim.problem()
        if problem is not None:
            raise problem
