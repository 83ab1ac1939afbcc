"""What a terminal is drawing with, and the shortest orders that make it draw with something else. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

RESET = "\x1b[0m"

OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29", "21": "24"}
"""What ends an attribute; one order ends both bold and dim."""

SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "51", "52", "53"})
"""Attributes that show where there is no letter: lines, frames, and colours changed round."""

LONG, LONG_WORDS = ("38", "48"), {"5": 3, "2": 5}
"""Colours that take more than one word, and how many by the second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The codes of a cell, taken apart."""

    attributes: frozenset[str]
    ink: str
    ground: str


@lru_cache(2_048)
def look_of(codes: str) -> Look:
    """Codes as `\\x1b[…m` has them, taken apart; a terminal's own colours are empty."""
    attributes: set[str] = set()
    ink = ground = ""
    words = [word for word in codes.split(";") if word]
    while words:
        long = LONG_WORDS.get(words[1], 1) if words[0] in LONG and len(words) > 1 else 1
        code, words = ";".join(words[:long]), words[long:]
        number = int(code.partition(";")[0])
        if number in {38, 39} or 30 <= number <= 37 or 90 <= number <= 97:
            ink = "" if number == 39 else code
        elif number in {48, 49} or 40 <= number <= 47 or 100 <= number <= 107:
            ground = "" if number == 49 else code
        else:
            attributes.add(code)
    return Look(attributes=frozenset(attributes), ink=ink, ground=ground)


@lru_cache(2_048)
def of_blank(codes: str) -> str:
    """The part of the codes that shows on a cell without a letter."""
    return codes if seen_on_blanks(codes) else look_of(codes).ground


@lru_cache(2_048)
def seen_on_blanks(codes: str) -> bool:
    """Whether the codes show more than a background on a cell without a letter."""
    return bool(look_of(codes).attributes & SEEN_ON_BLANKS)


@lru_cache(4_096)
def same_blank(one: str, other: str) -> bool:
    """Whether a blank looks the same with both."""
    return of_blank(one) == of_blank(other)


@lru_cache(4_096)
def step(before: str, after: str) -> str:
    """The order that leads from one to the other: what differs, or all anew, whichever is shorter."""
    if before == after:
        return ""
    if not after:
        return RESET
    anew = f"\x1b[0;{after}m" if before else f"\x1b[{after}m"
    was, now = look_of(before), look_of(after)
    gone, come = was.attributes - now.attributes, now.attributes - was.attributes
    if not all(code in OFF for code in gone):
        return anew
    ends = {OFF[code] for code in gone}
    # What ends one of them ends its like, too.
    come |= {code for code in now.attributes if OFF.get(code) in ends}
    words = [*sorted(ends), *sorted(come)]
    if was.ink != now.ink:
        words.append(now.ink or "39")
    if was.ground != now.ground:
        words.append(now.ground or "49")
    changed = f"\x1b[{';'.join(words)}m" if words else ""
    return min(changed, anew, key=len)
