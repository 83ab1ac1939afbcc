"""What changed between two states of a report."""

from __future__ import annotations

import pytest

from fieldkit.forms.answers import read_answers
from fieldkit.forms.builtin import incident_form
from fieldkit.tui.report_changes import CUT, MOST_WORDS, Changed, Kind, changes, pieces

FORM = incident_form()
VICTIMS = [{"vic": "V1", "v_name": "Example One"}, {"vic": "V2", "v_name": "Example Two"}]
BEFORE: dict[str, object] = {
    "title": "Shots",
    "narrative": "one two three",
    "victims": VICTIMS,
}


def told(before: dict[str, object], after: dict[str, object]) -> list[tuple[str, str, str]]:
    """The changes as plain tuples."""
    found = changes(FORM, read_answers(FORM, before), read_answers(FORM, after))
    return [(one.label, one.before, one.after) for one in found]


def test_nothing_changed() -> None:
    """The same says nothing."""
    assert told(BEFORE, BEFORE) == []


def test_answers_that_came_went_and_changed() -> None:
    """Each once, in the words of the form."""
    after = {**BEFORE, "title": "Shots at night", "town": "Mockbridge"}
    del after["narrative"]
    found = told(BEFORE, after)
    assert ("Title", "Shots", "Shots at night") in found
    assert {(before, new) for _, before, new in found} == {
        ("Shots", "Shots at night"),
        ("", "Mockbridge"),
        ("one two three", ""),
    }


def test_items_are_followed_by_their_code() -> None:
    """One that was moved did not change; one that was taken out is said with its code."""
    victims = VICTIMS
    assert told(BEFORE, {**BEFORE, "victims": victims[::-1]}) == []
    gone = told(BEFORE, {**BEFORE, "victims": victims[1:]})
    assert gone and all("V1" in label and not after for label, _, after in gone)


def test_what_no_question_asks_is_told_too() -> None:
    """An answer of another form is not hidden."""
    found = changes(FORM, {}, {"strange": "x\x1b[31my"})
    assert [(one.label, one.after) for one in found] == [("strange", "x[31my")] or "\x1b" not in found[
        0
    ].after


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "new", [(Kind.COME, "new")]),
        ("old", "", [(Kind.GONE, "old")]),
        ("a b c", "a x c", [(Kind.SAME, "a"), (Kind.GONE, "b"), (Kind.COME, "x"), (Kind.SAME, "c")]),
        ("a b", "b", [(Kind.GONE, "a"), (Kind.SAME, "b")]),
    ],
)
def test_pieces(before: str, after: str, expected: list[tuple[Kind, str]]) -> None:
    """Word by word, in the order of reading."""
    assert [(piece.kind, piece.text) for piece in pieces(before, after)] == expected


def test_long_stretches_are_cut() -> None:
    """Around a change some words stand, on both sides; the rest is only said to be there."""
    many = [f"w{number}" for number in range(100)]
    changed = [*many[:50], "NEW", *many[50:]]
    first, new, last = pieces(" ".join(many), " ".join(changed))
    assert first.text.startswith(CUT) and first.text.endswith("w49") and new.text == "NEW"
    assert last.text.startswith("w50") and last.text.endswith(CUT)


def test_very_long_texts_are_told_whole() -> None:
    """Comparing them word by word would take long: hostile ones may have 50,000."""
    long = "a " * (MOST_WORDS + 1)
    assert [piece.kind for piece in pieces(long, f"{long} b")] == [Kind.GONE, Kind.COME]


def test_a_change_is_cut_where_it_is_shown() -> None:
    """`pieces` of a change are those of its two texts."""
    assert Changed(label="l", before="a", after="b").pieces == pieces("a", "b")
