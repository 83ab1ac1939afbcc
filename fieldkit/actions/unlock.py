"""Making a vault and opening it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from fieldkit.actions.errors import InputProblem, LockedProblem, in_plain_words
from fieldkit.actions.session import Clock, Random, Session, system_clock
from fieldkit.vault import drill_stage, keyslots
from fieldkit.vault.errors import VaultError
from fieldkit.vault.home import Home
from fieldkit.vault.keyslots import FLOOR_MEMORY, Cost, SlotKind
from fieldkit.vault.platform import harden_process, physical_memory
from fieldkit.vault.vault import Vault
from fieldkit.vault.words import WORDS_OFFERED, draw_words, judge, tidy_words

SECONDS_A_GUESS, RENTED_MACHINES = 1.5, 1_000_000
"""What a guess costs on a machine, and how many machines somebody rich may rent."""

MOST_GUESSES_LOG10 = 60.0

MEMORY_PART = 4
"""One derivation takes at most one part in so many of the machine's memory."""


def home_exists(home: Path) -> bool:
    """Whether there is a vault in this home."""
    return Home(home).slots.exists()


def recoverable(home: Path) -> bool:
    """Whether recovery words open the vault too, by its key slots. No proof: opening it is; false where they
    cannot be read, which opening tells.
    """
    place = Home(home).slots
    try:
        if not place.is_file():
            return False  # a pipe would be waited for
        with place.open("rb") as file:
            slots = keyslots.parse(file.read(keyslots.FILE_BYTES + 1))
    except (OSError, VaultError):
        return False
    return any(slot.kind is SlotKind.RECOVERY for slot in slots.slots)


def suggest_passphrase(random: Random = os.urandom) -> str:
    """Six words drawn by chance."""
    return draw_words(WORDS_OFFERED, random)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How long a passphrase would stand. Only an estimate: it knows words and names, not a person's life."""

    strong: bool
    """Whether it may be used."""
    seconds: float
    """For half of the guesses, on as many machines as are for rent (docs/vault-format.md §2)."""
    warning: str
    """What makes it weak, in words; empty when nothing stands out."""


def estimate_passphrase(text: str) -> Estimate:
    """How long a new passphrase would stand."""
    judged = judge(text)
    # Beyond this every number means the same, and more would not be a number any more.
    guesses = 10 ** min(judged.guesses_log10, MOST_GUESSES_LOG10)
    return Estimate(
        strong=judged.strong,
        seconds=guesses / 2 * SECONDS_A_GUESS / RENTED_MACHINES,
        warning=judged.warning,
    )


def judge_passphrase(text: str) -> str | None:
    """What is wrong with a new passphrase, in plain words; None when it is strong."""
    judged = judge(text)
    if judged.strong:
        return None
    why = f": {judged.warning.lower()}" if judged.warning else ""
    return f"this passphrase would be guessed{why}"


def initialise(
    home: Path,
    passphrase: str,
    *,
    cost: Cost | None = None,
    clock: Clock = system_clock,
    random: Random = os.urandom,
) -> Session:
    """Make a vault in a new home and leave it unlocked. Raises InputProblem for a weak passphrase."""
    harden_process()
    secret = tidy_words(passphrase)
    problem = judge_passphrase(secret)
    if problem is not None:
        raise InputProblem(problem, "take the six words that are offered, or a longer one of your own")
    with in_plain_words():
        vault = _create(home, secret, cost or affordable(), random)
    return Session(vault=vault, clock=clock, random=random)


def unlock(
    home: Path, passphrase: str, *, clock: Clock = system_clock, random: Random = os.urandom
) -> Session:
    """Open the vault of a home. Raises LockedProblem, saying what is wrong."""
    harden_process()
    with in_plain_words(), enough_memory():
        vault = Vault.unlock(home, passphrase, now=clock())
    drill_stage.clear_left(home)
    return Session(vault=vault, clock=clock, random=random)


def affordable() -> Cost:
    """What a guess may cost on this machine: what it bears in time, of a quarter of its memory at most."""
    with enough_memory():
        measured = keyslots.calibrate(time.perf_counter)
    held = physical_memory()
    room = measured.memory if held is None else held // MEMORY_PART // 1_024
    steps = max(1, min(measured.memory, room) // FLOOR_MEMORY)
    return replace(measured, memory=steps * FLOOR_MEMORY)


def _create(home: Path, passphrase: str, cost: Cost, random: Random) -> Vault:
    """Make the vault; with less memory when the machine has not so much free just now."""
    memory = cost.memory
    while memory > FLOOR_MEMORY:
        try:
            return Vault.create(home, passphrase, cost=replace(cost, memory=memory), random=random)
        except MemoryError:
            memory = max(FLOOR_MEMORY, memory // 2)
    with enough_memory():
        return Vault.create(home, passphrase, cost=replace(cost, memory=memory), random=random)


@contextmanager
def enough_memory() -> Iterator[None]:
    """Inside: a machine without memory to derive a key is told of as such."""
    try:
        yield
    except MemoryError:
        raise LockedProblem(
            "this laptop has not enough free memory to work out the key: up to half a gigabyte is needed",
            "close other programs and try again; nothing was changed",
        ) from None
