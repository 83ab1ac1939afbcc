"""Choices: all of a few in sight, many found by typing; what is chosen is what is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.widgets import Input

from fieldkit.forms.definition import Choice, Form
from fieldkit.tui.widgets.fields.option_rows import MOST_ROWS, OptionRows
from tests.forms.small import load
from tests.tui.fielding import fields
from tests.tui.showing import text_of

pytestmark = pytest.mark.anyio


HEAD: dict[str, Any] = {
    "format": 1,
    "id": "listed",
    "version": 1,
    "title": "Listed",
    "language": "en",
    "languages": ["en", "ar"],
}


def long_form(count: int) -> Form:
    """A form with one list of so many entries, more than a form may bring, asked for one and for several."""
    first = [{"code": "c0", "label": {"en": "Entry number 0"}}]
    form = load({**HEAD, "choices": {"list": first}, "children": [asked("one"), asked("many")]})
    labels = ({"en": f"Entry number {number}", "ar": f"بند {number}"} for number in range(count))
    choices = tuple(Choice(code=f"c{number}", label=label) for number, label in enumerate(labels))
    return replace(form, choices={"list": choices})


def asked(kind: str, **more: str) -> dict[str, Any]:
    """A question called after its kind."""
    return {"kind": kind, "name": kind, "label": {"en": kind}, "lane": "main", "choices": "list", **more}


# A few entries


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["right", "space"], "life"),
        (["down", "down", "space"], "soon"),
        (["right", "right", "right", "right", "space"], "normal"),
        (["left", "space"], "life"),
        (["right", "space", "space"], None),
        (["right", "space", "right", "space"], "soon"),
        (["right", "space", "backspace"], None),
        (["right", "right", "enter"], "soon"),
        (["right", "enter"], "life"),
        (["enter"], None),
        (["space"], None),
        (["space", "space"], None),
        ([*"nor", "space"], None),
        ([*"wit", "enter"], None),
        (["right", *"two", "space", "enter"], None),
        (["right", "space", *"two", "space", "enter"], "life"),
        ([*"خل", "space", *"خل", "enter"], None),
        (["x", "right", "right", "space"], "soon"),
    ],
    ids=str,
)
async def test_one_of_a_few(keys: list[str], answer: str | None) -> None:
    """Arrows go, the first one to the first entry; Space and Enter choose where one went, and nothing else
    does: no sentence of somebody who believes to be elsewhere.
    """
    async with fields("urgency", "title") as (pilot, screen):
        await pilot.press(*keys)
        await pilot.pause()
        assert screen.writer.snapshot().answers.get("urgency") == answer
        assert screen.at() == ("title" if keys[-1] == "enter" else "urgency")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["q"], "Letters write nothing here. Arrows move, then Space or Enter chooses."),
        ([*"he ran"], "Letters write nothing here."),
        (["space"], "Arrows move, then Space or Enter chooses."),
    ],
    ids=str,
)
async def test_what_is_typed_astray_is_said(keys: list[str], said: str) -> None:
    """Letters vanish, and not without a word; an entry that is chosen, or a field that is left, ends it."""
    async with fields("urgency", "title") as (pilot, screen):
        assert "Arrows move" not in text_of(pilot)
        await pilot.press(*("space" if key == " " else key for key in keys))
        await pilot.pause()
        assert said in text_of(pilot) and screen.writer.snapshot().answers == {}
        await pilot.press("right", "space")
        await pilot.pause()
        assert "Arrows move" not in text_of(pilot)
        await pilot.press("q", "tab")
        await pilot.pause()
        assert "Arrows move" not in text_of(pilot)


async def test_what_is_pasted_astray_is_said() -> None:
    """A paste chooses nothing either."""
    async with fields("urgency", "title") as (pilot, screen):
        assert screen.focused is not None
        await pilot.press("right")
        screen.focused.post_message(events.Paste("he ran"))
        await pilot.press("space")
        await pilot.pause()
        assert "Letters write nothing here." in text_of(pilot) and screen.writer.snapshot().answers == {}


async def test_what_is_chosen_elsewhere_is_shown() -> None:
    """An undo of the form marks another entry."""
    async with fields("urgency") as (pilot, screen):
        await pilot.press("right", "space")
        await pilot.pause()
        assert "(•) Life" in text_of(pilot)
        screen.writer.undo()
        screen.show()
        await pilot.pause()
        assert "( ) Life" in text_of(pilot)


# A long list


async def test_a_list_opens_below(snapshot: SnapshotAssertion) -> None:
    """A window of a few rows, how many fit, and what the keys do."""
    async with fields("kind", "title") as (pilot, _):
        await pilot.press("down")
        await pilot.pause()
        assert text_of(pilot) == snapshot


async def test_typing_finds(snapshot: SnapshotAssertion) -> None:
    """Only what fits is left, what begins so first."""
    async with fields("kind", "title") as (pilot, _):
        await pilot.press(*"att")
        await pilot.pause()
        assert text_of(pilot) == snapshot


@pytest.mark.parametrize("typed", ["arrest", "ARRES", "اعتقال", "احتجاز", "detention"])
async def test_any_language_finds(typed: str) -> None:
    """The words of every language of the form find the entry."""
    async with fields("kind", "title") as (pilot, screen):
        await pilot.press(*typed, "enter")
        await pilot.pause()
        assert screen.writer.snapshot().answers == {"kind": ["arrest"]}


async def test_several_of_many() -> None:
    """Enter chooses and asks for more; Space goes on in the open list; Backspace takes the last one out."""
    async with fields("kind", "title") as (pilot, screen):
        await pilot.press(*"arr", "enter", "down", "up", "up", "up", "space", "down", "space")
        await pilot.pause()
        kinds = screen.writer.snapshot().answers["kind"]
        assert kinds == ["arrest", "abduction", "air_strike"]
        await pilot.press("escape", "backspace")
        await pilot.pause()
        assert screen.writer.snapshot().answers["kind"] == ["arrest", "abduction"]
        await pilot.press("enter")
        assert screen.at() == "title"


async def test_one_of_many() -> None:
    """Enter chooses and goes on; another can be chosen later; an emptied line takes the answer out."""
    async with fields("control", "title") as (pilot, screen):
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        first = screen.writer.snapshot().answers["control"]
        assert screen.at() == "title"
        await pilot.press("shift+tab", "down", "down", "enter")
        await pilot.pause()
        assert screen.writer.snapshot().answers["control"] not in (None, first)
        await pilot.press("shift+tab", "home", "shift+end", "delete", "tab")
        await pilot.pause()
        assert "control" not in screen.writer.snapshot().answers


async def test_escape_leaves_the_answer_as_it_was() -> None:
    """A search that is given up changes nothing, and Esc is then the screen's."""
    async with fields("control", "title", answers={"control": "unknown"}) as (pilot, screen):
        before = screen.query(Input).first().value
        await pilot.press(*"zz", "escape")
        await pilot.pause()
        assert screen.query(Input).first().value == before and screen.heard == []
        assert "escape" not in screen.keys
        await pilot.press("escape")
        await pilot.pause()
        assert "escape" in screen.keys


@pytest.mark.parametrize("name", ["kind", "control"])
async def test_words_not_in_the_list_are_kept(name: str) -> None:
    """Left in the middle of a search: the words are stored as typed, and a problem. Nothing is guessed."""
    async with fields(name, "title") as (pilot, screen):
        await pilot.press(*"zzz", "tab")
        await pilot.pause()
        snapshot = screen.writer.snapshot()
        assert snapshot.answers == {} and snapshot.unread == {(name,): "zzz"}
        assert screen.query(Input).first().value == "zzz"
        assert "! 'zzz' is not in the list. It stays as you typed it" in text_of(pilot)


async def test_down_shows_the_whole_list_where_nothing_fits() -> None:
    """What was typed stays until an entry is chosen; Esc gives the search up."""
    async with fields("kind", "title") as (pilot, screen):
        await pilot.press(*"zzz")
        await pilot.pause()
        assert "Nothing in the list fits. Down shows the whole list" in text_of(pilot)
        await pilot.press("down")
        await pilot.pause()
        assert screen.query(OptionRows).first().count == len(screen.writer.options(("kind",)))
        assert screen.query(Input).first().value == "zzz"
        await pilot.press("down", "enter")
        await pilot.pause()
        assert screen.writer.snapshot().answers == {"kind": ["air_strike"]}
        assert screen.query(Input).first().value == ""


async def test_a_search_with_one_end_is_taken() -> None:
    """What fits alone is meant; what fits several is not guessed."""
    async with fields("kind", "title") as (pilot, screen):
        await pilot.press(*"arrest", "tab")
        await pilot.pause()
        assert screen.writer.snapshot().answers == {"kind": ["arrest"]}
    async with fields("kind", "title") as (pilot, screen):
        await pilot.press(*"a", "tab")
        await pilot.pause()
        assert screen.writer.snapshot().unread == {("kind",): "a"}


async def test_known_entries_beside_unknown_words_stay_chosen() -> None:
    """Of text that could not be read, what names an entry is chosen and the rest stands to be mended."""
    async with fields("kind", "title") as (pilot, screen):
        screen.writer.write(("kind",), "Arrest or detention, mortar fire")
        screen.show()
        await pilot.pause()
        assert "Arrest or detention" in text_of(pilot)
        assert screen.query(Input).first().value == "mortar fire"
        await pilot.press("home", "shift+end", "delete")
        await pilot.pause()
        assert screen.writer.snapshot().answers == {"kind": ["arrest"]}
        assert screen.writer.snapshot().unread == {}


async def test_five_thousand_entries() -> None:
    """Only what is in sight is drawn, in a list of any length; its end is reached by typing."""
    async with fields("one", "many", form=long_form(5_000)) as (pilot, screen):
        await pilot.press("down", *["down"] * (MOST_ROWS + 2))
        await pilot.pause()
        rows = screen.query(OptionRows).first()
        assert rows.count == 5_000 and rows.size.height == MOST_ROWS
        assert f"Entry number {MOST_ROWS + 2}" in text_of(pilot)
        await pilot.press("escape", *"4999", "enter")
        await pilot.pause()
        assert screen.writer.snapshot().answers == {"one": "c4999"}


async def test_brackets_in_labels_are_text() -> None:
    """What a form calls its entries is never markup."""
    choices = [{"code": "a", "label": {"en": "[red]one[/]"}}, {"code": "b", "label": {"en": "[/b"}}]
    odd = {**asked("one"), "label": {"en": "[link=x]q[/]"}}
    children = [odd, asked("many", appearance="autocomplete")]
    form = load({**HEAD, "choices": {"list": choices}, "children": children})
    async with fields("one", "many", form=form) as (pilot, _):
        await pilot.press("right", "space", "tab", "down", "space")
        await pilot.pause()
        text = text_of(pilot)
        assert text.count("[red]one[/]") == 3 and "[link=x]q[/]" in text and "[/b" in text


async def test_entries_follow_other_answers() -> None:
    """A list that another answer filters is found by typing, and holds what that answer leaves of it now."""
    few = [{"code": code, "label": {"en": code.upper()}} for code in ("a", "b")]
    listed = [{**one, "columns": {"of": one["code"]}} for one in few]
    part = {**asked("many"), "choices": "parts", "choice_filter": "of = ${one}"}
    form = load({**HEAD, "choices": {"list": few, "parts": listed}, "children": [asked("one"), part]})
    async with fields("one", "many", form=form) as (pilot, screen):
        await pilot.press("right", "right", "enter", "down")
        await pilot.pause()
        assert "[ ] B" in text_of(pilot) and "[ ] A" not in text_of(pilot)
        await pilot.press("enter", "shift+tab", "left", "enter", "down")
        await pilot.pause()
        assert "[ ] A" in text_of(pilot) and "[x] B" in text_of(pilot)
        assert screen.writer.snapshot().answers == {"one": "a", "many": ["b"]}


async def test_a_click_chooses() -> None:
    """The mouse works, and is never needed."""
    async with fields("urgency", "kind") as (pilot, screen):
        await pilot.click("FewEntries", offset=(25, 0))
        await pilot.pause()
        assert screen.writer.snapshot().answers == {"urgency": "soon"}
        await pilot.press("tab", "down")
        await pilot.pause()
        await pilot.click("OptionRows", offset=(8, 2))
        await pilot.pause()
        assert screen.writer.snapshot().answers == {"urgency": "soon", "kind": ["arrest"]}
