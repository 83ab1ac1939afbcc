"""Every widget on one tall terminal, shown one hostile text after the other.

`python -m tests.tui.hostile_widgets REPORT own|guard|none|harmless PART` shows a part of the texts, and
writes what it noticed to a file. With `own` the widgets have nobody but themselves; with `guard` nothing but
the last filter of lines stands between them and the terminal, with `none` nothing does: the control.
`harmless` shows plain words.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea

from fieldkit.model import text as model_text
from fieldkit.model.text import KEPT_FORMAT
from fieldkit.tui import guard
from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.widgets.choices import Choices
from tests.tui.hostile_cases import places
from tests.tui.hostile_places import Place
from tests.tui.hostile_program import HARMLESS, acts, trace
from tests.tui.hostile_strings import CANARY, COUNT, hostile_strings

WIDTH = 100
ROWS = 5
"""Lines of each place."""

PATIENCE_SECONDS = 30.0

PARTS = 2
"""A run shows every other text: two fit a small machine's two processors."""

HALVES = frozenset(map(chr, range(0xD800, 0xE000)))
"""Halves of characters."""

FEW = 60
"""Texts of the control, each of another kind."""


class Stage(Screen[None]):
    """A place below the other."""

    AUTO_FOCUS = ""
    CSS = f"""
    .place {{ height: {ROWS}; width: {WIDTH}; overflow: hidden hidden; }}
    """

    def __init__(self, there: dict[str, Place]) -> None:
        super().__init__()
        self.widgets: dict[str, Widget] = {name: place.make() for name, place in there.items()}

    def compose(self) -> ComposeResult:
        """Each in a holder of its own."""
        for widget in self.widgets.values():
            with Vertical(classes="place"):
                yield widget

    def action_field(self, by: int) -> None:
        """Nowhere to go."""


class Showing(App[None]):
    """Shows them; nothing of the program's own around them."""

    ALLOW_SELECT = False
    ENABLE_COMMAND_PALETTE = False
    SCREENS: ClassVar[dict[str, Any]] = {}

    bell = FieldkitApp.bell

    def __init__(self, texts: tuple[str, ...], *, guarded: bool) -> None:
        super().__init__()
        self.animation_level = "none"
        self._texts = texts
        self._places = places()
        self.stage = Stage(self._places)
        if guarded:
            self._filters.append(guard.TextGuard())
        self.noticed: list[str] = []
        self.seen: dict[str, int] = dict.fromkeys(self._places, 0)
        self.unclean = dict(self.seen)
        self.crash: BaseException | None = None

    def get_default_screen(self) -> Screen[None]:
        """The only one."""
        return self.stage

    def on_ready(self) -> None:
        """Begin."""
        self.run_worker(self._go(), exit_on_error=True)

    def action_owned(self) -> None:
        """What no text may do."""
        self.noticed.append("markup acted")

    def _handle_exception(self, error: Exception) -> None:
        self.crash = self.crash or getattr(error, "error", error)
        super()._handle_exception(error)

    async def _go(self) -> None:
        for text in self._texts:
            # Drawn once for all: each layout of so tall a screen costs more than all the rest.
            with self.batch_update():
                for name, place in self._places.items():
                    await place.put(self.stage.widgets[name], text)
                await self._settled()
                self.stage._refresh_layout()
                await self._settled()
            self._look(self.stage._compositor.render_strips())
        self.exit()

    async def _settled(self) -> None:
        """Until what was typed and pasted has arrived, and what was made anew knows how wide it is."""
        waiting = []
        for widget in [*self.stage.query(Input), *self.stage.query(TextArea), *self.stage.query(Choices)]:
            done = asyncio.Event()
            if widget.call_later(done.set):
                waiting.append(done.wait())
        await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE_SECONDS)

    def _look(self, strips: list[Strip]) -> None:
        """Draw; then what of it would act when it is clicked, and where the text can be read."""
        assert self._driver is not None
        self._driver.write(
            "".join(f"\x1b[{row};1H{strip.render(self.console)}" for row, strip in enumerate(strips, start=1))
        )
        self._driver.flush()
        self.noticed += acts(strips)
        for number, name in enumerate(self._places):
            there = strips[number * ROWS : (number + 1) * ROWS]
            text = "".join(strip.text for strip in there)
            self.seen[name] += CANARY in text
            self.unclean[name] += not text.isprintable() and not KEPT_FORMAT.issuperset(unprintable(text))


def unprintable(text: str) -> set[str]:
    """What of it cannot be seen."""
    return {char for char in text if not char.isprintable()}


def texts_of(mode: str) -> tuple[str, ...]:
    """What is shown in a mode."""
    if mode == "harmless":
        return HARMLESS * PARTS
    if mode == "own":
        return hostile_strings()
    # Half a character has no bytes that a terminal could be sent: without cleaning it ends the program.
    whole = tuple(
        text for text in hostile_strings() if not any(0xD800 <= ord(char) < 0xE000 for char in text)
    )
    return whole[:FEW] if mode == "none" else whole


def without_cleaning() -> None:
    """Let every module but the guard take text as it comes."""

    def as_it_is(text: str, *, one_line: bool = False) -> str:
        return text

    for name, module in list(sys.modules.items()):
        if name.startswith("fieldkit.") and module not in (model_text, guard):
            for held, stand_in in (("clean", as_it_is), ("in_line", as_it_is)):
                if callable(getattr(module, held, None)):
                    setattr(module, held, stand_in)


def main() -> int:
    """Show everything, and write down what was noticed."""
    target, mode, part = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if mode in ("guard", "none"):
        without_cleaning()
    texts = texts_of(mode)[part::PARTS]
    app = Showing(texts, guarded=mode == "guard")
    app.run()
    report = {
        "noticed": sorted(set(app.noticed)),
        "seen": app.seen,
        "unclean": {name: count for name, count in app.unclean.items() if count},
        "crash": "" if app.crash is None else repr(app.crash),
        "trace": trace(app.crash),
    }
    target.write_text(json.dumps(report))
    return 0


HEIGHT = ROWS * len(places())
"""Of the terminal."""

if __name__ == "__main__":
    assert len(hostile_strings()) == COUNT
    sys.exit(main())
