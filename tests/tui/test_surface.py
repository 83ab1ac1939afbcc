"""What the screens do not do: clipboard, screenshots, markup, raw escapes, local variables in a crash."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from textual.widgets import Static

from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.commands import commands_of
from fieldkit.tui.ports.reports import Reading
from fieldkit.tui.report_text import Passage
from fieldkit.tui.start import drop_switches
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.reports_desk import MemoryLine
from tests.tui.showing import settle, showing, text_of

pytestmark = pytest.mark.anyio

HOSTILE = {
    "colour": "\x1b[31mred\x1b[0m",
    "title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;b3duZWQ=\x07",
    "C1": "\x9b31m\x9d0;owned\x9c",
    "override": "\u202egnp.exe",
    "isolate": "\u2066\u2069\u200f",
    "zero": "a\x00b\x7fc\x08d",
    "line": "one\ntwo\rthree\u2028four\x0bfive\tsix",
    "unassigned": "\U000e0041\ue000\U0010ffff",
    "marks": "e" + "\u0301" * 50,
    "open bracket": "[",
    "close bracket": "[/]",
    "bad close": "[/nothing]",
    "style": "[bold red]x[/]",
    "action": "[@click=app.quit]x[/]",
    "link": "[link=file:///etc]x[/link]",
    "brackets": "[[[]]]\\[",
    "emoji": ":smile: 👩‍👩‍👧",
    "wide": "漢" * 300,
    "empty": "",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_text(text: str) -> None:
    """In every field of every screen: drawn as letters, nothing parsed, nothing invisible left (R25, R26)."""
    line = MemoryLine(number=1, glyph="✎", title=text, place=text, date=text)
    passages = (Passage(label=text), Passage(label=text, text=text or "-", depth=1))
    reading = Reading(heading=text, notes=(text,), passages=passages, line=line)
    desk = MemoryDesk(lines=(line, line), reading=reading)
    async with showing(MemoryDoor(desk=desk, place=f"/home/{text}")) as pilot:
        check(text_of(pilot))
        await pilot.press("down", "enter")
        await settle(pilot)
        check(text_of(pilot))
        await pilot.press("f8")
        await pilot.pause()
        check(text_of(pilot))


def check(screen: str) -> None:
    """No character of the screen acts on a terminal or hides."""
    for char in screen.replace("\n", ""):
        assert unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn"), hex(ord(char))
        assert unicodedata.category(char) != "Cf" or char in "\u200c\u200d", hex(ord(char))


async def test_brackets_are_drawn() -> None:
    """Markup is text: it stands there as it was written."""
    desk = MemoryDesk(lines=(MemoryLine(number=1, title="[bold]x[/] [@click=quit]"),))
    async with showing(MemoryDoor(desk=desk)) as pilot:
        assert "[bold]x[/] [@click=quit]" in text_of(pilot)


async def test_no_widget_parses_markup() -> None:
    """Every text widget of every screen was told not to."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        for screen in pilot.app.screen_stack:
            for widget in screen.query(Static):
                assert not widget._render_markup, widget


async def test_no_screenshot() -> None:
    """The palette offers nothing of Textual's own, and the action for a screenshot does nothing (R27)."""
    async with showing(MemoryDoor()) as pilot:
        app = pilot.app
        assert isinstance(app, FieldkitApp)
        assert list(app.get_system_commands(app.screen)) == []
        assert not any("screenshot" in command.words.casefold() for command in commands_of(app.screen))
        delivered: list[object] = []
        app.deliver_screenshot = lambda *given, **_: delivered.append(given)  # type: ignore[method-assign]
        app.action_screenshot()
        await pilot.pause(0.2)
        assert delivered == []


async def test_no_clipboard() -> None:
    """Neither the passphrase nor anything else can be copied (R7, R27)."""
    async with showing(MemoryDoor(), unlock=False) as pilot:
        await pilot.press("s", "e", "c", "r", "e", "t", "ctrl+shift+a", "ctrl+c", "ctrl+x")
        assert pilot.app.clipboard == ""
        pilot.app.copy_to_clipboard("secret")
        assert pilot.app.clipboard == ""


async def test_no_selection() -> None:
    """Text cannot be selected with the mouse."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        await pilot.mouse_down("#text", offset=(2, 2))
        await pilot.hover("#text", offset=(20, 4))
        await pilot.mouse_up("#text", offset=(20, 4))
        assert not pilot.app.screen.get_selected_text()


class Broken(MemoryDesk):
    """A desk with a fault of the program in it."""

    def read(self, number: int) -> Any:
        """Fail with somebody's words in a local variable."""
        told_by = "a witness called Example"
        raise ValueError(told_by)


async def test_crash_says_no_word(capsys: pytest.CaptureFixture[str]) -> None:
    """A fault ends the screens, locks the vault, and prints neither traceback nor locals (R27)."""
    desk = Broken()
    with pytest.raises(Exception, match="Worker raised exception"):
        async with showing(MemoryDoor(desk=desk)) as pilot:
            app = pilot.app
            await pilot.press("enter")
            await pilot.pause(1)
    assert isinstance(app, FieldkitApp)
    assert isinstance(app.crash, ValueError)
    assert desk.locked == 1
    assert desk.keeping.events == ["crash ValueError"]
    printed = capsys.readouterr()
    assert printed.out + printed.err == ""


def test_switches_are_dropped() -> None:
    """Textual's variables go, others stay (R27)."""
    environment = {"TEXTUAL": "debug", "TEXTUAL_LOG": "/tmp/x", "TEXTUALITY": "y", "TERM": "xterm"}
    drop_switches(environment)
    assert environment == {"TEXTUALITY": "y", "TERM": "xterm"}
