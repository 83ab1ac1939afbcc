"""The form screen: pages, items, problems, undo, and what it says of saving."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.geometry import Size
from textual.pilot import Pilot

from fieldkit.forms.views import Field
from fieldkit.model.values import items_of
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.ports.writing import KeptApart
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.widgets import page as page_view
from fieldkit.tui.widgets.cards import Cards
from fieldkit.tui.widgets.fields.field import FieldWidget
from fieldkit.tui.widgets.outline import Outline
from fieldkit.tui.widgets.page import PageView
from fieldkit.tui.widgets.said import Said
from fieldkit.tui.widgets.saved_mark import SavedMark
from tests.tui.form_showing import FormApp, form, form_of
from tests.tui.showing import text_of, wait_for
from tests.tui.writing_desk import COMMITTED, MemoryWriting

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("utc")]

FULL = Trouble("the disk is full", "make room on it; what you wrote stays on this screen")


def with_draft(**answers: object) -> MemoryWriting:
    """A desk with one draft."""
    writing = MemoryWriting()
    writing.begin(answers)
    return writing


TWO = {
    "title": "Shots at night",
    "victims": [
        {"vic": "V1", "v_type": "person", "v_name": "Example One"},
        {"vic": "V2", "v_type": "person", "v_name": "Example Two"},
    ],
}
"""Answers with two victims."""


def said(pilot: Pilot[None]) -> str:
    """What the line beside the mark says."""
    return form_of(pilot).query_one("#said", Said).words


def mark(pilot: Pilot[None]) -> str:
    """What the mark says."""
    return form_of(pilot).query_one(SavedMark).words


def page(pilot: Pilot[None]) -> str:
    """Which page or item is open."""
    return form_of(pilot).query_one("#page-title", Said).words


def codes(writing: MemoryWriting) -> list[object]:
    """The codes of the victims, in their order."""
    assert writing.last is not None
    return [item.get("vic") for item in items_of(writing.last.snapshot().answers, "victims")]


async def until_saved(pilot: Pilot[None]) -> None:
    """Until the mark says so."""
    await wait_for(pilot, lambda: mark(pilot).startswith("saved"))


async def test_typing_is_stored_and_told() -> None:
    """Letters are in the vault within the second, and only then called saved."""
    writing = with_draft()
    async with form(writing) as pilot:
        writing.held.clear()
        await pilot.press(*"Shots")
        await wait_for(pilot, lambda: mark(pilot) == "writing…")
        await pilot.pause(0.7)
        assert mark(pilot) == "writing…"
        assert writing.stored == []
        writing.held.set()
        await wait_for(pilot, lambda: mark(pilot) == "saved 14:13:20")
        assert writing.drafts[1]["title"] == "Shots"


async def test_pages_by_key_and_outline() -> None:
    """PageDown and PageUp turn pages, the outline goes to any; both ends say so."""
    async with form(with_draft()) as pilot:
        assert page(pilot) == "What happened · page 1 of 10"
        await pilot.press("pageup")
        assert said(pilot) == "This is the first page."
        await pilot.press("pagedown")
        assert page(pilot).startswith("Place · page 2")
        await pilot.press("f6", "down", "down", "enter")
        assert page(pilot).startswith("How many people")
        assert not isinstance(pilot.app.focused, Outline)
        for _ in range(7):
            await pilot.press("pagedown")
        assert said(pilot).startswith("This is the last page.")


@pytest.mark.parametrize("keys", [["pagedown"], ["f2"], ["f6", "down", "enter"], ["f4"]], ids=str)
@pytest.mark.parametrize(
    ("typed", "answers", "unread"),
    [("zzkind", {"title": "x"}, {("kind",): "zzkind"}), ("siege", {"title": "x", "kind": ["siege"]}, {})],
    ids=["not listed", "listed"],
)
async def test_a_search_is_kept_however_it_is_left(
    keys: list[str], typed: str, answers: object, unread: object
) -> None:
    """Words in a list that is searched in are kept by every key as by Tab."""
    writing = with_draft(title="x")
    async with form(writing, place=("kind",)) as pilot:
        writer = writing.last
        assert writer is not None
        await pilot.press(*typed, *keys)
        await wait_for(pilot, lambda: writer.snapshot().unread == unread)
        assert writer.snapshot().answers == answers


async def test_what_is_typed_astray_is_said_in_sight() -> None:
    """Urgency stands at the end of a page: what is said below it must not be below the screen."""
    async with form(with_draft(), place=("urgency",)) as pilot:
        assert "Letters write" not in text_of(pilot)
        await pilot.press(*"he", "space", *"ran")
        await wait_for(pilot, lambda: "Letters write nothing here." in text_of(pilot))


async def test_a_search_in_a_card_is_kept() -> None:
    """Also by the key that adds the next card; ^Z then takes the new card back, and nothing of the words."""
    writing = with_draft(perps=[{"perp": "P1"}])
    async with form(writing, place=("perps", 0, "p_party")) as pilot:
        writer = writing.last
        assert writer is not None
        kept = {("perps", 0, "p_party"): "al-Shamia"}
        await pilot.press(*"al-Shamia", "ctrl+n")
        await wait_for(pilot, lambda: len(writer.cards("perps")) == 2)
        assert writer.snapshot().unread == kept
        await pilot.press("ctrl+z")
        await wait_for(pilot, lambda: len(writer.cards("perps")) == 1)
        assert writer.snapshot().unread == kept


async def test_tab_goes_on_over_the_end_of_a_page() -> None:
    """Behind the last field comes the next page, before the first the last field of the one before."""
    writing = with_draft()
    async with form(writing) as pilot:
        assert writing.last is not None
        for _ in writing.last.fields("core"):
            await pilot.press("tab")
        assert page(pilot).startswith("Place")
        await pilot.press("shift+tab")
        assert page(pilot).startswith("What happened")
        last = writing.last.fields("core")[-1].place
        assert form_of(pilot).query_one(PageView).place == last


async def test_problems_by_key() -> None:
    """F4 goes round everything that is missing, to the very field, on another page and in an item too."""
    writing = with_draft(**TWO)
    async with form(writing) as pilot:
        assert writing.last is not None
        assert "required." not in text_of(pilot)
        wanted = [problem.place for problem in writing.last.problems()]
        assert len(wanted) > 2
        for place in [*wanted, wanted[0]]:
            await pilot.press("f4")
            assert form_of(pilot).query_one(PageView).place == place
            assert said(pilot).startswith(f"Problem {wanted.index(place) + 1} of {len(wanted)}")
        await pilot.press("f3")
        assert form_of(pilot).query_one(PageView).place == wanted[-1]


async def test_items() -> None:
    """Added, duplicated, moved, deleted with a way back; the codes are their own."""
    writing = with_draft(**TWO)
    async with form(writing, place=("victims",)) as pilot:
        assert isinstance(pilot.app.focused, Cards)
        await pilot.press("x")
        await wait_for(pilot, lambda: "Letters write nothing here" in said(pilot))
        await pilot.press("ctrl+d")
        assert codes(writing) == ["V1", "V3", "V2"]
        assert pilot.app.focused.cursor == 1
        await pilot.press("alt+down")
        assert codes(writing) == ["V1", "V2", "V3"]
        await pilot.press("ctrl+delete")
        assert codes(writing) == ["V1", "V2"]
        assert said(pilot) == "V3 taken out; ^Z brings it back."
        await pilot.press("ctrl+z")
        assert codes(writing) == ["V1", "V2", "V3"]
        await pilot.press("ctrl+y")
        assert codes(writing) == ["V1", "V2"]
        await pilot.press("ctrl+n")
        assert codes(writing) == ["V1", "V2", "V3"]
        assert page(pilot).startswith("Victims 3 of 3 › V3")
        await pilot.press("escape")
        assert isinstance(pilot.app.focused, Cards)
        assert pilot.app.focused.cursor == 2


async def test_undo_goes_to_the_field() -> None:
    """Taking back shows what was taken back, wherever one is by then."""
    writing = with_draft()
    async with form(writing) as pilot:
        await pilot.press(*"Shots", "tab")
        for _ in range(3):
            await pilot.press("pagedown")
        await pilot.press("ctrl+z")
        assert page(pilot).startswith("What happened")
        assert form_of(pilot).query_one(PageView).place == ("title",)
        assert said(pilot) == "Taken back (^Y brings it back): Title."
        assert "Shots" not in text_of(pilot)
        await pilot.press("ctrl+z")
        assert said(pilot) == "There is nothing to take back."
        await pilot.press("ctrl+y")
        assert "Shots" in text_of(pilot)
        await until_saved(pilot)
        assert writing.drafts[1]["title"] == "Shots"


async def test_a_failing_store_is_told_and_nothing_lets_go() -> None:
    """NOT SAVED stands with what to do; Esc stays once and says so; mended, it is stored by itself."""
    writing = with_draft()
    async with form(writing) as pilot:
        writing.trouble = FULL
        await pilot.press(*"Shots")
        await wait_for(pilot, lambda: mark(pilot).startswith("NOT SAVED: the disk is full. Make room"))
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, FormScreen)
        assert said(pilot).startswith("Not left")
        writing.trouble = None
        await pilot.press("f2")
        assert mark(pilot).startswith("saved")
        assert writing.drafts[1]["title"] == "Shots"
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, FormScreen)


async def test_leaving_twice_lets_go() -> None:
    """Who has read that the last words will be lost may still go."""
    writing = with_draft()
    async with form(writing) as pilot:
        writing.trouble = FULL
        await pilot.press(*"Shots", "escape", "escape")
        assert not isinstance(pilot.app.screen, FormScreen)


@pytest.mark.parametrize("follows", [True, False])
async def test_what_changes_a_finished_report_says_so(follows: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks like any draft, and becomes another version: that stands there until there is news."""
    writing = with_draft(title="x")
    draft = replace(writing.open(1), follows=follows)
    monkeypatch.setattr(writing, "open", lambda number: draft)
    async with form(writing) as pilot:
        assert said(pilot).startswith("This report was finished before.") == follows
        await pilot.press("!")
        await until_saved(pilot)
        assert said(pilot).startswith("This report was finished before.") == follows


async def test_esc_saves_first() -> None:
    """Leaving stores the last letter before the screen goes."""
    writing = with_draft()
    async with form(writing) as pilot:
        await pilot.press(*"Shots", "escape")
        assert not isinstance(pilot.app.screen, FormScreen)
        assert writing.drafts[1]["title"] == "Shots"


async def test_closing_stores_the_last_words() -> None:
    """In the moment before the vault closes everything typed is stored, without a turn of the loop."""
    writing = with_draft()
    async with form(writing) as pilot:
        await pilot.press(*"Shots")
        assert isinstance(pilot.app, FormApp)
        pilot.app.close()
        assert writing.drafts[1]["title"] == "Shots"


async def test_nothing_stays_behind() -> None:
    """When the screen goes, its widgets hold no word of the report."""
    writing = with_draft(**TWO)
    async with form(writing, place=("victims", 0, "v_name")) as pilot:
        shown = form_of(pilot)
        parts = list(shown.query("*"))
        await pilot.press("escape", "escape")
        assert not isinstance(pilot.app.screen, FormScreen)
    for part in [shown, *parts]:
        # The parent is another part; the desk is the vault's business.
        held = repr({name: value for name, value in vars(part).items() if name not in ("_parent", "_desk")})
        assert "Example One" not in held, part
        assert "Shots at night" not in held, part


async def test_a_draft_that_is_gone() -> None:
    """What cannot be opened says why, and Esc leaves."""
    writing = MemoryWriting()
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        from tests.tui.form_showing import WritingDesk

        await app.push_screen(FormScreen(WritingDesk(writing=writing), 5))  # type: ignore[arg-type]
        await wait_for(pilot, lambda: "Report 5 has no open draft" in text_of(pilot))
        await pilot.press("escape")
        assert not isinstance(app.screen, FormScreen)


async def test_a_letter_touches_its_own_field_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other field is shown anew, and nothing on the page is placed anew."""
    async with form(with_draft(**TWO)) as pilot:
        await pilot.press("!")
        await until_saved(pilot)
        shown: list[object] = []
        laid: list[object] = []
        show, lay = FieldWidget.show, FormScreen._refresh_layout

        def shows(self: FieldWidget, field: Field) -> None:
            shown.append(field.place)
            show(self, field)

        def lays(self: FormScreen, size: Size | None = None, scroll: bool = False) -> None:
            laid.append(size)
            lay(self, size, scroll)

        monkeypatch.setattr(FieldWidget, "show", shows)
        monkeypatch.setattr(FormScreen, "_refresh_layout", lays)
        await pilot.press("!")
        await wait_for(pilot, lambda: "Shots at night!!" in text_of(pilot))
        await until_saved(pilot)
        assert set(shown) == {("title",)}
        assert laid == []
        await pilot.press("f4")
        await pilot.pause()
        assert len(set(shown)) > 1
        assert laid != []


async def test_a_long_page_is_shown_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tab and Shift+Tab go through every field of a page that is longer than what is kept on it at once."""
    monkeypatch.setattr(page_view, "PART_FIELDS", 3)
    writing = with_draft()
    async with form(writing) as pilot:
        assert writing.last is not None
        places = [field.place for field in writing.last.fields(writing.last.pages()[0].name)]
        view = form_of(pilot).query_one(PageView)
        assert len(places) > len(view.query(FieldWidget)) == 3
        walked = [view.place]
        for _ in places[1:]:
            await pilot.press("tab")
            walked.append(view.place)
        assert walked == places
        for place in reversed(places[:-1]):
            await pilot.press("shift+tab")
            assert view.place == place


async def test_changed_elsewhere_is_told() -> None:
    """Where the words go when another window has changed the draft, and the title line follows them."""
    writing = with_draft()
    async with form(writing) as pilot:
        writing.trouble = KeptApart(
            "report 1 was changed elsewhere; what is written here is saved as report 9",
            "compare reports 1 and 9",
            number=9,
            when=COMMITTED,
        )
        await pilot.press(*"Shots")
        await wait_for(pilot, lambda: "saved as report 9. Compare reports 1 and 9." in said(pilot))
        await pilot.press("tab", "x")
        assert "saved as report 9" in said(pilot)
        assert mark(pilot).startswith("saved")
        assert "0009 Shots" in text_of(pilot)
