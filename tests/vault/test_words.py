"""Passphrases drawn and judged (threat model R4)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fieldkit.vault import words
from fieldkit.vault.errors import WeakPassphrase


def test_the_list() -> None:
    """1,296 distinct short words, sorted, of plain letters: six of them are 62 bits."""
    listed = words.word_list()
    assert len(listed) == 6**4
    assert list(listed) == sorted(set(listed))
    assert all(
        word.isascii() and word.isalpha() and word.islower() and 3 <= len(word) <= 7 for word in listed
    )
    assert 62 < words.bits(words.WORDS_OFFERED) < 63
    assert words.bits(words.RECOVERY_WORDS) > 128


def test_what_the_page_counts_on() -> None:
    """docs/vault-format.md §2 reckons with these numbers."""
    assert (words.WORDS_OFFERED, words.RECOVERY_WORDS, words.JUDGED_CHARACTERS) == (6, 13, 72)
    assert words.LEAST_GUESSES_LOG10 == 12


@pytest.mark.parametrize(("guesses", "strong"), [(12.0, True), (11.999, False), (30.0, True), (0.0, False)])
def test_enough_is_enough(guesses: float, strong: bool) -> None:
    """10¹² guesses are taken, fewer are not."""
    assert words.Judgement(guesses_log10=guesses, warning="").strong is strong


def test_a_refusal_says_why() -> None:
    """How soon it would fall, what makes it weak, how much is asked for; no passphrase has no warning."""
    with pytest.raises(WeakPassphrase, match=r"after about 10\^0 guesses; at least 10\^12 are asked for"):
        words.check_strong("")
    with pytest.raises(WeakPassphrase, match=r"guesses \(.*common.*[^.]\); at least"):
        words.check_strong("password")


def test_drawing_is_even() -> None:
    """Numbers above the last whole multiple of the list are drawn again, so no word is likelier."""
    limit = (1 << 16) - (1 << 16) % 6**4
    draws = iter([limit, 65_535, limit - 1, 0])
    text = words.draw_words(2, lambda count: next(draws).to_bytes(count, "big"))
    assert text.split() == [words.word_list()[-1], words.word_list()[0]]


def test_drawn_words_are_strong() -> None:
    """What is offered passes the judge."""
    words.check_strong(words.draw_words(words.WORDS_OFFERED, os.urandom))


@pytest.mark.parametrize(
    "weak", ["", "password", "P@ssw0rd1!", "aaaaaaaaaaaaaaaaaaaa", "qwertyuiop", "1990-05-17"]
)
def test_weak_ones_are_refused(weak: str) -> None:
    """Known, repeated, keyboard and date passphrases are refused with a way out."""
    with pytest.raises(WeakPassphrase) as told:
        words.check_strong(weak)
    assert "words drawn by chance" in told.value.hint


SIX = " ".join(words.word_list()[at] for at in (7, 700, 33, 1200, 401, 90))


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        (SIX, SIX),
        (SIX.replace(" ", "  "), SIX),
        (f" {SIX.title()}\t", SIX),
        (f"{SIX} ", SIX),
        # One's own: every letter counts.
        (SIX.replace(" ", "-"), SIX.replace(" ", "-")),
        (f"{SIX} Sixteen", f"{SIX} Sixteen"),
        ("My own  line of Six words", "My own  line of Six words"),
    ],
)
def test_drawn_words_in_any_spelling(typed: str, tidy: str) -> None:
    """Six of the list are what was drawn, whatever blanks and capitals; all else stays as it was typed."""
    assert words.tidy_words(typed) == tidy
    wanted = {tidy, typed} | ({SIX.replace(" ", "  ")} if tidy == SIX else set())
    assert set(words.readings(typed)) == wanted and len(words.readings(typed)) == len(wanted)
    assert words.readings(typed)[0] == tidy


def test_only_so_much_is_judged() -> None:
    """A very long passphrase does not make the judge slow or fail."""
    assert words.judge("ab" * 50_000).guesses_log10 == words.judge("ab" * 36).guesses_log10


def test_the_judge_is_imported_late() -> None:
    """Starting does not pay for the judge."""
    code = "import sys, fieldkit.vault.words; sys.exit('zxcvbn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
