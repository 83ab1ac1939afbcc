"""Passphrases: six words drawn by chance, or one's own if it would not be guessed (threat model R4)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fieldkit.vault.errors import WeakPassphrase

WORDS_OFFERED = 6
"""With 1,296 words: 62 bits. At 1.5 s a guess, half of them take a million machines 100,000 years."""

RECOVERY_WORDS = 13
"""134 bits for printed recovery words: out of reach even without the slow derivation."""

JUDGED_CHARACTERS = 72
"""Only so much of a passphrase is judged: the judge's time grows with the square of the length."""

LEAST_GUESSES_LOG10 = 12.0
"""Own passphrases below 10¹² guesses by zxcvbn's count are refused: machines for rent try those in weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How long a passphrase would stand."""

    guesses_log10: float
    """Powers of ten of guesses, by zxcvbn's estimate."""
    warning: str
    """What makes it weak, in words; empty when nothing stands out."""

    @property
    def strong(self) -> bool:
        """Whether it may be used."""
        return self.guesses_log10 >= LEAST_GUESSES_LOG10


@cache
def word_list() -> tuple[str, ...]:
    """The 1,296 words (6⁴: four dice choose one), short, distinct, all of common English."""
    return tuple((files("fieldkit.vault") / "words.txt").read_text(encoding="ascii").split())


def bits(words: int) -> float:
    """Entropy of that many drawn words, in bits."""
    return words * math.log2(len(word_list()))


def draw_words(count: int, random: Callable[[int], bytes]) -> str:
    """A passphrase of words, each drawn evenly by `random` (bytes of the operating system's generator)."""
    words = word_list()
    highest = (1 << 16) - (1 << 16) % len(words)
    chosen: list[str] = []
    while len(chosen) < count:
        number = int.from_bytes(random(2), "big")
        # Numbers above the last whole multiple are thrown away, so that no word is likelier than another.
        if number < highest:
            chosen.append(words[number % len(words)])
    return " ".join(chosen)


def tidy_words(typed: str) -> str:
    """Drawn words as they were drawn, however they were typed.

    Recovery words: in capitals, numbered, on several lines. The six of a passphrase: in capitals, with more
    blanks. Anything but so many words of the list is given back as it is: in one's own passphrase every
    letter counts.
    """
    folded = typed.casefold()
    paper = [word for word in re.split(r"[^a-z]+", folded) if word]
    for found, count in ((paper, RECOVERY_WORDS), (folded.split(), WORDS_OFFERED)):
        if len(found) == count and set(found) <= set(word_list()):
            return " ".join(found)
    return typed


def readings(typed: str) -> tuple[str, ...]:
    """What a typed secret may stand for, the likeliest first: drawn words as drawn, else as it was typed.

    A vault made before drawn words were tidied opens with exactly what was typed then; and the screens drew
    them with two blanks between, so that whoever copied them so still opens it with what is on paper.
    """
    tidy = tidy_words(typed)
    words = tidy.split()
    six = len(words) == WORDS_OFFERED and set(words) <= set(word_list())
    return tuple(dict.fromkeys((tidy, typed, *(["  ".join(words)] if six else []))))


def judge(passphrase: str) -> Judgement:
    """Estimate what guessing the first 72 characters costs."""
    from zxcvbn import zxcvbn  # slow to import, and needed only when a passphrase is chosen

    if not passphrase:
        return Judgement(guesses_log10=0.0, warning="")
    found = zxcvbn(passphrase[:JUDGED_CHARACTERS])
    return Judgement(
        guesses_log10=float(found["guesses_log10"]),
        warning=str(found["feedback"]["warning"] or "").rstrip("."),
    )


def check_strong(passphrase: str) -> None:
    """Raise WeakPassphrase, saying why, for a passphrase that would be guessed."""
    judged = judge(passphrase)
    if judged.strong:
        return
    because = f" ({judged.warning})" if judged.warning else ""
    raise WeakPassphrase(
        f"this passphrase would fall after about 10^{judged.guesses_log10:.0f} guesses{because}; "
        f"at least 10^{LEAST_GUESSES_LOG10:.0f} are asked for",
        f"take {WORDS_OFFERED} words drawn by chance, or make it longer",
    )
