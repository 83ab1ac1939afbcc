"""What is told of a passphrase while it is typed."""

from __future__ import annotations

import pytest

from fieldkit.tui.advice import comparison, keyboard_hint, span, verdict
from fieldkit.tui.ports.entry import Estimate
from tests.tui.entry_desk import WORDS

COMPARED = {
    "": None,
    "l": None,
    "li": "0 of 6 words so far.",
    "lid": "1 of 6 words so far.",
    "lid co": "1 of 6 words so far.",
    "lid coat ": "2 of 6 words so far.",
    "lid cow": "Word 2 is not the one above: coat.",
    "lid co ": "Word 2 is not the one above: coat.",
    "lid coat five mouse sixty": "5 of 6 words so far.",
    "lid coat five mouse sixty useful": "All six words are right. Enter goes on.",
    "lid coat five mouse sixty useful more": "More words than above: this is a passphrase of your own.",
    "something of one's own": None,
}


@pytest.mark.parametrize(("typed", "said"), COMPARED.items())
def test_comparison(typed: str, said: str | None) -> None:
    """How far the offered words were followed; nothing about a passphrase of one's own."""
    assert comparison(WORDS, typed) == said


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("LID COAT FIVE", "Caps Lock"),
        ("عشرة كلمات", "keyboard layout"),
        ("дім", "keyboard layout"),
        ("Lid Coat", ""),
        ("ABC", ""),
        ("1234 5678", ""),
        ("", ""),
    ],
)
def test_keyboard(typed: str, hint: str) -> None:
    """Capitals alone, or no Latin letter at all, are asked about; nothing else is."""
    said = keyboard_hint(typed)
    assert hint in said
    assert bool(said) is bool(hint)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.1, "in a moment"),
        (90, "in about 2 min"),
        (7_200, "in about 2 h"),
        (3 * 86_400, "in about 3 days"),
        (31_557_600 * 40, "in about 40 years"),
        (31_557_600 * 4e3, "after thousands of years"),
        (31_557_600 * 4e6, "after millions of years"),
        (1e30, "after billions of years"),
    ],
)
def test_span(seconds: float, said: str) -> None:
    """The largest unit that says something."""
    assert span(seconds) == said


def test_verdict() -> None:
    """A weak one is told why and what to do; a strong one what the estimate does not know."""
    weak = verdict(Estimate(strong=False, seconds=2, warning="This is a top-10 common password"))
    assert weak.startswith("Too weak (this is a top-10 common password): ")
    assert "Add words" in weak
    strong = verdict(Estimate(strong=True, seconds=1e12, warning=""))
    assert "after thousands of years" in strong
    assert "does not know your life" in strong
