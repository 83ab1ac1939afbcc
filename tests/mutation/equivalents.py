"""Mutants that no test can notice, because what they change makes no difference; each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.mutation.edits import Mutant


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """The mutants of one line by one operator; `new` where only one of them is meant."""

    path: str
    context: str
    operator: str
    why: str
    new: str | None = None

    def covers(self, mutant: Mutant) -> bool:
        """Whether a mutant is meant."""
        mine = (self.path, self.context, self.operator)
        return mine == (mutant.path, mutant.context, mutant.operator) and self.new in (None, mutant.new)


ONE_COLUMN: Final = "the row has one column: its first is its last"
AT_A_TIME: Final = "how many are worked on at a time changes no answer"

EQUIVALENTS: Final[tuple[Equivalent, ...]] = (
    Equivalent(
        path="sync/protocol/compression.py",
        context="LEVEL: Final = 19",
        operator="number+1",
        why="a writer's choice: every level is read alike",
    ),
    Equivalent(
        path="sync/protocol/kinds.py",
        context='"1 2 15 16 17 19 20 21 22 23 24", _exactly(0, INBOX_PUBLIC_BYTES), Signer.NEWCOMER, ADMIN',
        operator="arguments",
        new="(_exactly(INBOX_PUBLIC_BYTES, 0))",
        why="two lengths of one set, in another order",
    ),
    Equivalent(
        path="sync/protocol/padding.py",
        context="if length <= PAD_FLOOR:",
        operator="comparison",
        why="the floor is a multiple of the step, so the next rule gives the same size",
    ),
    Equivalent(
        path="sync/protocol/padding.py",
        context="if length <= PAD_FINE_LIMIT:",
        operator="comparison",
        why="where the two rules meet both give the same size",
    ),
    Equivalent(
        path="fieldkit/vault/attempts.py",
        context="pause = min(LONGEST_WAIT, 1 << min(self.failures - FREE_FAILURES + 1, 16))",
        operator="number+1",
        new="17",
        why="far above the longest wait; it only keeps the shift small",
    ),
    Equivalent(
        path="fieldkit/vault/copies.py",
        context='rows = [self._db.row(SQL["heard"], (lane, device, incarnation)) or (0, 0)'
        " for lane in lanes]",
        operator="number+1",
        why="the statement always gives a row; the other values are there for the type checker",
    ),
    Equivalent(
        path="fieldkit/vault/db.py",
        context="unclean = wal.exists() and wal.stat().st_size > 0",
        operator="number+1",
        why="a log that is not empty has at least its header of 32 bytes",
    ),
    Equivalent(
        path="fieldkit/vault/db.py",
        context="uri=True,",
        operator="boolean",
        new="False",
        why="for uri: the library we pin is built to read addresses in any case",
    ),
    Equivalent(
        path="fieldkit/vault/db.py",
        context="cached_statements=256,",
        operator="number+1",
        why=AT_A_TIME,
    ),
    Equivalent(
        path="fieldkit/vault/db.py",
        context="return False",
        operator="return",
        why="asked for its truth only",
    ),
    Equivalent(
        path="fieldkit/vault/documents.py",
        context="return parse_root(found[0])",
        operator="number-1",
        why=ONE_COLUMN,
    ),
    Equivalent(
        path="fieldkit/vault/inbox.py",
        context="PAGE: Final = 500",
        operator="number-1",
        why=AT_A_TIME,
    ),
    Equivalent(
        path="fieldkit/vault/inbox.py",
        context="if run and not (link.chain == run[-1].chain and link.sequence - run[-1].sequence <= 1):",
        operator="number+1",
        new="2",
        why=AT_A_TIME,
    ),
    Equivalent(
        path="fieldkit/vault/keys.py",
        context="return None if found is None else bytes(found[0])",
        operator="number-1",
        why=ONE_COLUMN,
    ),
    Equivalent(
        path="fieldkit/vault/generations.py",
        context="elif found is not None and found[0] == _AGREES and size >= self._cursor(lane)[1]:",
        operator="number-1",
        new="-1",
        why=ONE_COLUMN,
    ),
)


def reason(mutant: Mutant) -> str:
    """Why nobody can notice a mutant; empty for all others."""
    return next((one.why for one in EQUIVALENTS if one.covers(mutant)), "")
