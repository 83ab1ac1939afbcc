"""A filling session: what is asked, what is wrong, what is kept."""

from __future__ import annotations

from datetime import date

import pytest

from fieldkit.forms.builtin import incident_form
from fieldkit.forms.filling import Filling
from fieldkit.forms.problems import AnswersError, Fault
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers, Path
from tests.forms.small import definition, load

SMALL = load(definition())


def filling(answers: Answers) -> Filling:
    """A session over the small form."""
    return Filling(form=SMALL, answers=answers)


def places(session: Filling) -> list[Path]:
    """Where questions are asked."""
    return [asked.place for asked in session.asked()]


def test_only_relevant_questions_are_asked() -> None:
    """A group's condition holds for what is in it; dates are compared by their EDTF."""
    assert places(filling({})) == [("title",), ("asked",)]
    assert places(filling({"asked": "yes"})) == [("title",), ("asked",), ("when",)]
    assert ("size",) in places(filling({"asked": "yes", "when": ["2026", "in 2026"]}))
    assert ("size",) not in places(filling({"asked": "yes", "when": ["2025", "2026"]}))


def test_repeats_are_asked_once_an_item() -> None:
    """Conditions inside an item look at that item first."""
    session = filling({"sources": [{"src": "S1"}, {"src": "S2", "src_name": "x"}]})
    assert places(session)[2:] == [
        ("sources", 0, "src"),
        ("sources", 0, "src_name"),
        ("sources", 1, "src"),
        ("sources", 1, "src_name"),
        ("sources", 1, "src_low"),
    ]


def test_the_coordinators_questions_are_asked_of_coordinators() -> None:
    """Lanes that are not asked are not judged either."""
    assert ("r_public",) not in places(filling({}))
    session = Filling(form=SMALL, answers={}, lanes=frozenset({Lane.ADMIN}))
    assert places(session) == [("r_public",)]
    assert session.problems() == ()


PROBLEMS: list[tuple[Answers, list[tuple[Path, Fault]]]] = [
    ({}, [(("title",), Fault.MISSING)]),
    ({"title": "t"}, []),
    ({"title": "t", "asked": "yes"}, [(("when",), Fault.MISSING)]),
    ({"title": "t", "asked": "maybe"}, [(("asked",), Fault.WRONG)]),
    ({"title": "t", "asked": "yes", "when": ["2026"], "size": 100}, [(("size",), Fault.CONSTRAINT)]),
    ({"title": "t", "asked": "yes", "when": ["2026"], "size": 99}, []),
    ({"title": "t", "asked": "yes", "when": ["2025"], "size": 100}, []),
    ({"title": "t", "asked": "yes", "when": "2026"}, [(("when",), Fault.WRONG)]),
    ({"title": "t", "sources": [{"src_name": "x"}]}, [(("sources", 0, "src"), Fault.MISSING)]),
    (
        {"title": "t", "sources": [{"src": "S2", "src_name": "x", "src_low": 1}]},
        [(("sources", 0, "src_low"), Fault.CONSTRAINT)],
    ),
    (
        {"title": "t", "sources": [{"src": "S1"}, {"src": "S1"}]},
        [(("sources", 0, "src"), Fault.REPEATED), (("sources", 1, "src"), Fault.REPEATED)],
    ),
]


@pytest.mark.parametrize(("answers", "expected"), PROBLEMS)
def test_problems(answers: Answers, expected: list[tuple[Path, Fault]]) -> None:
    """What stands between the answers and a finished report, and nothing else."""
    found = filling(answers).problems()
    assert [(problem.place, problem.fault) for problem in found] == expected
    assert all(problem.message for problem in found)


def test_codes_of_the_incident_form() -> None:
    """A named victim exists; two consents of one person are no mistake; a point on the equator is fine."""
    answers: Answers = {
        "title": "t", "kind": ["killing"], "start": ["2026"], "gov": "g", "narrative": "n",
        "lat": 5, "lon": 7,
        "acts": [{"act": "A1", "a_kind": "killing", "a_victim": ["V1", "V9"]}],
        "victims": [{"vic": "V1", "v_type": "person"}],
        "consents": [{"con": "S1"}, {"con": "S1"}],
    }  # fmt: skip
    (problem,) = Filling(form=incident_form(), answers=answers).problems()
    assert (problem.place, problem.fault) == (("acts", 0, "a_victim"), Fault.DANGLING)
    assert "V9" in problem.message
    off_the_globe = Filling(form=incident_form(), answers={**answers, "acts": [], "lat": 90_000_001})
    assert [problem.place for problem in off_the_globe.problems()] == [("lat",)]


def test_codes_that_are_no_codes() -> None:
    """A revision from another laptop may hold anything; judging it finds a problem and does not fail."""
    answers: Answers = {"acts": [{"act": "A1", "a_kind": "killing", "a_victim": [["V1"], {"V": 1}, 5]}]}
    problems = Filling(form=incident_form(), answers=answers).problems()
    assert ("acts", 0, "a_victim") in [problem.place for problem in problems]


def test_required_left() -> None:
    """The list shows `2 of 9 required left`; irrelevant questions do not count."""
    assert filling({}).required_left() == (1, 1)
    assert filling({"title": "t", "asked": "yes", "sources": [{}]}).required_left() == (2, 3)


def test_typing_an_answer() -> None:
    """Each answer gives a new session; an empty one takes the answer out."""
    start = filling({"sources": [{"src": "S1"}]})
    typed = start.with_answer(("when",), "yesterday", date(2026, 10, 5)).with_answer(
        ("sources", 0, "src_name"), "x"
    )
    assert typed.answers == {"when": ["2026-10-04", "yesterday"], "sources": [{"src": "S1", "src_name": "x"}]}
    assert typed.with_answer(("when",), "").answers == {"sources": [{"src": "S1", "src_name": "x"}]}
    assert start.answers == {"sources": [{"src": "S1"}]}


@pytest.mark.parametrize(
    "place",
    [
        ("nobody",),
        ("title", 0),
        ("src",),
        ("sources", 1, "src"),
        ("sources", "0", "src"),
        ("other", 0, "src"),
        ("sources", 0),
    ],
)
def test_typing_where_nothing_is_asked(place: Path) -> None:
    """A wrong place is told, not written to."""
    with pytest.raises(AnswersError) as caught:
        filling({"sources": [{"src": "S1"}]}).with_answer(place, "x")
    assert caught.value.problems[0].fault is Fault.UNKNOWN


def test_typing_what_is_not_asked_for() -> None:
    """The old answer stays when the new one is refused."""
    session = filling({"asked": "yes"})
    with pytest.raises(AnswersError, match="choose from yes, no"):
        session.with_answer(("asked",), "perhaps")
    assert session.answers == {"asked": "yes"}


def test_what_is_no_longer_asked_is_not_sent() -> None:
    """It stays in the draft, so nothing written is lost; it is not signed, because nobody reviews it."""
    session = filling(
        {"title": "t", "asked": "no", "when": ["2026"], "sources": [{"src": "S1", "src_low": 5}, {}]}
    )
    assert session.kept() == {"title": "t", "asked": "no", "sources": [{"src": "S1"}]}
    assert session.answers["when"] == ["2026"]
