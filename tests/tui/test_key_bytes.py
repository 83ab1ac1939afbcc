"""What every key costs, in bytes, with all that comes after it; and that a terminal then shows the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import TextArea

from fieldkit.actions import capture, unlock
from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.appearance import TERMINAL, Look
from fieldkit.tui.desks.door import HomeDoor
from fieldkit.tui.drawing import DrawingApp
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.widgets.preview import FRUGAL_BYTES, HEAD_BYTES, MORE, Preview
from fieldkit.tui.widgets.record_list import RecordList
from fieldkit.vault.keyslots import FLOOR_COST
from tests.tui.drawn import Drawn, drawn
from tests.tui.showing import settle, type_passphrase, wait_for

pytestmark = [pytest.mark.anyio, pytest.mark.apart]

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"
REPORTS = 150
"""More than a page of the list."""

MOST_STEP = 1_024
"""Bytes of one key that moves the cursor by a line, wherever it is, with the report beside the list."""

MOST_KEY = 6_144
"""Bytes of any other key of the list: another screenful and the report beside it."""

MOST_TAB = 4_096
"""Bytes of one step to the next field in the low-bandwidth look, at 100 by 30."""

FORM = ["e", *["pagedown"] * 3]
"""From page to page of the form."""

LEAN, RICH = Look(theme=TERMINAL, low_bandwidth=True), Look()
LOOKS = {"low bandwidth": LEAN, "rich": RICH}
SMALL, WIDE, USUAL = (80, 24), (120, 30), (100, 30)

ENGLISH = "Three shells fell on the market in the morning, and people ran to the school. " * 30
ARABIC = "سقطت ثلاث قذائف على السوق صباح اليوم وهرب الناس نحو المدرسة. " * 30


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with long reports, every other one in Arabic."""
    folder = tmp_path_factory.mktemp("home") / "vault"
    with unlock.initialise(folder, PASSPHRASE, cost=FLOOR_COST) as session:
        for number in range(REPORTS):
            title = (
                f"قصف مدفعي على السوق والمدرسة والمشفى {number}"
                if number % 2
                else f"Market shelled for the {number}th time"
            )
            told = {"gov": "Aleppo", "start": "3 Aug 2026", "narrative": ARABIC if number % 2 else ENGLISH}
            capture.new_draft(session, {"title": title, **told})
    return folder


@asynccontextmanager
async def listed(
    home: Path, look: Look, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Pilot[None], Drawn]]:
    """The real list of a real vault, and what is sent to its terminal."""
    with drawn(monkeypatch, size) as found:
        app = FieldkitApp(HomeDoor(home), look=look)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await type_passphrase(pilot, PASSPHRASE)
            await wait_for(pilot, lambda: isinstance(app.screen, RecordsScreen))
            await wait_for(pilot, lambda: app.screen.query_one(RecordList).count > 0)
            await rested(pilot)
            yield pilot, found


async def rested(pilot: Pilot[None]) -> None:
    """The report beside the list is that under the cursor, where there is room for one."""
    await settle(pilot)
    here = pilot.app.screen.query_one(RecordList).here
    pane = pilot.app.screen.query_one(Preview)
    if pane.display and here is not None:
        await wait_for(pilot, lambda: pane.reading is not None and pane.reading.line.number == here.number)
        await pilot.pause()


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "120x30"])
@pytest.mark.parametrize("name", LOOKS)
async def test_what_a_key_of_the_list_costs(
    home: Path, name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step anywhere costs less than a kilobyte, also where the list moves and where its next page comes."""
    # From the end of the window over its edge and back, and where the list's next page comes.
    steps = ["down", "down", "pagedown", *["down"] * 5, "pageup", *["up"] * 4]
    others = ["end", "down", "down", "up", "home", "space", "space", "escape"]
    async with listed(home, LOOKS[name], size, monkeypatch) as (pilot, found):
        view, moved = pilot.app.screen.query_one(RecordList), 0
        for key in [*steps, *others]:
            before, top = found.terminal.received, view.scroll_offset.y
            await found.cost(pilot, key)
            await rested(pilot)
            cost = found.terminal.received - before
            moved += view.scroll_offset.y != top
            step = key in ("down", "up")
            assert cost <= (MOST_STEP if step else MOST_KEY), (key, view.cursor, cost)
            assert cost > 80 or key not in ("down", "up"), (key, view.cursor, cost)
            assert found.wrong(pilot) == [], key
        assert moved > 6


@pytest.mark.parametrize("name", LOOKS)
async def test_the_beginning_of_a_report_and_all_of_it(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the list: over a slow link the beginning and how to read on, else all of it to who stays."""
    async with listed(home, LOOKS[name], WIDE, monkeypatch) as (pilot, found):
        low, pane = LOOKS[name].low_bandwidth, pilot.app.screen.query_one(Preview)
        assert ("\n".join(text_of_pane(pane)).count(MORE) == 1) is low
        assert (
            sum(len(line.encode()) for line in text_of_pane(pane))
            < (FRUGAL_BYTES if low else HEAD_BYTES) + 50
        )
        await pilot.press("down")
        assert pane.reading is None and not any(text_of_pane(pane))
        await rested(pilot)
        if low:
            assert pane._staying is None
        else:
            assert pane._staying is not None
            await wait_for(pilot, lambda: len(text_of_pane(pane)) > WIDE[1] - 4)
        assert found.wrong(pilot) == []


def text_of_pane(pane: Preview) -> list[str]:
    """Its lines with words."""
    strips = pane.screen._compositor.render_strips()
    left, top, _, height = pane.content_region
    lines = [strip.crop(left).text.rstrip() for strip in strips[top : top + height]]
    return [line for line in lines if line]


async def test_what_a_step_elsewhere_costs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Tab in the low-bandwidth look: form, quick capture, the screens that a key of the list opens."""
    async with listed(home, LEAN, USUAL, monkeypatch) as (pilot, found):
        listing = pilot.app.screen
        for keys in (["n"], ["f5"], ["f"], ["slash"], ["ctrl+p"], ["f1"], ["enter"], ["h"], FORM):
            for key in keys:
                await found.cost(pilot, key)
                if key == "e":
                    await wait_for(pilot, lambda: getattr(pilot.app.screen, "is_open", False))
                costs = [await found.cost(pilot, "tab") for _ in range(7 if key in "en" else 3)]
                assert max(costs) <= MOST_TAB and found.wrong(pilot) == [], (key, costs)
                assert key not in FORM or min(costs) > 0
            while pilot.app.screen is not listing:
                await pilot.press("escape")
                await settle(pilot)


async def test_a_widget_that_is_gone_is_not_drawn(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its end and the next layout a widget still has its place; what it was drawn with is gone."""
    async with listed(home, RICH, SMALL, monkeypatch) as (pilot, found):
        screen, editor = Screen[None](), TextArea("words")
        await pilot.app.push_screen(screen)
        await screen.mount(editor)
        await settle(pilot)
        parent, styles = editor._parent, dict(editor._component_styles)
        editor._parent = None
        editor._component_styles.clear()
        before = found.terminal.received
        update = screen._compositor.render_update(full=True)
        cast(DrawingApp, pilot.app)._forget()
        pilot.app._display(screen, update)
        assert found.terminal.received == before
        editor._parent = parent
        editor._component_styles.update(styles)
        pilot.app._display(screen, update)
        assert found.terminal.received > before
        await editor.remove()
        await settle(pilot)
        assert found.wrong(pilot) == []
