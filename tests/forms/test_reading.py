"""Typed answers: the friendly form in, the one stored form out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.forms.answers import REPORTER_LANES, read_answers
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.counts import describe_count, read_count
from fieldkit.forms.positions import AMBIGUOUS, degrees_text, read_degrees
from fieldkit.forms.problems import AnswersError, BadAnswer
from fieldkit.model.ids import Lane

FORM = incident_form()
TODAY = date(2026, 10, 5)
HEX = "0123456789abcdef" * 2

TYPED: list[tuple[str, object, object]] = [
    ("title", "  A title\x1b[2J ", "A title[2J"),
    ("kind", "arrest", ["arrest"]),
    ("kind", "arrest, killing", ["arrest", "killing"]),
    ("kind", ["Arrest or detention", "قتل", "arrest"], ["arrest", "killing"]),
    ("start", "2026-10-03", ["2026-10-03"]),
    ("start", "about 3 Aug 2026", ["2026-08-03~", "about 3 Aug 2026"]),
    ("start", "yesterday", ["2026-10-04", "yesterday"]),
    ("start", {"edtf": "XXXX-XX-XX", "words": "yesterday"}, ["XXXX-XX-XX", "yesterday"]),
    ("start", ["2026-10", "Oct"], ["2026-10", "Oct"]),
    ("detained", "more than 25", {"min": 26}),
    ("detained", 25, {"min": 25, "max": 25}),
    ("lat", 36.481, 36_481_000),
    ("lat", "36.481 N", 36_481_000),
    ("lat", "٣٦٫٤٨١", 36_481_000),
    ("lat", "36,481° s", -36_481_000),
    ("lon", "-37.1950005", -37_195_000),
    ("lon", 37_195_000, 37_195_000),
    ("lat", 0, 0),
    ("linked", HEX.upper(), [HEX]),
    ("linked", "the attack\nthe attack\nanother", ["the attack", "another"]),
    ("urgency", "Normal", "normal"),
    ("title", "", None),
    ("kind", [], None),
    ("title", None, None),
    ("title", " \n ", None),
]


@pytest.mark.parametrize(("name", "typed", "stored"), TYPED)
def test_typed_and_stored(name: str, typed: object, stored: object) -> None:
    """Each way of typing has one stored form, and that form reads as itself."""
    answers = read_answers(FORM, {name: typed}, today=TODAY)
    assert answers.get(name) == stored
    assert read_answers(FORM, answers) == answers


ITEMS: list[tuple[str, str, object, object]] = [
    ("sources", "src_risk", 4, "4"),
    ("sources", "src_again", True, "yes"),
    ("sources", "src_again", False, "no"),
    ("acts", "a_victim", "V1, V2 V1", ["V1", "V2"]),
    ("evidence", "ev_sha", "AB" * 32, "ab" * 32),
    ("evidence", "ev_size", "٤٠٩٦", 4096),
]


@pytest.mark.parametrize(("repeat", "name", "typed", "stored"), ITEMS)
def test_typed_and_stored_in_items(repeat: str, name: str, typed: object, stored: object) -> None:
    """The same inside repeats."""
    assert read_answers(FORM, {repeat: [{name: typed}]}) == {repeat: [{name: stored}]}


REFUSED: list[tuple[object, str]] = [
    ([], "expected an object of answers"),
    ({"title": 5}, "title: expected text"),
    ({"titel": "x"}, "did you mean title"),
    ({"zzzzqqq": "x"}, "no such question here .names here are title, kind, start"),
    ({"v_name": "x"}, "it belongs inside victims"),
    ({"victims": [{"title": "x"}]}, "victims 1 title: no such question here .it belongs elsewhere"),
    ({"victims": {"v_name": "x"}}, "victims: expected a list"),
    ({"victims": [5]}, "victims 1: expected an object"),
    ({"kind": "murder"}, "'murder' is not in the list .choose from abduction.* and 9 more"),
    ({"urgency": ["life", "soon"]}, "not in the list"),
    ({"start": "3/8/2026"}, "write the month as a word"),
    ({"start": ["someday"]}, "expected a date"),
    ({"detained": "several"}, "put anything vaguer in words"),
    ({"detained": "5-3"}, "the least .5. is more than the most"),
    ({"detained": {"min": 1.5}}, "whole numbers"),
    ({"detained": {"least": 1}}, "min, max or both"),
    ({"detained": "fewer than 0"}, "between 0 and"),
    ({"detained": True}, "expected a count"),
    ({"lat": 91.0}, "between -90 and 90"),
    ({"lat": 36}, "write 36.0 for degrees"),
    ({"lat": 91_000_000}, "between -90 and 90"),
    ({"lat": float("nan")}, "between -90 and 90"),
    ({"lat": 1e300}, "between -90 and 90"),
    ({"lat": "37 E"}, "cannot read '37 E' as a latitude"),
    ({"lon": True}, "expected degrees"),
    ({"lon": 10**30}, "between -180 and 180"),
    ({"sources": [{"src": "Ahmed the baker"}]}, "expected a code"),
    ({"evidence": [{"ev_sha": "abc"}]}, "64 hex digits"),
    ({"evidence": [{"ev_size": 1.5}]}, "whole number"),
    ({"linked": ["x" * 301]}, "1 to 300 characters"),
    ({"title": "x" * 50_001}, "50001 characters"),
    ({"linked": "\n".join(str(n) for n in range(1_001))}, "1001 entries"),
    ({"r_state": "new"}, "no such question here"),
]


@pytest.mark.parametrize(("data", "why"), REFUSED)
def test_refused(data: object, why: str) -> None:
    """Every refusal says what was expected and what came."""
    with pytest.raises(AnswersError, match=why):
        read_answers(FORM, data, today=TODAY)


def test_every_problem_is_told_at_once() -> None:
    """Nobody corrects a file one error a run."""
    with pytest.raises(AnswersError) as caught:
        read_answers(FORM, {"titel": "x", "lat": "100", "victims": [{"v_type": "ghost"}]})
    assert [problem.place for problem in caught.value.problems] == [
        ("titel",),
        ("lat",),
        ("victims", 0, "v_type"),
    ]


def test_coordinators_fill_in_their_own_lane() -> None:
    """The admin lane is read when it is asked for."""
    lanes = REPORTER_LANES | {Lane.ADMIN}
    assert read_answers(FORM, {"r_state": "new"}, lanes=lanes) == {"r_state": "new"}


def test_answers_come_in_the_order_of_the_form() -> None:
    """The same answers make the same bytes whatever order they were typed in."""
    assert list(read_answers(FORM, {"narrative": "n", "victims": [{"vic": "V1"}], "title": "t"})) == [
        "title", "narrative", "victims",
    ]  # fmt: skip


COUNTS: list[tuple[object, dict[str, int]]] = [
    ("25", {"min": 25, "max": 25}),
    ("3-5", {"min": 3, "max": 5}),
    ("3 to 5", {"min": 3, "max": 5}),
    ("between 3 and 5", {"min": 3, "max": 5}),
    ("More than 25", {"min": 26}),
    ("at least 25", {"min": 25}),
    ("25+", {"min": 25}),
    ("25 or more", {"min": 25}),
    ("fewer than 5", {"max": 4}),
    ("up to 5", {"max": 5}),
    ("أكثر من ٢٥", {"min": 26}),
    ("٢٥ على الأقل", {"min": 25}),
    ("٣-٥", {"min": 3, "max": 5}),
    ("plus de 25", {"min": 26}),
    ("понад 25", {"min": 26}),
    ({"max": 5}, {"max": 5}),
    (0, {"min": 0, "max": 0}),
]


@pytest.mark.parametrize(("typed", "stored"), COUNTS)
def test_counts(typed: object, stored: dict[str, int]) -> None:
    """How many, the way people say it."""
    assert read_count(typed) == stored


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"min": 5, "max": 5}, "5"),
        ({"min": 26}, "26 or more"),
        ({"max": 5}, "up to 5"),
        ({"min": 3, "max": 5}, "3-5"),
    ],
)
def test_counts_said_in_short_read_back(stored: dict[str, int], said: str) -> None:
    """What a list shows can be typed in again."""
    assert describe_count(dict(stored)) == said
    assert read_count(said) == stored


@given(st.integers(-90_000_000, 90_000_000))
def test_degrees_round_trip(micro: int) -> None:
    """Micro-degrees written as degrees are read as the same micro-degrees."""
    assert read_degrees(degrees_text(micro), "lat") == micro
    assert read_degrees(micro / 1_000_000, "lat") == micro


@given(st.text(max_size=30), st.sampled_from(list(FORM.placed)))
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    """Nothing but AnswersError comes out, whatever is typed at whichever question."""
    placed = FORM.placed[name]
    data: dict[str, object] = {placed.repeat.name: [{name: text}]} if placed.repeat else {name: text}
    try:
        answers = read_answers(FORM, data, today=TODAY)
    except AnswersError:
        return
    value = answers.get(name)
    if not isinstance(value, int) or abs(value) >= AMBIGUOUS:
        assert read_answers(FORM, answers) == answers


def test_a_bad_answer_keeps_message_and_hint_apart() -> None:
    """A screen can show the hint on a line of its own."""
    with pytest.raises(BadAnswer) as caught:
        read_count("lots")
    assert "lots" in caught.value.message
    assert "25" in caught.value.hint
