"""Review and Finish: who would read what, what is missing, what it costs; signed only when told twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot
from textual.screen import Screen

from fieldkit.forms.builtin import incident_form
from fieldkit.model.values import Answers
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.review_words import Line, cost_words, lines, where
from fieldkit.tui.screens.review import Outcome, ReviewScreen
from tests.tui.alone import Alone, alone
from tests.tui.review_desk import ReviewedWriting, desk_of
from tests.tui.showing import settle, text_of

pytestmark = pytest.mark.anyio

READY: Answers = {
    "title": "Shots at night [red]",
    "kind": ["arrest"],
    "start": ["2026-08-04", "yesterday"],
    "gov": "حلب",
    "narrative": "Two men came.\nThey left with one.",
    "urgency": "life",
    "victims": [{"vic": "V1", "v_type": "person", "v_name": "Example Name"}],
    "sources": [{"src": "S1", "src_name": "Sample Source", "src_risk": "2"}],
    "consents": [{"con": "S1", "con_asked": "yes", "con_anon": "yes"}],
}

MISSING: Answers = {
    "title": "Shots at night",
    "victims": [{"vic": "V1"}, {"vic": "V2", "v_type": "person", "v_sex": "m"}],
}


def holding(answers: Answers, **more: object) -> ReviewedWriting:
    """Drafts with one in them."""
    return ReviewedWriting(drafts={1: dict(answers)}, **more)  # type: ignore[arg-type]


@asynccontextmanager
async def reviewing(writing: ReviewedWriting, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    """The screen with the draft looked over."""
    async with alone(ReviewScreen(desk_of(writing), 1), size=size) as pilot:
        yield pilot


def results(pilot: Pilot[None]) -> list[object]:
    """What the screen answered when it was left."""
    assert isinstance(pilot.app, Alone)
    return pilot.app.results


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Each key, and what it asks for."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def test_missing(snapshot: SnapshotAssertion) -> None:
    """What is missing comes first, each with its place in words."""
    async with reviewing(holding(MISSING)) as pilot:
        assert text_of(pilot) == snapshot


@pytest.mark.parametrize("size", [(80, 24), (50, 40)], ids=str)
async def test_ready(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    """Who reads what, lane by lane; urgent is said first."""
    async with reviewing(holding(READY, measured=14_000), size) as pilot:
        assert text_of(pilot) == snapshot


async def test_asked(snapshot: SnapshotAssertion) -> None:
    """The first F9 asks, and says what cannot be undone."""
    writing = holding(READY)
    async with reviewing(writing) as pilot:
        await press(pilot, "f9")
        assert text_of(pilot) == snapshot and writing.finished == []


async def test_finished(snapshot: SnapshotAssertion) -> None:
    """The second F9 signs; then it is said exactly what is true, and F9 does nothing any more."""
    writing = holding(READY)
    async with reviewing(writing) as pilot:
        await press(pilot, "f9", "f9")
        assert text_of(pilot) == snapshot and writing.finished == [1]
        await press(pilot, "f9", "f9")
        assert writing.finished == [1]
        await press(pilot, "escape")
        assert results(pilot) == [Outcome(finished=True)]


async def test_finished_and_back_from_another_screen() -> None:
    """It may have been sent there: that it was not is said no longer."""
    async with reviewing(holding(READY)) as pilot:
        await press(pilot, "f9", "f9")
        assert "not sent yet" in text_of(pilot)
        pilot.app.push_screen(Screen[None]())
        await settle(pilot)
        pilot.app.pop_screen()
        await settle(pilot)
        assert "not sent yet" not in text_of(pilot) and "its sign in the list says" in text_of(pilot)


async def test_not_asked_twice_is_not_signed() -> None:
    """Esc takes the question back; F9 then asks again."""
    writing = holding(READY)
    async with reviewing(writing) as pilot:
        await press(pilot, "f9", "escape", "f9")
        assert writing.finished == [] and "Finish?" in text_of(pilot)
        await press(pilot, "escape", "escape")
        assert results(pilot) == [None] and writing.finished == []


@pytest.mark.parametrize(
    ("writing", "said"),
    [
        (holding(MISSING), "NOT READY: 5 answers missing"),
        (holding(READY, member=False), "NOT READY: this vault belongs to no organisation yet"),
        (holding(READY, cost=None), "NOT READY: it is too long to be sent"),
    ],
    ids=("missing", "no member", "too long"),
)
async def test_what_is_not_ready_is_not_signed(writing: ReviewedWriting, said: str) -> None:
    """However often F9 is pressed: it says why not."""
    async with reviewing(writing) as pilot:
        assert said in text_of(pilot)
        await press(pilot, "f9", "f9", "f9")
        assert writing.finished == [] and text_of(pilot).count(said) == 2


async def test_enter_goes_to_what_is_missing() -> None:
    """The cursor begins on the first; Enter answers with its place."""
    async with reviewing(holding(MISSING)) as pilot:
        await press(pilot, "down", "down", "enter")
        assert results(pilot) == [Outcome(place=("gov",))]


async def test_enter_elsewhere_does_nothing() -> None:
    """A line that tells of no problem leads nowhere."""
    async with reviewing(holding(MISSING)) as pilot:
        await press(pilot, "end", "enter", "home", "enter")
        assert results(pilot) == []


async def test_changed_meanwhile_is_not_signed() -> None:
    """Another window changed the draft: nothing is signed, it is said, and what is there is looked over."""
    writing = holding(READY)
    async with reviewing(writing) as pilot:
        await press(pilot, "f9")
        writing.edition += 1
        writing.drafts[1] = {**READY, "title": "Another title"}
        await press(pilot, "f9")
        text = text_of(pilot)
        assert writing.finished == [] and "Nothing was signed." in text and "Another title" in text
        await press(pilot, "f9")
        assert "Finish?" in text_of(pilot)
        await press(pilot, "f9")
        assert writing.finished == [1]


async def test_nothing_to_look_over() -> None:
    """What went wrong is said; F9 signs nothing; Esc leaves."""
    async with reviewing(holding(READY, refuses=Trouble("report 1 has no open draft", "begin one"))) as pilot:
        assert "Report 1 has no open draft. Begin one." in text_of(pilot)
        await press(pilot, "f9", "f9", "escape")
        assert results(pilot) == [None]


async def test_nothing_of_it_stays() -> None:
    """A screen that is gone holds no answer."""
    screen = ReviewScreen(desk_of(holding(READY)), 1)
    async with alone(screen) as pilot:
        await press(pilot, "escape")
        assert screen._review is None


def shown(answers: Answers, **more: object) -> list[Line]:
    """The lines of a review, wide enough not to break."""
    writing = holding(answers, **more)
    return list(lines(writing.review(1), 0, "en", 500))


def test_protected_answers_stand_in_their_lane_alone() -> None:
    """What few may read is under the heading that names them, and nowhere above it."""
    text = [line.text for line in shown(READY)]
    start = next(at for at, line in enumerate(text) if line.startswith("PROTECTED"))
    assert "coordinator-2" in text[start] and "coordinator-1" not in text[start]
    assert any("Sample Source" in line for line in text[start:])
    assert not any("Sample Source" in line for line in text[:start])
    assert not any(line.startswith("PROTECTED") for line in (one.text for one in shown(MISSING)))


@pytest.mark.parametrize(
    ("name", "account", "told"),
    [
        ("Sample Source", "We hid with sample, in the cellar.", "'Sample' is in the identity of S1"),
        ("علي", "رآهم علي من النافذة.", "'علي' is in the identity of S1"),
        ("Sample of the mill", "Men of the night; examples and samples.", ""),
        ("S1", "S1 saw them.", ""),
        ("", "Two men came.", ""),
    ],
)
def test_the_name_of_a_source_in_the_report_is_told(name: str, account: str, told: str) -> None:
    """A name slips into the account easily; short words, and parts of words, are no names."""
    answers: Answers = {**READY, "narrative": account, "sources": [{"src": "S1", "src_name": name}]}
    said = [line.text for line in shown(answers) if line.text.startswith("LOOK AGAIN")]
    assert [told in line and "under: Account." in line for line in said] == ([True] if told else [])
    assert holding(answers).review(1).ready


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ("S1 saw them, S2 did not.", ["S2 stands under: Account, but no source"]),
        ("s1 saw them; S2, and S2 again, and S3.", ["S2 stands", "S3 stands"]),
        ("S1 saw them on the A1, near S.", []),
        ("BS2 and S2x are no codes.", []),
    ],
)
def test_a_code_that_no_source_has_is_told(account: str, told: list[str]) -> None:
    """Whoever reads S2 would look for a source that nobody wrote down."""
    answers: Answers = {**READY, "narrative": account, "sources": [{"src": "S1", "src_name": "Sample"}]}
    said = [line.text for line in shown(answers) if line.text.startswith("LOOK AGAIN")]
    assert len(said) == len(told) and all(words in line for words, line in zip(told, said, strict=True))
    assert holding(answers).review(1).ready


def test_what_is_no_longer_asked_is_named() -> None:
    """An answer that will not be sent is said to be left out."""
    victim: Answers = {"vic": "V1", "v_type": "group", "v_sex": "m"}
    left = [line.text for line in shown({**READY, "victims": [victim]}) if line.text.startswith("Left out")]
    assert left == ["Left out: 1 answer no longer asked for, not sent: Victims V1, Sex."]
    assert not [line for line in shown(READY) if line.text.startswith("Left out")]


@pytest.mark.parametrize(
    ("urgency", "told"),
    [("life", ["‼ URGENT: Life at risk now. It is sent before what is not."]), ("normal", []), ("", [])],
)
def test_urgent_is_said_first(urgency: str, told: list[str]) -> None:
    """Only what is urgent is marked."""
    answers = {name: value for name, value in READY.items() if name != "urgency"}
    if urgency:
        answers["urgency"] = urgency
    assert [line.text for line in shown(answers) if "URGENT" in line.text] == told


APART = "to send, and about 1.7 KB for keys and the connection"


@pytest.mark.parametrize(
    ("cost", "speed", "said"),
    [
        (
            1_210,
            0,
            f"About 1.2 KB {APART}: 2 s at 2 KB a second, a bad link.",
        ),
        (
            5_000,
            500,
            f"About 5 KB {APART}: 14 s at 500 bytes a second, as last measured",
        ),
        (None, 500, "To send: not known before the above is mended."),
    ],
)
def test_cost(cost: int | None, speed: int, said: str) -> None:
    """Bytes, and seconds at the speed that was measured or else at a bad one."""
    assert cost_words(holding(READY, cost=cost).review(1), speed).startswith(said)


def test_places_in_words() -> None:
    """An item is named by its code, or by its number where it has none."""
    form = incident_form()
    answers: Answers = {"victims": [{"vic": "V7"}, {}]}
    assert where(form, ("title",), answers, "en") == "Title"
    assert where(form, ("victims", 0, "v_sex"), answers, "en") == "Victims V7, Sex"
    assert where(form, ("victims", 1, "v_sex"), answers, "en") == "Victims 2, Sex"
    assert where(form, ("nothing",), answers, "en") == "nothing"
