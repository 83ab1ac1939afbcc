"""Quick capture: a few fields, stored as they are typed, and nothing left behind when nothing was."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.pilot import Pilot

from fieldkit.tui.last_words import Writes
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.capture import CaptureScreen
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.review import ReviewScreen
from fieldkit.tui.widgets.fields.field import FieldWidget, field_of
from fieldkit.tui.widgets.record_list import RecordList
from fieldkit.tui.widgets.saved_mark import SavedMark
from tests.tui.alone import Alone, alone
from tests.tui.desk import SAMPLE, MemoryDesk, MemoryDoor
from tests.tui.review_desk import ReviewedWriting, desk_of
from tests.tui.showing import settle, showing, text_of, wait_for
from tests.tui.test_early_keys import opened_at_the_end
from tests.tui.writing_desk import MemoryDraft

pytestmark = pytest.mark.anyio

FULL = {
    "title": "Shots",
    "start": ["2026-08-04", "yesterday"],
    "gov": "حلب",
    "town": "Azaz",
    "narrative": "Two men\ncame.",
}

TYPED = ["S", "h", "o", "t", "s", "enter", *"yesterday", "enter", *"حلب", "tab", *"Azaz", "tab"]
TYPED += [*"Two", "space", *"men", "enter", *"came."]


class SlowWriting(ReviewedWriting):
    """A disk that makes a draft once the gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.begun = 0
        self.gone: list[int] = []

    def begin(self, answers: Mapping[str, object] | None = None) -> MemoryDraft:
        """When the gate is open."""
        assert self.gate.wait(30.0)
        self.begun += 1
        return super().begin(answers)

    def abandon(self, number: int) -> bool:
        """Told."""
        self.gone.append(number)
        return super().abandon(number)


@asynccontextmanager
async def capturing(writing: ReviewedWriting) -> AsyncIterator[tuple[Pilot[None], CaptureScreen]]:
    """The screen with its draft open."""
    screen = CaptureScreen(desk_of(writing))
    async with alone(screen) as pilot:
        yield pilot, screen


def results(pilot: Pilot[None]) -> list[object]:
    """What the screen answered when it was left."""
    assert isinstance(pilot.app, Alone)
    return pilot.app.results


def focused(screen: CaptureScreen) -> str:
    """The question one is at."""
    field = field_of(screen.focused)
    return str(field.place[-1]) if field is not None else ""


async def saved(pilot: Pilot[None], screen: CaptureScreen) -> None:
    """Until everything typed is stored."""
    await settle(pilot)
    await wait_for(pilot, lambda: screen.query_one(SavedMark).words.startswith("saved "))


async def test_begun(snapshot: SnapshotAssertion) -> None:
    """What is asked, that it is a draft, that nothing is sent, and how to go on: all on one screen."""
    async with capturing(ReviewedWriting()) as (pilot, _):
        assert text_of(pilot) == snapshot


async def test_written(snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything typed, everything stored, and the line says so."""
    clock = (2026, 8, 5, 10, 32, 5, 2, 217, 0)
    monkeypatch.setattr("fieldkit.tui.widgets.saved_mark.time.localtime", lambda _: clock)
    writing = ReviewedWriting()
    async with capturing(writing) as (pilot, screen):
        await pilot.press(*TYPED)
        await saved(pilot, screen)
        assert writing.drafts == {1: FULL}
        assert text_of(pilot) == snapshot


async def test_kept_as_a_draft() -> None:
    """Esc leaves with every letter stored, those of the last moment too."""
    writing = ReviewedWriting()
    async with capturing(writing) as (pilot, _):
        await pilot.press(*TYPED, "escape")
        await settle(pilot)
        assert results(pilot) == [1] and writing.drafts == {1: FULL}


async def test_nothing_typed_leaves_nothing() -> None:
    """Esc at once: no empty draft in the list."""
    writing = ReviewedWriting()
    async with capturing(writing) as (pilot, _):
        await pilot.press("escape")
        await settle(pilot)
        assert results(pilot) == [None] and writing.drafts == {}


async def test_what_was_typed_and_taken_back_may_still_be_wanted() -> None:
    """A draft in which something once stood is kept: its way back is in it."""
    writing = ReviewedWriting()
    async with capturing(writing) as (pilot, _):
        await pilot.press("a", "backspace", "escape")
        await settle(pilot)
        assert results(pilot) == [1]


async def test_typed_before_there_is_a_field() -> None:
    """Letters, Tab and Enter that come while the draft is made go where they were meant."""
    writing = ReviewedWriting()
    screen = CaptureScreen(desk_of(writing))
    app = Alone(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("S", "h", "enter", *"2026", "tab", "x"):
            app.post_message(events.Key(key, key if len(key) == 1 else "\t"))
        await settle(pilot)
        await saved(pilot, screen)
        assert writing.drafts[1] == {"title": "Sh", "start": ["2026"], "gov": "x"}


@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        ([*"Shots", "escape"], {"title": "Shots"}),
        ([*"Shots", "f2"], {"title": "Shots"}),
        (["S", "x", "backspace", "h", "escape"], {"title": "Sh"}),
        (["S", "tab", *"2026", "shift+tab", "h", "escape"], {"title": "Sh", "start": ["2026"]}),
        (["tab", "tab", "tab", "tab", "a", "enter", "b", "tab", "c", "escape"], {"narrative": "a\nbc"}),
        (["x"] * 60 + ["escape"], {"title": "x" * 60}),
    ],
)
async def test_no_word_is_lost_before_there_is_a_draft(keys: list[str], kept: dict[str, object]) -> None:
    """Whatever was typed while the draft is made is in it, also when somebody leaves at once."""
    writing = SlowWriting()
    screen = CaptureScreen(desk_of(writing))
    app = Alone(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        with opened_at_the_end(writing.gate):
            await wait_for(pilot, lambda: screen.is_mounted)
            for key in keys:
                app.post_message(events.Key(key, key if len(key) == 1 else None))
            app.post_message(events.Key("f3", None))
            await pilot.pause()
            assert app.results == [] and writing.drafts == {}
        await settle(pilot)
        if keys[-1] == "escape":
            await wait_for(pilot, lambda: app.results == [1])
        else:
            await saved(pilot, screen)
        assert writing.drafts == {1: kept}


async def test_what_is_pasted_early_is_kept() -> None:
    """A paste comes whole, where it was meant."""
    writing = SlowWriting()
    screen = CaptureScreen(desk_of(writing))
    app = Alone(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        with opened_at_the_end(writing.gate):
            await wait_for(pilot, lambda: screen.is_mounted)
            for event in (events.Key("a", "a"), events.Paste("b c"), events.Key("escape", None)):
                app.post_message(event)
            await pilot.pause()
        await wait_for(pilot, lambda: app.results == [1])
        await settle(pilot)
        assert writing.drafts == {1: {"title": "ab c"}}


async def test_left_before_there_is_a_draft() -> None:
    """Esc with nothing typed leaves at once, and no empty draft comes after it."""
    writing = SlowWriting()
    screen = CaptureScreen(desk_of(writing))
    app = Alone(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        with opened_at_the_end(writing.gate):
            await wait_for(pilot, lambda: screen.is_mounted)
            await pilot.press("escape")
            await wait_for(pilot, lambda: app.results == [None])
            assert writing.begun == 0
        await wait_for(pilot, lambda: writing.gone == [1])
        await settle(pilot)
        assert writing.drafts == {}


async def test_the_last_field_and_the_first() -> None:
    """Tab behind the last field stays there and says what can be done; so does Shift+Tab at the first."""
    async with capturing(ReviewedWriting()) as (pilot, screen):
        seen = []
        for key in ("tab", "tab", "tab", "tab", "tab", "shift+tab"):
            await pilot.press(key)
            seen.append(focused(screen))
            if seen[-2:] == ["narrative", "narrative"]:
                assert "the last one here" in text_of(pilot) and "F9 finishes" in text_of(pilot)
        assert seen == ["start", "gov", "town", "narrative", "narrative", "town"]
        assert "the last one here" not in text_of(pilot)
        await pilot.press("shift+tab", "shift+tab", "shift+tab", "shift+tab")
        assert focused(screen) == "title" and "This is the first one." in text_of(pilot)


async def test_undo_and_redo() -> None:
    """They go across the fields, and the focus goes with them."""
    async with capturing(ReviewedWriting()) as (pilot, screen):
        await pilot.press("a", "enter", *"2026", "tab")
        await pilot.press("ctrl+z")
        await settle(pilot)
        assert focused(screen) == "start" and screen.query(FieldWidget)[1].field.typed == ""
        await pilot.press("ctrl+z", "ctrl+z")
        await settle(pilot)
        assert "nothing to take back" in text_of(pilot)
        await pilot.press("ctrl+y", "ctrl+y")
        await settle(pilot)
        assert [field.field.typed for field in screen.query(FieldWidget)][:2] == ["a", "2026"]


async def test_not_saved_is_said_and_not_left(snapshot: SnapshotAssertion) -> None:
    """While nothing can be stored the screen stays and says it above all else, until it is mended."""
    writing = ReviewedWriting()
    async with capturing(writing) as (pilot, _):
        writing.trouble = Trouble("the disk is full", "free some space, then press F2")
        await pilot.press(*"Shots", "escape")
        await settle(pilot)
        assert results(pilot) == [] and text_of(pilot) == snapshot
        writing.trouble = None
        await pilot.press("f2")
        await settle(pilot)
        assert writing.drafts == {1: {"title": "Shots"}} and "NOT SAVED" not in text_of(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert results(pilot) == [1]


async def test_no_draft_can_be_made() -> None:
    """Why, and what to do; nothing can be typed into nowhere; Esc leaves."""

    class Full(ReviewedWriting):
        def begin(self, answers: object = None) -> object:  # type: ignore[override]
            raise Trouble("the disk is full", "free some space")

    async with capturing(Full()) as (pilot, screen):
        assert "The disk is full. Free some space." in text_of(pilot)
        await pilot.press("a", "f9", "f6", "ctrl+z", "tab")
        await settle(pilot)
        assert pilot.app.screen is screen
        await pilot.press("escape")
        await settle(pilot)
        assert results(pilot) == [None]


async def test_on_in_the_full_form() -> None:
    """F6 opens the form on the same draft, at the same question, with everything typed in it."""
    writing = ReviewedWriting()
    async with capturing(writing) as (pilot, _):
        await pilot.press(*"Shots", "enter", *"2026", "f6")
        await settle(pilot)
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        await wait_for(pilot, lambda: field_of(form.focused) is not None)
        field = field_of(form.focused)
        assert field is not None and (field.place, field.field.typed) == (("start",), "2026")


async def test_review_and_back() -> None:
    """F9 looks it over; Esc comes back; Enter on what is missing opens the form there."""
    writing = ReviewedWriting()
    async with capturing(writing) as (pilot, screen):
        await pilot.press(*TYPED, "f9")
        await settle(pilot)
        assert [type(one) for one in pilot.app.screen_stack[1:]] == [CaptureScreen, ReviewScreen]
        await pilot.press("escape")
        await settle(pilot)
        assert pilot.app.screen_stack[-1] is screen
        await pilot.press("f9")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        await wait_for(pilot, lambda: field_of(form.focused) is not None)
        field = field_of(form.focused)
        assert field is not None and field.place == ("kind",)


async def test_it_keeps_its_words_to_the_end() -> None:
    """The vault closes under it: what was typed last is stored first."""
    writing = ReviewedWriting()
    async with capturing(writing) as (pilot, screen):
        assert isinstance(screen, Writes)
        await pilot.press(*"Shots")
        await pilot.pause()
        screen.before_closing()
        assert writing.drafts == {1: {"title": "Shots"}}


async def test_nothing_of_it_stays() -> None:
    """A screen that is gone holds no word."""
    async with capturing(ReviewedWriting()) as (pilot, screen):
        await pilot.press(*"Shots", "escape")
        await settle(pilot)
        assert screen._writer is None and screen._autosave is None and not screen._early


async def test_back_in_the_list_the_cursor_is_on_it() -> None:
    """What was begun is what the next key means; where nothing was, the cursor stays with its report."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        view = pilot.app.screen.query_one(RecordList)
        await pilot.press("down", "n")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert view.here is not None and view.here.number == SAMPLE[1].number
        await pilot.press("n")
        await settle(pilot)
        await pilot.press(*"Shots")
        desk.lines = (replace(SAMPLE[0], number=99), *SAMPLE)
        await pilot.press("escape")
        await settle(pilot)
        await wait_for(pilot, lambda: view.here is not None and view.here.number == 99)
