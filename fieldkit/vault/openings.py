"""Who has the vault open to write in it, and who was stopped before closing it.

A row says that a program opened the vault; it goes when the program closes it in good order. A lock held on a
file beside the vault says that the program still runs: the system drops it with the process, whatever ended
it. A row whose lock nobody holds was left by a crash, a power cut, or somebody who ended the program.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Final

from fieldkit.vault.db import Database
from fieldkit.vault.home import Home
from fieldkit.vault.platform import PRIVATE_FILE, try_lock
from fieldkit.vault.queries import load

SQL: Final = load("openings")

NAME: Final = "open/"
TURN: Final = "turn/"
"""What the rows of an opening are called, before its token."""

NEVER: Final = 1 << 62
"""A turn, and a time, after which nothing comes."""

TOKEN_BYTES: Final = 8

CRASH: Final = "crash/"
CRASHES_KEPT: Final = 20
"""Notes of faults: more tell nobody more."""

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One program that has the vault open."""

    token: str
    began: int
    """UTC seconds by this machine's clock."""
    turn: int | None
    """Of the last draft that was saved before it, whatever the clock said; None where none was noted."""


@dataclass(slots=True, kw_only=True)
class Held:
    """This program's own opening, with the lock that shows that it runs."""

    token: str
    handle: IO[bytes] = field(repr=False)


class Openings:
    """All openings of a vault."""

    def __init__(self, database: Database, home: Home) -> None:
        self._db = database
        self._home = home

    def begin(self, *, now: int, random: Random) -> Held:
        """Note that this program has the vault open. The lock comes first: a row without one is a crash."""
        token = random(TOKEN_BYTES).hex()
        path = self._home.running(token)
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        handle = os.fdopen(number, "r+b", buffering=0)
        try:
            try_lock(handle)
            with self._db.transaction():
                self._db.run(SQL["begin"], (NAME + token, now))
                self._db.run(SQL["begin_turn"], (TURN + token,))
        except BaseException:
            handle.close()
            path.unlink(missing_ok=True)
            raise
        return Held(token=token, handle=handle)

    def end(self, held: Held) -> None:
        """This program closes the vault in good order. The row goes first, for the same reason."""
        try:
            self._db.run(SQL["end"], (NAME + held.token, TURN + held.token))
        finally:
            self.leave(held)

    def leave(self, held: Held) -> None:
        """Let go of the lock and leave the row: the next to open is told."""
        held.handle.close()
        # Windows cannot remove what is open; whoever finds it later does.
        with suppress(OSError):
            self._home.running(held.token).unlink(missing_ok=True)

    def left(self) -> list[Opening]:
        """Openings whose program is gone without having closed the vault, the earliest first."""
        gone = [opening for opening in self._begun() if not self._runs(opening.token)]
        # One may have ended between the two looks: its row is gone then.
        still = {opening.token for opening in self._begun()}
        return [opening for opening in gone if opening.token in still]

    def forget(self, openings: list[Opening]) -> None:
        """A person was told of these."""
        with self._db.transaction():
            for opening in openings:
                self._db.run(SQL["end"], (NAME + opening.token, TURN + opening.token))
        for opening in openings:
            with suppress(OSError):
                self._home.running(opening.token).unlink(missing_ok=True)

    def touched(self, openings: Sequence[Opening]) -> list[tuple[int, int]]:
        """Local number and last save of every draft saved since any of them, the last saved first.

        Neither the choice nor the order hangs on the clock, but for openings that noted no turn.
        """
        turn = min((one.turn for one in openings if one.turn is not None), default=NEVER)
        since = min((one.began for one in openings if one.turn is None), default=NEVER)
        return [(int(number), int(at)) for number, at in self._db.rows(SQL["touched"], (turn, since))]

    def note_crash(self, what: str, *, now: int) -> None:
        """Keep that a fault ended the program; only so many are kept, the oldest go."""
        with self._db.transaction():
            self._db.run(SQL["crashed"], (CRASH + what, now))
            self._db.run(SQL["drop_crashes"], (CRASHES_KEPT,))

    def crashes(self) -> list[tuple[str, int]]:
        """What was kept and when it was last, UTC seconds; the latest first."""
        return [(str(name).removeprefix(CRASH), int(at)) for name, at in self._db.rows(SQL["crashes"])]

    def _begun(self) -> list[Opening]:
        return [
            Opening(token=str(name).removeprefix(NAME), began=int(began), turn=turn)
            for name, began, turn in self._db.rows(SQL["begun"])
        ]

    def _runs(self, token: str) -> bool:
        try:
            handle = self._home.running(token).open("r+b", buffering=0)
        except OSError:
            return False
        with handle:
            return not try_lock(handle)
