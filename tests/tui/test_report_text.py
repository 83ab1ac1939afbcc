"""A report is told in the order of its form, whole, and in clean text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.forms.answers import read_answers
from fieldkit.forms.builtin import incident_form
from fieldkit.model.text import is_clean
from fieldkit.model.values import Answers, Value
from fieldkit.tui.report_text import OTHERS, Passage, passages

FORM = incident_form()


def told(answers: Answers, language: str = "en") -> list[tuple[int, str, str]]:
    """Depth, label and text of each passage."""
    return [(passage.depth, passage.label, passage.text) for passage in passages(FORM, answers, language)]


def test_nothing_answered() -> None:
    """An empty report has no passage."""
    assert passages(FORM, {}, "en") == ()


def test_order_and_headings() -> None:
    """Answers stand under their group, in the order of the form and not of the report."""
    answers = read_answers(FORM, {"town": "مارع", "gov": "Aleppo", "title": "Shots"})
    assert told(dict(reversed(answers.items()))) == [
        (0, "What happened", ""),
        (1, "Title", "Shots"),
        (1, "Governorate or region", "Aleppo"),
        (0, "Place", ""),
        (1, "Town, village or neighbourhood", "مارع"),
    ]


def test_items_and_groups_inside() -> None:
    """Each item of a repeat has its code as a heading; a group inside stands one deeper."""
    answers = read_answers(
        FORM,
        {
            "acts": [
                {"act": "A1", "a_kind": "arrest", "arr_held": "unknown"},
                {"act": "A2", "a_kind": "killing"},
            ]
        },
    )
    assert told(answers) == [
        (0, "Acts · A1", ""),
        (1, "Kind of act", "Arrest or detention"),
        (1, "Arrest", ""),
        (2, "Place held", "unknown"),
        (0, "Acts · A2", ""),
        (1, "Kind of act", "Killing"),
    ]


# An answer as typed, and how it is told.
WORDS: dict[str, tuple[object, str]] = {
    "kind": (["arrest", "killing"], "Arrest or detention, Killing"),
    "urgency": ("soon", "Within days"),
    "start": (["XXXX-XX-XX", "yesterday"], "yesterday (date not known)"),
    "end": ("2026-08-03", "3 August 2026"),
    "detained": ("more than 25", "26 or more"),
    "killed": ("3-5", "3-5"),
    "lat": ("36.481", "36.481°"),
    "linked": (["ab" * 16, "the campaign"], "ab" * 16 + ", the campaign"),
    "narrative": ("one\ntwo", "one\ntwo"),
}


@pytest.mark.parametrize("name", WORDS)
def test_words(name: str) -> None:
    """Each kind of answer in words a person reads."""
    typed, text = WORDS[name]
    assert told(read_answers(FORM, {name: typed}))[-1][2] == text


def test_language() -> None:
    """Labels and choices come in the language asked for, else in the form's own."""
    answers = read_answers(FORM, {"kind": ["arrest"]})
    assert told(answers, "ar-SY")[0][1] == "ماذا حدث"
    assert told(answers, "xx") == told(answers, "en")


# Answers that another program, or an enemy, may have signed.
STRANGE: dict[str, tuple[Answers, list[tuple[int, str, str]]]] = {
    "unknown question": ({"new": "x"}, [(0, OTHERS, ""), (1, "new", "x")]),
    "question of a repeat outside it": ({"act": "A1"}, [(0, OTHERS, ""), (1, "act", "A1")]),
    "repeat that is no list": ({"acts": "x"}, [(0, OTHERS, ""), (1, "acts", "x")]),
    "unknown question in an item": (
        {"acts": [{"act": "A1", "new": {"a": ["b", True]}}]},
        [(0, "Acts · A1", ""), (1, "new", "a: b, yes")],
    ),
    "item without a code": (
        {"acts": [{"a_kind": "killing"}]},
        [(0, "Acts · 1", ""), (1, "Kind of act", "Killing")],
    ),
    "code that is no text": ({"acts": [{"act": 7}]}, [(0, "Acts · 1", ""), (1, "Act code", "7")]),
    "choice that is not in the list": (
        {"kind": ["x", 3]},
        [(0, "What happened", ""), (1, "Kind of event", "x, 3")],
    ),
    "date that is none": (
        {"start": ["soon", 1]},
        [(0, "What happened", ""), (1, "When it began", "soon, 1")],
    ),
    "count that is none": ({"killed": {"many": 1}}, [(0, "How many people", ""), (1, "Killed", "many: 1")]),
    "empty text": ({"title": "\x00"}, [(0, "What happened", ""), (1, "Title", "(empty)")]),
    "name with an escape": ({"\x1b[2Jnew\n": "x"}, [(0, OTHERS, ""), (1, "[2Jnew", "x")]),
}


@pytest.mark.parametrize(("answers", "expected"), STRANGE.values(), ids=STRANGE)
def test_strange_answers_are_shown(answers: Answers, expected: list[tuple[int, str, str]]) -> None:
    """What the form does not know is shown as it is, never hidden and never a crash."""
    assert told(answers) == expected


VALUES: st.SearchStrategy[Value] = st.recursive(
    st.text() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*FORM.placed, "acts", "victims"]) | st.text(), VALUES, max_size=6))
def test_any_tree_is_told_in_clean_text(answers: Answers) -> None:
    """Whatever a report holds, every passage is clean and has a label or a text."""
    for passage in passages(FORM, answers, "en"):
        assert is_clean(passage.label) and "\n" not in passage.label
        assert is_clean(passage.text)
        assert isinstance(passage, Passage)
