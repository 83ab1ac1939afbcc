"""Making a vault and opening it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from fieldkit.actions.errors import InputProblem, in_plain_words
from fieldkit.actions.session import Clock, Random, Session, system_clock
from fieldkit.vault import keyslots
from fieldkit.vault.home import Home
from fieldkit.vault.keyslots import Cost
from fieldkit.vault.platform import harden_process
from fieldkit.vault.vault import Vault
from fieldkit.vault.words import WORDS_OFFERED, draw_words, judge


def home_exists(home: Path) -> bool:
    """Whether there is a vault in this home."""
    return Home(home).slots.exists()


def suggest_passphrase(random: Random = os.urandom) -> str:
    """Six words drawn by chance."""
    return draw_words(WORDS_OFFERED, random)


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
    problem = judge_passphrase(passphrase)
    if problem is not None:
        raise InputProblem(problem, "take the six words that are offered, or a longer one of your own")
    with in_plain_words():
        measured = keyslots.calibrate(time.perf_counter) if cost is None else cost
        vault = Vault.create(home, passphrase, cost=measured, random=random)
    return Session(vault=vault, clock=clock, random=random)


def unlock(
    home: Path, passphrase: str, *, clock: Clock = system_clock, random: Random = os.urandom
) -> Session:
    """Open the vault of a home. Raises LockedProblem, saying what is wrong."""
    harden_process()
    with in_plain_words():
        vault = Vault.unlock(home, passphrase, now=clock())
    return Session(vault=vault, clock=clock, random=random)
