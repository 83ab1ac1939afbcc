"""The field of a long text: whatever keys are pressed, it holds what a plain string would hold."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from textual import events
from textual.pilot import Pilot

from fieldkit.tui.widgets.fields.long_editor import LongEditor
from tests.tui.fielding import FieldsScreen, fields
from tests.tui.showing import text_of

pytestmark = pytest.mark.anyio

LONG = "Words of an invented account go on.\n" * 40 + "هذه كلمات مصطنعة " * 60
TYPED = [*"ab ", "é", "م", "汉", "enter", "enter", "backspace", "delete"]
MOVED = ["left", "right", "up", "down", "home", "end", "shift+left", "shift+up", "ctrl+left", "ctrl+right"]
KEYS = 120


@dataclass
class Model:
    """The same text as a plain string; from and to where it is chosen."""

    text: str
    start: int
    end: int

    def put(self, text: str) -> None:
        """In the place of what is chosen."""
        first, last = sorted((self.start, self.end))
        self.text = self.text[:first] + text + self.text[last:]
        self.start = self.end = first + len(text)

    def drop(self, by: int) -> None:
        """What is chosen, else a letter beside the cursor."""
        if self.start == self.end:
            self.end = min(len(self.text), max(0, self.end + by))
        self.put("")

    def press(self, key: str) -> None:
        """A key that writes."""
        if key in ("backspace", "delete"):
            self.drop(-1 if key == "backspace" else 1)
        else:
            self.put({"enter": "\n", "space": " "}.get(key, key))


def index_of(text: str, location: tuple[int, int]) -> int:
    """Where in the string a line and a column are."""
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: location[0]]) + location[1]


async def pressed(pilot: Pilot[None], screen: FieldsScreen, seed: int) -> list[str]:
    """Any keys; the texts there were, one after each key that writes."""
    dice, editor = random.Random(seed), screen.query_one(LongEditor)
    model, told = Model(editor.text, 0, 0), [editor.text]
    for _ in range(KEYS):
        model.start, model.end = (index_of(model.text, one) for one in editor.selection)
        if dice.random() < 0.04:
            pasted = "\n".join(dice.choices(["one", "two words", ""], k=4))
            editor.post_message(events.Paste(pasted))
            model.put(pasted)
            await pilot.pause()
        elif dice.random() < 0.35:
            await pilot.press(dice.choice(MOVED))
            continue
        else:
            key = dice.choice(TYPED)
            await pilot.press("space" if key == " " else key)
            model.press(key)
        assert editor.text == model.text
        assert screen.writer.snapshot().answers.get("narrative", "") == model.text.strip()
        told.append(model.text)
    return told


@pytest.mark.parametrize("seed", [1, 2])
async def test_it_holds_what_a_string_would_hold(seed: int) -> None:
    """Letters, new lines, what is chosen, pastes; in the vault's copy too; and rows are never out of step."""
    async with fields("narrative", answers={"narrative": LONG}) as (pilot, screen):
        told = await pressed(pilot, screen, seed)
        editor, wrapped = screen.query_one(LongEditor), screen.query_one(LongEditor).wrapped_document
        rows = wrapped.height
        wrapped.wrap(editor.wrap_width)
        assert wrapped.height == rows == editor.virtual_size.height
        assert len(told) > KEYS // 3


@pytest.mark.parametrize("seed", [4])
async def test_undo_goes_back_over_the_same_texts(seed: int) -> None:
    """Each step back shows a text that was there; the last one is that it began with; redo goes forward."""
    async with fields("narrative", answers={"narrative": LONG.strip()}) as (pilot, screen):
        editor = screen.query_one(LongEditor)
        told = {text.strip() for text in await pressed(pilot, screen, seed)}
        last = screen.writer.snapshot().answers["narrative"]
        for turn, end in ((screen.writer.undo, LONG.strip()), (screen.writer.redo, last)):
            while turn() is not None:
                screen.show()
                assert editor.text.strip() in told
            assert editor.text == end
        screen.writer.undo()
        screen.writer.write(("narrative",), "other words")
        screen.show()
        assert editor.text == "other words"


def _broken_put(self: Model, text: str) -> None:
    self.text += text


async def test_the_check_sees_a_lost_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: a string that grows only at its end is not what the field holds."""
    broken: Callable[[Model, str], None] = _broken_put
    monkeypatch.setattr(Model, "put", broken)
    async with fields("narrative", answers={"narrative": LONG}) as (pilot, screen):
        with pytest.raises(AssertionError):
            await pressed(pilot, screen, 1)


async def test_the_cursor_is_in_sight_wherever_it_goes() -> None:
    """Up a long text and down again, what is at the cursor shows; so does what is typed there."""
    async with fields("narrative", answers={"narrative": "\n".join(f"row {at}" for at in range(200))}) as (
        pilot,
        screen,
    ):
        editor = screen.query_one(LongEditor)
        for key in ("up", "up", "down"):
            for _ in range(5):
                await pilot.press(*[key] * 7)
                line = editor.document.get_line(editor.cursor_location[0])
                assert line in text_of(pilot).split("\n") or f" {line}" in text_of(pilot)
        await pilot.press("enter", *"here", "space", *"itis")
        assert "here itis" in text_of(pilot)


async def test_a_tab_is_kept_and_drawn_as_room() -> None:
    """A pasted table stays one; its tabs are as wide as they count."""
    async with fields("narrative") as (pilot, screen):
        screen.query_one(LongEditor).post_message(events.Paste("a\tb\tc"))
        await pilot.pause()
        assert screen.query_one(LongEditor).text == "a\tb\tc"
        assert "a    b    c" in text_of(pilot)
