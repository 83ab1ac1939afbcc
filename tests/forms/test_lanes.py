"""Answers divided by lane and joined again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.forms.builtin import incident_form
from fieldkit.forms.lanes import join, lane_only, main_only, split
from fieldkit.forms.problems import AnswersError
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers

FORM = incident_form()

REPORT: Answers = {
    "title": "t",
    "sources": [{"src": "S1", "src_name": "Person Example", "src_risk": "4"}, {"src": "S2"}],
    "evidence": [{"ev": "E1", "ev_name": "IMG_PersonExample.jpg", "ev_type": "photo"}],
}


def test_the_name_behind_a_code_leaves_main() -> None:
    """Main keeps the codes; everything else of a source travels in its own lane, tied by code."""
    assert split(FORM, REPORT) == {
        Lane.MAIN: {
            "title": "t",
            "sources": [{"src": "S1"}, {"src": "S2"}],
            "evidence": [{"ev": "E1", "ev_type": "photo"}],
        },
        Lane.SOURCES: {
            "sources": [{"src": "S1", "src_name": "Person Example", "src_risk": "4"}],
            "evidence": [{"ev": "E1", "ev_name": "IMG_PersonExample.jpg"}],
        },
    }


def test_nothing_protected_no_second_lane() -> None:
    """A lane with nothing to say sends nothing."""
    assert split(FORM, {"title": "t", "sources": [{"src": "S1"}]}).keys() == {Lane.MAIN}
    assert split(FORM, {}) == {Lane.MAIN: {}}


@pytest.mark.parametrize("lane", [Lane.MAIN, Lane.SOURCES])
def test_one_lane_shows_what_it_would_carry(lane: Lane) -> None:
    """What is looked over before Finish is what is sent: items with their codes, and no item for nothing."""
    late: Answers = {**REPORT, "sources": [{"src": "S1"}, {"src": "S2", "src_name": "Person Example"}]}
    for answers in (REPORT, late):
        assert lane_only(FORM, answers, lane) == split(FORM, answers)[lane]
    assert lane_only(FORM, {"sources": [{"src": "S1"}]}, Lane.SOURCES) == {}
    assert lane_only(FORM, {"title": "t", "nickname": "x"}, lane) == (
        {"title": "t"} if lane is Lane.MAIN else {}
    )


def test_coordinators_answers_go_to_their_lane() -> None:
    """The admin lane is divided the same way."""
    assert split(FORM, {"title": "t", "r_state": "new"})[Lane.ADMIN] == {"r_state": "new"}


REFUSED: list[tuple[Answers, str]] = [
    ({"nickname": "x"}, "has no lane"),
    ({"src_name": "x"}, "has no lane"),
    ({"sources": [{"src": "S1", "real_name": "x"}]}, "has no lane"),
    ({"sources": [{"src": "S1", "ev_name": "x"}]}, "has no lane"),
    ({"sources": [{"src_name": "x"}]}, "by its own code"),
    ({"sources": [{"src": "S1", "src_name": "x"}, {"src": "S1"}]}, "by its own code"),
    ({"sources": [{"src": "S1"}, {"src": "S1", "src_name": "x"}]}, "by its own code"),
    ({"sources": [{"src": "S1", "src_name": "x"}, {}]}, "by its own code"),
]


@pytest.mark.parametrize(("answers", "why"), REFUSED)
def test_nothing_is_sent_in_a_guessed_lane(answers: Answers, why: str) -> None:
    """What has no question, or could be tied to the wrong person, is refused."""
    with pytest.raises(AnswersError, match=why):
        split(FORM, answers)


def test_a_part_cannot_change_the_report() -> None:
    """What another lane says of main's questions, or of items main does not have, is left out."""
    part: Answers = {
        "title": "forged",
        "r_state": "done",
        "sources": [{"src": "S1", "src_name": "x", "vic": "V1"}, {"src": "S9", "src_name": "y"}],
        "evidence": [{"ev_type": "video"}],
    }
    joined = join(FORM, {"title": "t", "sources": [{"src": "S1"}, {}]}, {Lane.SOURCES: part})
    assert joined == {"title": "t", "sources": [{"src": "S1", "src_name": "x"}, {}]}


def test_coordinators_part_is_joined() -> None:
    """Top-level answers of another lane come back too."""
    assert join(FORM, {"title": "t"}, {Lane.ADMIN: {"r_state": "new"}}) == {"title": "t", "r_state": "new"}


def test_main_only_drops_what_is_not_mains() -> None:
    """An export given too much still writes main alone."""
    assert main_only(FORM, {**REPORT, "r_state": "new", "nickname": "x"}) == split(FORM, REPORT)[Lane.MAIN]


people = st.lists(
    st.fixed_dictionaries(
        {"src": st.sampled_from(["S1", "S2", "S3", "S4"])},
        optional={"src_name": st.text(min_size=1, max_size=5), "src_risk": st.sampled_from(["1", "5"])},
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda person: str(person["src"]),
)


@given(people)
def test_join_undoes_split(sources: list[Answers]) -> None:
    """A reader of both lanes has the report as it was written, and main alone holds codes only."""
    answers: Answers = {"title": "t", "sources": [dict(person) for person in sources]}
    parts = split(FORM, answers)
    assert (
        join(FORM, parts[Lane.MAIN], {lane: part for lane, part in parts.items() if lane is not Lane.MAIN})
        == answers
    )
    assert parts[Lane.MAIN]["sources"] == [{"src": person["src"]} for person in sources]
