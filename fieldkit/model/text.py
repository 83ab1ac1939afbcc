"""The one function untrusted text passes, at ingest and again at render."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

BIDI_MARKS = {
    "\u061c": "ALM", "\u200e": "LRM", "\u200f": "RLM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
}  # fmt: skip
"""Every character with the Unicode property Bidi_Control, and the letters it is shown as."""

KEPT_FORMAT = frozenset(
    "\u200c\u200d"  # ZWNJ and ZWJ shape Persian, Urdu and emoji
    # Arabic and Syriac number signs: visible
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
)
"""Format characters (category Cf) that carry meaning; all others are invisible and go."""

LINE_ENDS = {"\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n"}
"""Other ways of ending a line, told as the one way."""

CHARACTERS_KNOWN = 4_096
"""Different characters whose fate is remembered: more than the alphabets of one archive."""

DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Control, format, surrogate, private, unassigned: an escape sequence or an unknown glyph in a terminal."""


def clean(text: str, *, one_line: bool = False) -> str:
    """Text that is safe to store, show and export: requirement R25 of the threat model.

    Control, private and unassigned characters go; newline, tab, ZWJ and ZWNJ stay; a bidirectional control
    becomes a visible mark such as `·RLO·`, because removing it could change what a careful reader sees and
    keeping it could change the order of what stands around it. The result is NFC. With `one_line`, line ends
    and tabs become spaces. Cleaning twice gives the same text.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if one_line else text
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    # A long text has few different characters: each is judged once, and most texts hold none to replace. What
    # Python calls printable is of none of the categories that go, and needs no judging.
    doubtful = [] if _plain(unified) else [char for char in set(unified) if not char.isprintable()]
    strange = {ord(char): told for char in doubtful if (told := _shown(char)) != char}
    kept = unicodedata.normalize("NFC", unified.translate(strange) if strange else unified)
    return " ".join(kept.split()) if one_line else kept


def is_clean(text: str) -> bool:
    """Whether cleaning would leave the text as it is."""
    return clean(text) == text


def sentence(text: str) -> str:
    """Words as a sentence of their own: `The disk is full.`"""
    text = text.strip()
    if not text:
        return ""
    end = "" if text[-1] in ".!?…؟。" else "."
    return f"{text[0].upper()}{text[1:]}{end}"


def _plain(text: str) -> bool:
    """Whether there is nothing but printable characters, lines and tabs."""
    return text.replace("\n", "").replace("\t", "").isprintable()


@lru_cache(CHARACTERS_KNOWN)
def _shown(char: str) -> str:
    if char in "\n\t":
        return char
    if char in LINE_ENDS:
        return LINE_ENDS[char]
    if char in BIDI_MARKS:
        return f"\u00b7{BIDI_MARKS[char]}\u00b7"
    if char in KEPT_FORMAT or unicodedata.category(char) not in DROPPED_CATEGORIES:
        return char
    return ""
