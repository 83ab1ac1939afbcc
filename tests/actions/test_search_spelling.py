"""Spelling does not matter, in a real vault: what one person wrote is found as another would write it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.actions import capture, records
from fieldkit.actions.session import Session
from tests.actions.world import Template
from tests.model.test_folding import OTHER, SAME

SCRIPTS = {
    "Arabic": ("قصف على مدرسة مصطنعة", "مدرسه", "مستشفى"),
    "Persian": ("حمله به بیمارستان ساختگی", "بيمارستان", "مدرسه"),
    "Kurdish": ("هێرش بۆ سەر گوندێک", "گوند", "شار"),
    "Syriac": ("ܡܕܝܢܬܐ ܪܒܬܐ", "ܡܕܝܢܬܐ", "ܩܪܝܬܐ"),
    "Hebrew": ("כפר ליד הגבול", "כפר", "עיר"),
    "Cyrillic": ("Обстріл лікарні в місті", "лікарн", "школ"),
    "Greek": ("Επίθεση σε σχολείο", "σχολειο", "νοσοκομείο"),
    "Armenian": ("Հարձակում գյուղի վրա", "գյուղ", "քաղաք"),
    "Georgian": ("თავდასხმა სოფელზე", "სოფელ", "ქალაქ"),
    "Ethiopic": ("በመንደሩ ላይ ጥቃት", "በመንደሩ", "ከተማ"),
    "Hangul": ("마을 공격", "마을", "도시"),
    "Devanagari": ("गाँव पर हमला", "हमला", "शहर"),
    "Latin with marks": ("Hôpital détruit à Çınar", "cinar", "ecole"),
}
"""A text, a word that finds it, a word that does not."""


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One vault with a draft for every spelling and for every script."""
    folder = tmp_path_factory.mktemp("spelling")
    home = Template.make(folder / "template").copy(Path(folder / "home"))
    with Session(vault=home, clock=lambda: 1_900_000_000) as session:
        for text in texts():
            capture.new_draft(session, {"title": "Synthetic", "narrative": text})
        yield session


def texts() -> list[str]:
    """What the drafts say, in the order of their numbers."""
    spellings = [f"before {one} behind" for pair in (*SAME.values(), *OTHER.values()) for one in pair]
    return [*spellings, *(text for text, _, _ in SCRIPTS.values())]


def found(session: Session, query: str) -> set[int]:
    """The numbers of the drafts that a query finds."""
    return {line.number for line in records.list_records(session, query=query)}


@pytest.mark.parametrize("case", SAME)
def test_either_spelling_finds_both(vault: Session, case: str) -> None:
    """Typed as it stands in one report, it finds the other too; in quotation marks as well."""
    first = 1 + 2 * list(SAME).index(case)
    for spelling in SAME[case]:
        for query in (spelling, f'"{spelling}"', f'"{spelling} behind"'):
            assert {first, first + 1} <= found(vault, query), query


@pytest.mark.parametrize("case", OTHER)
def test_another_word_is_not_found(vault: Session, case: str) -> None:
    """Control: what is another word finds its own report, and not the other."""
    first = 1 + 2 * (len(SAME) + list(OTHER).index(case))
    one, other = OTHER[case]
    assert first in found(vault, f'"{one}"') and first + 1 not in found(vault, f'"before {one} behind"')
    assert first + 1 in found(vault, f'"{other}"')


@pytest.mark.parametrize("script", SCRIPTS)
def test_any_script_that_separates_words(vault: Session, script: str) -> None:
    """A word, or the beginning of one, finds its report and no other; another word finds none."""
    number = 1 + 2 * (len(SAME) + len(OTHER)) + list(SCRIPTS).index(script)
    _, word, absent = SCRIPTS[script]
    assert number in found(vault, word) and number not in found(vault, absent)
    assert number not in found(vault, f"-{word}")
