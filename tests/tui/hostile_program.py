"""The program on a terminal, walked through every screen with hostile text in everything it is given.

`python -m tests.tui.hostile_program REPORT [harmless|unguarded|markup|raw]` writes what it noticed to a file:
with `harmless` every text is a plain word, with `unguarded` the last filter of lines is taken away, with
`markup` and `raw` a widget that leaks stands among the screens.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.tui.app import FieldkitApp
from fieldkit.tui.commands import Command
from fieldkit.tui.erasing import Erasing
from fieldkit.tui.help_texts import About
from fieldkit.tui.ports.entry import Recovered, SavedDraft
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.ask import AskScreen
from fieldkit.tui.screens.capture import CaptureScreen
from fieldkit.tui.screens.filters import FiltersScreen
from fieldkit.tui.screens.first_run import FirstRunScreen, PracticeScreen
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.help import HelpPage, HelpScreen
from fieldkit.tui.screens.history import HistoryScreen
from fieldkit.tui.screens.joining import JoiningScreen
from fieldkit.tui.screens.keeping import BackupScreen, RestoreScreen
from fieldkit.tui.screens.locking import LockingScreen
from fieldkit.tui.screens.new_vault import NewVaultScreen
from fieldkit.tui.screens.notice import NoticeScreen
from fieldkit.tui.screens.palette import PaletteScreen
from fieldkit.tui.screens.panic import DrillScreen, EraseScreen, PanicScreen
from fieldkit.tui.screens.paper import PaperScreen
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.recovered import RecoveredScreen
from fieldkit.tui.screens.review import ReviewScreen
from fieldkit.tui.screens.sync import SyncScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from tests.tui.desk import NOW, MemoryDesk, MemoryDoor
from tests.tui.hostile_strings import hostile_strings
from tests.tui.poison import Poison

HARMLESS: Final = ("plain", "حلب", "Обстріл 12")

KEYS: Final = ("tab", "down", "pagedown", "tab", "end", "home")
"""Pressed on every screen: other lines, other pages, other fields are drawn."""

MOUNTS: Final = 3
"""Times each screen is shown, each with the strings that follow; the keys are pressed the first time."""

PATIENCE_SECONDS: Final = 10.0
PAUSE_SECONDS: Final = 0.01


class Given:
    """What the screens are made from, every text of it hostile."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.poison = Poison(texts)
        real = MemoryDesk()
        answers = {"title": self.poison.text(), "gov": self.poison.text(), "narrative": self.poison.text()}
        real.writing.drafts[1] = dict(answers)
        real.writing.unread[1] = {("when",): self.poison.text(), ("title",): self.poison.text()}
        self.desk: Any = self.poison.into(real)
        self.door: Any = self.poison.into(MemoryDoor(desk=real))
        self.text = self.poison.text

    def command(self, app: FieldkitApp) -> Command:
        """Something to be offered."""
        return Command(words=self.text("w"), action=self.text("a"), node=app, key=self.text("k"))

    def erasing(self) -> Erasing:
        """One that went wrong in every way."""
        return Erasing(
            slots_seconds=0.1,
            trouble=Trouble(self.text("m"), self.text("h")),
            limits=(self.text("l"), self.text("l")),
        )

    def recovered(self) -> Recovered:
        """What a crash left."""
        drafts = tuple(
            SavedDraft(number=n, title=self.text("t"), saved=NOW, words=3, answers=2) for n in range(5)
        )
        return Recovered(opened=NOW, drafts=drafts, more=3)


Maker = Callable[[Given, FieldkitApp], Screen[Any]]

SCREENS: Final[dict[type[Screen[Any]], Maker]] = {
    AskScreen: lambda given, _: AskScreen(given.text("q"), given.text("s"), field=given.text("f")),
    BackupScreen: lambda given, _: BackupScreen(given.desk.keeping),
    CaptureScreen: lambda given, _: CaptureScreen(given.desk),
    DrillScreen: lambda given, _: DrillScreen(given.door.care),
    EraseScreen: lambda given, _: EraseScreen(),
    FiltersScreen: lambda given, _: FiltersScreen(given.desk, given.text("q")),
    FirstRunScreen: lambda given, _: FirstRunScreen(given.door),
    FormScreen: lambda given, _: FormScreen(given.desk, 1),
    HelpScreen: lambda given, app: HelpScreen(
        HelpPage(
            about=About(title=given.text("t"), sentences=(given.text("s"), given.text("s"))),
            keys=tuple(given.command(app) for _ in range(8)),
        )
    ),
    HistoryScreen: lambda given, _: HistoryScreen(given.desk, 42),
    JoiningScreen: lambda given, _: JoiningScreen(given.desk.entry),
    LockingScreen: lambda given, _: LockingScreen(),
    NewVaultScreen: lambda given, _: NewVaultScreen(given.door),
    NoticeScreen: lambda given, _: NoticeScreen(given.text("t"), (given.text("s"), given.text("s"))),
    PaletteScreen: lambda given, app: PaletteScreen(tuple(given.command(app) for _ in range(20))),
    PanicScreen: lambda given, _: PanicScreen(given.erasing()),
    PaperScreen: lambda given, _: PaperScreen(given.desk.entry),
    PracticeScreen: lambda given, _: PracticeScreen(given.door),
    RecordScreen: lambda given, _: RecordScreen(given.desk, 42),
    RecordsScreen: lambda given, _: RecordsScreen(given.desk, lambda: NOW),
    RecoveredScreen: lambda given, _: RecoveredScreen(given.recovered(), given.desk.entry),
    RestoreScreen: lambda given, _: RestoreScreen(given.door.care, given.text("p")),
    ReviewScreen: lambda given, _: ReviewScreen(given.desk, 1),
    SyncScreen: lambda given, _: SyncScreen(given.desk, lambda: NOW),
    UnlockScreen: lambda given, _: UnlockScreen(given.door),
}
"""How each screen is shown. A screen that is missing here fails a test."""


class LeakyMarkup(Screen[None]):
    """The control: a widget that parses what it is given."""

    def compose(self) -> ComposeResult:
        """One action."""
        yield Static("[@click=app.owned]press[/]")


class Raw(Widget):
    """The control: a widget that draws what it is given as it is."""

    def render_line(self, y: int) -> Strip:
        """A sequence that a terminal obeys."""
        return Strip([Segment("x\x1b]52;c;0wn3d\x07")])


class LeakyRaw(Screen[None]):
    """It, on a screen."""

    def compose(self) -> ComposeResult:
        """Only it."""
        yield Raw()


LEAKY: Final[dict[str, Maker]] = {
    "markup": lambda given, _: LeakyMarkup(),
    "raw": lambda given, _: LeakyRaw(),
}


class Walking(FieldkitApp):
    """The program, walking by itself."""

    def __init__(self, given: Given, makers: list[tuple[str, Maker]], mounts: int) -> None:
        super().__init__(MemoryDoor(), clock=lambda: NOW)
        self._given, self._makers, self._mounts = given, makers, mounts
        self.noticed: list[str] = []
        self.drawn: dict[str, int] = {}
        self.shown: dict[str, str] = {}

    def on_ready(self) -> None:
        """Begin to walk."""
        self.run_worker(self._walk(), exit_on_error=True)

    def action_owned(self) -> None:
        """What no text may do."""
        self.noticed.append("markup acted")

    async def _walk(self) -> None:
        for name, maker in self._makers:
            before = self._given.poison.used
            for time in range(self._mounts):
                self.clear_notifications()
                screen = maker(self._given, self)
                await self.push_screen(screen)
                await self._settle(name)
                await self._poke(name, KEYS if time == 0 else ())
                while self.screen_stack[-1] is not screen and screen in self.screen_stack:
                    await self.pop_screen()
                if screen in self.screen_stack:
                    await self.pop_screen()
            self.drawn[name] = self._given.poison.used - before
        self.exit()

    async def _poke(self, name: str, keys: tuple[str, ...]) -> None:
        screen = self.screen
        self.notify(self._given.text("n"), title=self._given.text("t"), markup=False)
        self.post_message(events.Paste(self._given.text()))
        await self._settle(name)
        for key in keys:
            if self.screen is not screen:
                return
            self.simulate_key(key)
            await self._settle(name)

    async def _handled(self) -> None:
        """Until the program and its screen have done what was asked of them so far."""
        for node in (self, self.screen):
            handled = asyncio.Event()
            if node.call_later(handled.set):
                await asyncio.wait_for(handled.wait(), PATIENCE_SECONDS)

    async def _settle(self, name: str) -> None:
        """Until workers have answered; one that waits for a disk is not waited for."""
        await self._handled()
        mine = [worker for worker in self.workers if worker.is_running and worker.name != "_walk"]
        waiting = [asyncio.ensure_future(worker.wait()) for worker in mine]
        if waiting:
            await asyncio.wait(waiting, timeout=PATIENCE_SECONDS)
        await self._handled()
        await asyncio.sleep(PAUSE_SECONDS)
        self.noticed += [f"{name}: {what}" for what in acts(self.screen._compositor.render_strips())]
        self.shown[name] = self.shown.get(name, "") + "\n".join(
            strip.text for strip in self.screen._compositor.render_strips()
        )


def acts(strips: Iterable[Strip]) -> Iterator[str]:
    """What of a screen would act when it is clicked."""
    for strip in strips:
        for segment in strip:
            if segment.style is not None:
                if "@click" in (segment.style.meta or {}):
                    yield f"an action in {segment.text!r}"
                if segment.style.link:
                    yield f"a link in {segment.text!r}"


def main() -> int:
    """Walk, and write down what was noticed."""
    target, mode = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    given = Given(HARMLESS if mode == "harmless" else hostile_strings())
    makers = [(kind.__name__, maker) for kind, maker in SCREENS.items()]
    if mode in LEAKY:
        makers = [(mode, LEAKY[mode])]
    app = Walking(given, makers, 1 if mode else MOUNTS)
    if mode in ("raw", "unguarded"):
        app.get_line_filters = lambda: ()  # type: ignore[method-assign]
    app.run()
    report = {
        "noticed": app.noticed,
        "drawn": app.drawn,
        "shown": app.shown,
        "used": given.poison.used,
        "crash": "" if app.crash is None else repr(app.crash),
        "trace": trace(app.crash),
    }
    target.write_text(json.dumps(report))
    return 0


def trace(crash: BaseException | None) -> list[str]:
    """Where it was, for whoever mends it: these words are a test's own."""
    import traceback

    return [] if crash is None else traceback.format_exception(crash)[-12:]


if __name__ == "__main__":
    sys.exit(main())
