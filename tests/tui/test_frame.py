"""The first and the last line of every screen."""

from __future__ import annotations

import pytest
from textual.binding import ActiveBinding, Binding
from textual.visual import VisualType
from textual.widgets import Static

from fieldkit.tui.cells import cells
from fieldkit.tui.locking import IDLE_SECONDS
from fieldkit.tui.messages import LinkSaid
from fieldkit.tui.ports.reports import Summary
from fieldkit.tui.widgets.header import Standing, countdown, fitting
from fieldkit.tui.widgets.key_bar import Hint, hints_of, layout
from tests.tui.desk import NOW, MemoryDesk, MemoryDoor
from tests.tui.showing import Watch, settle, showing, text_of, wait_for

pytestmark = pytest.mark.anyio

SUMMARY = Summary(who="north-7", drafts=2, waiting=3, last_sync=NOW - 7_300, troubles=1)
WAYS = [
    (100, "", False, " fieldkit · north-7   2 drafts · 3 waiting · last sync 2 h ago · 1 to look at"),
    (68, "", False, " north-7   2 drafts · 3 waiting · last sync 2 h ago · 1 to look at"),
    (60, "offline", False, " north-7   2 drafts · 3 waiting · synced 2 h ago · offline"),
    (60, "", True, " PRACTICE · north-7   2 drafts · 3 waiting"),
    (
        100,
        "",
        True,
        " PRACTICE, nothing is sent · north-7   2 drafts · 3 waiting · last sync 2 h ago · 1 to look at",
    ),
    (10, "", False, " 2 drafts · 3 waiting"),
]


@pytest.mark.parametrize(("room", "link", "practice", "said"), WAYS)
def test_header_fits(room: int, link: str, practice: bool, said: str) -> None:
    """What matters most is left out last; drafts, what waits and PRACTICE never are."""
    standing = Standing(summary=SUMMARY, link=link, practice=practice, now=NOW)
    assert fitting(standing, room) == said
    assert room == 10 or cells(said) <= room


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (300, "5:00"),
        (299.5, "5:00"),
        (272, "4:40"),
        (61, "1:10"),
        (60, "1:00"),
        (59.2, "1:00"),
        (9, "0:09"),
        (-3, "0:00"),
    ],
)
def test_countdown(seconds: float, said: str) -> None:
    """Steps of ten seconds, and of one in the last minute; never less time than is left is promised."""
    assert countdown(seconds) == f"locks in {said} "


async def test_countdown_is_drawn_seldom() -> None:
    """A second that passes draws nothing; ten of them draw one word; a key begins anew."""
    watch = Watch()
    async with showing(MemoryDoor(), watch=watch) as pilot:
        app = pilot.app
        place = app.screen.query_one("#countdown", Static)
        drawn: list[str] = []
        update = place.update

        def noticed(content: VisualType = "", *, layout: bool = True) -> None:
            drawn.append(str(content))
            update(content, layout=layout)

        place.update = noticed  # type: ignore[method-assign]
        for watch.seconds in (1.0, 2.0, 3.0, 11.0, 12.0, IDLE_SECONDS - 5.0):
            await app._lock_when_idle()  # type: ignore[attr-defined]
        assert drawn == ["locks in 4:50 ", "locks in 0:05 "]
        await pilot.press("down")
        await app._lock_when_idle()  # type: ignore[attr-defined]
        assert drawn[-1] == "locks in 5:00 "


async def test_every_screen_says_the_same() -> None:
    """What one screen learned stands on the next one too, and goes at a lock."""
    async with showing(MemoryDoor()) as pilot:
        pilot.app.screen.post_message(LinkSaid("offline"))
        await pilot.pause()
        await pilot.press("enter")
        await settle(pilot)
        first = text_of(pilot).splitlines()[0]
        assert "north-7   2 drafts · 3 waiting · last sync 2 h ago" in first
        assert "offline" in first
        assert "locks in 5:00" in first
        await pilot.press("f8")
        await pilot.pause()
        assert "north-7" not in text_of(pilot)
        assert "offline" not in text_of(pilot)


def test_key_bar_leaves_out_the_last() -> None:
    """Where there is no room, leaving is left out, then the last keys of here; the line is never too long."""
    here = [Hint(key=key, name=key, does="do it", everywhere=False) for key in "abcdef"]
    everywhere = [Hint(key="f1", name="F1", does=does, everywhere=True) for does in ("Help", "Quit")]
    for width in range(20, 120):
        parts = layout([*here, *everywhere], width)
        text = "".join(part.text if isinstance(part, Hint) else part for part in parts)
        assert cells(text) == width
        assert "Help" in text
        shown = [part.key for part in parts if isinstance(part, Hint) and not part.everywhere]
        assert shown == list("abcdef")[: len(shown)]
        assert "Quit" not in text or len(shown) == len(here)


def test_how_one_leaves_is_left_out_last() -> None:
    """Also on a narrow terminal one sees the key that goes back, and the one that finishes."""
    here = [
        *(Hint(key=key, name=key, does="do it", everywhere=False) for key in "abc"),
        Hint(key="f9", name="F9", does="Finish", everywhere=False, kept=True),
        Hint(key="escape", name="Esc", does="Back", everywhere=False, kept=True),
    ]
    everywhere = [Hint(key="f1", name="F1", does="Help", everywhere=True)]
    for width in range(34, 90):
        keys = [part.key for part in layout([*here, *everywhere], width) if isinstance(part, Hint)]
        assert keys[-3:] == ["f9", "escape", "f1"] and keys[:-3] == list("abc")[: len(keys) - 3]


def test_hints() -> None:
    """One hint an action; what is hidden or cannot be done now has none."""
    node = object()
    bindings = [
        ActiveBinding(node, Binding("x", "one", "One", id="a.one"), True, ""),  # type: ignore[arg-type]
        ActiveBinding(node, Binding("y", "one", "One", id="a.one"), True, ""),  # type: ignore[arg-type]
        ActiveBinding(node, Binding("z", "two", "Two", show=False), True, ""),  # type: ignore[arg-type]
        ActiveBinding(node, Binding("w", "three", "Three"), False, ""),  # type: ignore[arg-type]
    ]
    assert [hint.text for hint in hints_of(bindings)] == ["x One"]


async def test_click_presses_the_key() -> None:
    """A click on a key does what the key does."""
    desk = MemoryDesk()
    async with showing(MemoryDoor(desk=desk)) as pilot:
        column = text_of(pilot).splitlines()[-1].index("F8 Lock")
        await pilot.click(offset=(column + 1, 23))
        await wait_for(pilot, lambda: desk.locked == 1)
