"""What a person is told while choosing or typing a passphrase. Pure words, no judging of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.tui.ports.entry import Estimate


FEW_CAPITALS = 4
"""So many capitals and no small letter: nobody means that."""

MINUTE, HOUR, DAY, YEAR = 60, 3_600, 86_400, 31_557_600
"""Seconds."""

NOT_KNOWN = "It does not know your life: names, dates and lines of songs are guessed sooner."


def keyboard_hint(typed: str) -> str:
    """What may be wrong with the keyboard; empty when nothing looks so."""
    letters = [letter for letter in typed if letter.isalpha()]
    if letters and not any(letter.isascii() for letter in letters):
        return "These are not Latin letters: is another keyboard layout on?"
    if len(letters) >= FEW_CAPITALS and all(letter.isupper() for letter in letters):
        return "Only capital letters: is Caps Lock on?"
    return ""


def as_offered(offered: Sequence[str], typed: str) -> str:
    """The words that are offered, with whatever capitals and blanks they were typed; else what was typed."""
    return " ".join(offered) if typed.casefold().split() == list(offered) else typed


def comparison(offered: Sequence[str], typed: str) -> str | None:
    """How far what is typed follows the words that are offered; None when it is something of one's own."""
    words = typed.casefold().split()
    if not words or words[0] != offered[0][: len(words[0])] or len(words[0]) < 2:
        return None
    for number, (wanted, word) in enumerate(zip(offered, words, strict=False), start=1):
        last = number == len(words) and not typed.endswith(" ")
        if word != wanted and not (last and wanted.startswith(word)):
            return f"Word {number} is not the one above: {wanted}."
    if len(words) > len(offered):
        return "More words than above: this is a passphrase of your own."
    if tuple(words) == tuple(offered):
        return "All six words are right. Enter goes on."
    done = len(words) if words[-1] == offered[len(words) - 1] else len(words) - 1
    return f"{done} of {len(offered)} words so far."


def verdict(estimate: Estimate) -> str:
    """What an estimate means, and what to do."""
    took = f"a million rented machines would guess it {span(estimate.seconds)}"
    if estimate.strong:
        return f"Your own passphrase: {took}. {NOT_KNOWN}"
    why = f" ({estimate.warning[0].lower()}{estimate.warning[1:]})" if estimate.warning else ""
    return f"Too weak{why}: {took}. Add words that do not belong together, or take the six above."


def span(seconds: float) -> str:
    """When, in the largest unit that says something, without false exactness."""
    if seconds < MINUTE:
        return "in a moment"
    if seconds < HOUR:
        return f"in about {seconds / MINUTE:.0f} min"
    if seconds < DAY:
        return f"in about {seconds / HOUR:.0f} h"
    if seconds < YEAR:
        return f"in about {seconds / DAY:.0f} days"
    years = seconds / YEAR
    for size, name in ((1e9, "billions"), (1e6, "millions"), (1e3, "thousands")):
        if years >= size:
            return f"after {name} of years"
    return f"in about {years:.0f} years"
