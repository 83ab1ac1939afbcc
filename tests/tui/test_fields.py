"""Fields: what is typed is told at once and read back in words; nothing is lost, or left behind."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.app import App
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from fieldkit.model.values import Answers
from fieldkit.tui.real_cursor import cursor_of
from fieldkit.tui.widgets.fields.field import FieldWidget
from fieldkit.tui.widgets.fields.line_editor import LineEditor
from fieldkit.tui.widgets.fields.long_editor import LongEditor
from tests.tui.fielding import fields
from tests.tui.showing import text_of

pytestmark = pytest.mark.anyio

ALL = ("title", "kind", "start", "gov", "narrative", "urgency", "killed")

ANSWERS: Answers = {
    "title": "Shots at night",
    "kind": ["arrest", "shelling"],
    "start": ["2026-08-03~", "about 3 Aug 2026"],
    "gov": "حلب",
    "narrative": "First line\nثم جاء اثنان",
    "urgency": "soon",
    "killed": {"min": 3, "max": 5},
}


def at_once(app: App[None], *keys: str) -> None:
    """Keys that are all there before the first is acted on: a stalled laptop, a fast hand."""
    names = {"enter": "\r", "tab": "\t", "space": " "}
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else names.get(key)))


async def test_empty(snapshot: SnapshotAssertion) -> None:
    """What is expected stands below each field before anything is typed."""
    async with fields(*ALL) as (pilot, _):
        assert text_of(pilot) == snapshot


async def test_filled(snapshot: SnapshotAssertion) -> None:
    """Answers as a person would type them again, each with its meaning."""
    async with fields(*ALL, answers=ANSWERS) as (pilot, _):
        assert text_of(pilot) == snapshot


async def test_every_letter_is_told() -> None:
    """Each key is told by itself: what is saved is never behind what is seen by more than that."""
    async with fields("title", "start") as (pilot, screen):
        await pilot.press(*"Sh")
        assert screen.heard == ["S", "Sh"]
        assert screen.writer.snapshot().answers == {"title": "Sh"}


@pytest.mark.parametrize(
    ("name", "typed", "below"),
    [
        ("start", "about 3 Aug", "about 3 August 2026"),
        ("start", "yesterday", "22 November 2026"),
        ("start", "٣ آب ٢٠٢٦", "3 August 2026"),
        ("start", "2026-10", "October 2026"),
        ("killed", "more than 25", "26"),
        ("lat", "36.5", "36.5"),
    ],
)
async def test_the_meaning_stands_below(name: str, typed: str, below: str) -> None:
    """How the text is read is said while it is typed."""
    async with fields(name) as (pilot, screen):
        await pilot.press(*(key if key != " " else "space" for key in typed))
        await pilot.pause()
        note = screen.query_one(".field-note", Static)
        assert below in str(note.render()), note.render()
        assert not note.has_class("-wrong")


async def test_half_a_date_is_no_mistake_before_it_is_left() -> None:
    """While it is typed, what is expected is said; after it, what is wrong. The words stay in the field."""
    async with fields("start", "gov") as (pilot, screen):
        await pilot.press(*"sometim")
        await pilot.pause()
        note = screen.query(".field-note").first(Static)
        assert "Write it like" in str(note.render()) and not note.has_class("-wrong")
        await pilot.press("tab")
        await pilot.pause()
        assert str(note.render()).startswith("! ") and note.has_class("-wrong")
        assert screen.query(Input).first().value == "sometim"


async def test_a_problem_goes_when_it_is_mended() -> None:
    """The line below says nothing wrong of what is right again."""
    async with fields("start", "gov") as (pilot, screen):
        await pilot.press(*"2026-13", "tab")
        await pilot.pause()
        note = screen.query(".field-note").first(Static)
        assert note.has_class("-wrong")
        await pilot.press("shift+tab", "backspace", "2")
        await pilot.pause()
        assert not note.has_class("-wrong") and "December 2026" in str(note.render())


async def test_enter_and_tab_go_on() -> None:
    """Enter leaves one line; in a long text it is a line end, and Tab leaves; Shift+Tab goes back."""
    async with fields("title", "narrative", "urgency") as (pilot, screen):
        await pilot.press("a", "enter")
        assert screen.at() == "narrative"
        await pilot.press("b", "enter", "c", "tab")
        assert screen.at() == "urgency"
        await pilot.press("shift+tab")
        assert screen.at() == "narrative"
        assert screen.writer.snapshot().answers == {"title": "a", "narrative": "b\nc"}


async def test_who_types_ahead_types_into_the_next_field() -> None:
    """Keys that came before the first was acted on go where they would have gone one by one."""
    async with fields("title", "kind", "urgency", "narrative") as (pilot, screen):
        at_once(pilot.app, "S", "o", "enter", *"arr", "enter", "enter", "right", "enter")
        at_once(pilot.app, "T", "enter", "o", "tab")
        for _ in range(8):
            await pilot.pause(0.01)
        assert screen.writer.snapshot().answers == {
            "title": "So",
            "kind": ["arrest"],
            "urgency": "life",
            "narrative": "T\no",
        }


async def test_show_leaves_cursor_and_focus() -> None:
    """An answer that is stored again changes nothing where somebody writes."""
    async with fields("title", "start", answers={"title": "abc"}) as (pilot, screen):
        await pilot.press("home", "right", "X")
        await pilot.pause()
        editor = screen.query(Input).first()
        assert (editor.value, editor.cursor_position, screen.at()) == ("aXbc", 2, "title")
        screen.show()
        assert (editor.value, editor.cursor_position, screen.at()) == ("aXbc", 2, "title")


async def test_an_answer_on_its_way_is_not_typed_over() -> None:
    """While the screen is busy with an older letter, the field keeps the newer ones."""
    async with fields("title") as (pilot, screen):
        screen.held = True
        await pilot.press(*"abc")
        screen.writer.write(("title",), "a")
        screen.show()
        assert screen.query_one(Input).value == "abc"


@pytest.mark.parametrize("name", ["title", "narrative"])
async def test_a_letter_not_told_yet_is_not_typed_over(name: str) -> None:
    """An older answer is shown between a key and its telling, as a busy laptop does: the letter stays, and
    is told; what closes the vault in that moment may ask for it.
    """
    async with fields(name, answers={name: "on"}) as (pilot, screen):
        editor = screen.query("LineEditor, LongEditor").first()
        field = screen.query_one(FieldWidget)
        assert field.unwritten() is None
        _put(editor, "e")
        screen.writer.write((name,), "o")
        screen.show()
        assert _text(editor) == "one" and field.unwritten() == "one"
        await pilot.pause()
        assert screen.writer.snapshot().answers == {name: "one"} and screen.heard == ["one"]
        screen.writer.undo()
        screen.show()
        assert _text(editor) == screen.writer.snapshot().answers[name] != "one", "told letters can be undone"


async def test_a_search_not_told_yet_is_not_typed_over() -> None:
    """The same while somebody looks for an entry: the letters stay, and what is chosen is shown."""
    async with fields("kind", answers={"kind": ["arrest"]}) as (pilot, screen):
        editor = screen.query_one(LineEditor)
        _put(editor, "x")
        screen.writer.write(("kind",), ["shelling"])
        screen.show()
        assert editor.value == "x"
        await pilot.pause()
        assert editor.value == "x" and screen.heard == []
        assert "Artillery or rocket fire" in text_of(pilot)


def _put(editor: Widget, letter: str) -> None:
    """What a key does to an editor, without the message of it being heard."""
    if isinstance(editor, Input):
        editor.insert_text_at_cursor(letter)
    elif isinstance(editor, TextArea):
        editor.insert(letter, editor.document.end)


def _text(editor: Widget) -> str:
    assert isinstance(editor, Input | TextArea)
    return editor.value if isinstance(editor, Input) else editor.text


@pytest.mark.parametrize("name", ["title", "narrative"])
async def test_undo_is_the_forms(name: str) -> None:
    """The field has no history: its keys reach the form, and what the form takes back is shown."""
    async with fields(name, answers={name: "one two"}) as (pilot, screen):
        await pilot.press("X")
        await pilot.press("ctrl+z", "ctrl+y")
        await pilot.pause()
        assert screen.keys == ["ctrl+z", "ctrl+y"]
        assert screen.writer.snapshot().answers == {name: "one twoX"}
        screen.writer.undo()
        screen.show()
        editor = screen.query("LineEditor, LongEditor").first()
        assert _text(editor) == "one two"
        await pilot.pause()
        assert screen.heard == ["one twoX"], "what is shown is not told as typed"


PASTED = "a\x1b[31mb\x00\r\nc\td\u202ee [bold]f[/] ب\u200cج"


async def test_a_paste_into_a_line() -> None:
    """All of it in one line, no control characters, brackets are text."""
    async with fields("title") as (pilot, screen):
        pilot.app.post_message(events.Paste(PASTED))
        await pilot.pause()
        assert screen.query_one(Input).value == "a[31mb c d·RLO·e [bold]f[/] ب\u200cج"
        assert "[bold]f[/]" in text_of(pilot)


async def test_a_paste_into_a_long_text() -> None:
    """The same with its lines."""
    async with fields("narrative") as (pilot, screen):
        pilot.app.post_message(events.Paste(PASTED))
        await pilot.pause()
        assert screen.query_one(TextArea).text == "a[31mb\nc\td·RLO·e [bold]f[/] ب\u200cج"
        assert screen.writer.snapshot().answers["narrative"] == screen.query_one(TextArea).text
        assert "[bold]f[/]" in text_of(pilot)


@pytest.mark.parametrize("name", ["title", "narrative"])
async def test_signs_between_letters(name: str) -> None:
    """A ZWNJ can be typed; a character that controls the terminal or the order of text cannot."""
    async with fields(name) as (pilot, screen):
        for sign in ("\u0645", "\u200c", "\u202e", "\x07", "\u06cc"):
            pilot.app.post_message(events.Key(f"key_{ord(sign)}", sign))
        await pilot.pause()
        assert screen.writer.snapshot().answers == {name: "\u0645\u200c\u06cc"}


@pytest.mark.parametrize("name", ["title", "narrative"])
@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        ("a x backspace b", "ab"),
        ("a b left x end c", "axbc"),
        ("a b home delete c", "cb"),
        ("a b shift+left c", "ac"),
        ("x y ctrl+w z", "z"),
    ],
)
async def test_keys_that_come_together_act_in_their_turn(name: str, keys: str, typed: str) -> None:
    """A slow link brings letters and Backspace at once: no letter goes but the one that was meant."""
    async with fields(name) as (pilot, screen):
        at_once(pilot.app, *keys.split())
        await pilot.pause()
        assert screen.writer.snapshot().answers == {name: typed}


@pytest.mark.parametrize("name", ["title", "narrative"])
async def test_cut_and_paste_stay_in_the_field(name: str) -> None:
    """What is cut or copied goes into no clipboard but the field's own."""
    async with fields(name, answers={name: "secret"}) as (pilot, screen):
        await pilot.press("home", "shift+end", "ctrl+c", "ctrl+x")
        await pilot.pause()
        assert screen.writer.snapshot().answers == {}
        await pilot.press("ctrl+v")
        await pilot.pause()
        assert screen.writer.snapshot().answers == {name: "secret"}
        assert pilot.app.copied == []  # type: ignore[attr-defined]


HOLD = ("value", "text", "_own", "_told", "_options", "_codes", "_rest", "_labels", "_all")
"""Where editors keep what they show."""


async def test_nothing_stays_after_the_screen() -> None:
    """A field that is gone holds no word of the report, nor a way to ask for one."""
    async with fields(*ALL, answers=ANSWERS) as (pilot, screen):
        widgets = list(screen.query(FieldWidget))
        inside = [node for widget in widgets for node in widget.walk_children()]
        await pilot.press("home", "shift+end", "ctrl+c")
        for widget in widgets:
            await widget.remove()
        for widget in widgets:
            assert widget.field.value is None and widget.field.typed == ""
        for node in (*widgets, *inside):
            held = repr([getattr(node, name, None) for name in HOLD])
            for word in ("Shots", "arrest", "حلب", "First", "soon"):
                assert word not in held, node
            if isinstance(node, Static):
                assert "First" not in str(node.render())


@pytest.mark.parametrize("name", ALL)
async def test_a_field_has_a_real_cursor(name: str) -> None:
    """Screen readers and input methods find the place where one types or chooses."""
    async with fields(name) as (_, screen):
        place = cursor_of(screen.focused)
        assert place is not None and screen.focused is not None
        assert screen.focused.region.contains_point(place)


async def test_a_text_with_lines_keeps_them() -> None:
    """A question for one line whose answer has several is shown as a long text."""
    async with fields("title", answers={"title": "one\ntwo"}) as (pilot, screen):
        await pilot.press("!")
        await pilot.pause()
        assert screen.writer.snapshot().answers == {"title": "one\ntwo!"}


async def test_every_field_fits_its_label(snapshot: SnapshotAssertion) -> None:
    """Narrow screens break lines; nothing is cut away."""
    async with fields(*ALL, answers=ANSWERS, size=(40, 30)) as (pilot, _):
        assert text_of(pilot) == snapshot


async def test_a_very_long_paste_is_kept() -> None:
    """More than one answer may hold: every letter stays, is told, and is a problem until it is divided."""
    text = "كلمة and a word\n" * 6_250
    async with fields("narrative") as (pilot, screen):
        pilot.app.post_message(events.Paste(text))
        await pilot.pause()
        await pilot.press("x")
        await pilot.pause()
        assert screen.query_one(TextArea).text == f"{text}x"
        assert screen.writer.snapshot().unread == {("narrative",): f"{text}x"}
        await pilot.press("tab")


def test_a_long_field_may_be_drawn_before_its_styles_are_there() -> None:
    """The moment between being put on a page and being styled: blank lines, and no end of the program."""
    drawn = LongEditor().render_lines(Region(0, 0, 20, 3))
    assert [line.text for line in drawn] == [" " * 20] * 3
