"""The one function untrusted text passes."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model import text as judging
from fieldkit.model.text import BIDI_MARKS, DROPPED_CATEGORIES, KEPT_FORMAT, clean, is_clean

CASES = [
    ("plain", "plain"),
    ("a\x1b[31mred", "a[31mred"),
    ("a\x1b]52;c;AAAA\x07b", "a]52;c;AAAAb"),
    ("line\r\nnext\rlast", "line\nnext\nlast"),
    ("tab\there", "tab\there"),
    ("paragraph\u2029end", "paragraph\nend"),
    ("abc\u202egnp.exe", "abc·RLO·gnp.exe"),
    ("\u2066x\u2069", "·LRI·x·PDI·"),
    ("می\u200cخواهم", "می\u200cخواهم"),
    ("\ue000private", "private"),
    ("\U000e0041tag", "tag"),
    ("zero\u200bwidth\ufeff", "zerowidth"),
    ("e\u0301", "é"),
    ("\ud800half", "half"),
    ("مارع", "مارع"),
]


@pytest.mark.parametrize(("dirty", "expected"), CASES)
def test_what_becomes_of_text(dirty: str, expected: str) -> None:
    """Each kind of character goes, stays or is shown as stated."""
    assert clean(dirty) == expected


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """Ingest and render may both clean."""
    assert is_clean(clean(text))


@given(st.text(st.characters(codec=None)))
def test_nothing_dangerous_survives(text: str) -> None:
    """Whatever comes in, no control, private, unassigned or bidi character comes out."""
    for char in clean(text):
        assert char in "\n\t" or char in KEPT_FORMAT or unicodedata.category(char) not in DROPPED_CATEGORIES
        assert char not in BIDI_MARKS
    assert unicodedata.is_normalized("NFC", clean(text))


def test_one_line_has_no_line_ends() -> None:
    """A list row cannot be broken by a title."""
    assert clean("one\ntwo\t three", one_line=True) == "one two three"
    assert clean(" plain  words ", one_line=True) == "plain words"


def test_every_bidi_control_is_covered() -> None:
    """The table of marks is the Unicode property, not a memory of it."""
    strong = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    found = {chr(code) for code in range(0x3000) if unicodedata.bidirectional(chr(code)) in strong}
    assert found | {"\u061c", "\u200e", "\u200f"} == set(BIDI_MARKS)


def test_what_is_printable_is_never_strange() -> None:
    """Of every character there is: what needs no judging would be kept by it."""
    every = map(chr, range(sys.maxunicode + 1))
    wrong = [char for char in every if char.isprintable() and judging._shown.__wrapped__(char) != char]
    assert wrong == [] and not judging._plain("a\u202e") and judging._plain("a\n\tb")
