"""The line above every screen: who, what waits, when the vault locks itself."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from fieldkit.model.text import clean
from fieldkit.tui.cells import cells, fitted, in_line

if TYPE_CHECKING:
    from fieldkit.tui.ports.reports import Summary

MINUTE, HOUR, DAY = 60, 3_600, 86_400
"""Seconds."""

COARSE_SECONDS = 10
"""Above a minute the countdown goes in such steps: on a slow link each redrawing costs."""

COUNTDOWN_CELLS = 15
"""Cells of ` locks in 59:50 `."""


PLAIN_NAME = "fieldkit"
"""What a vault is called in the platform's folder, where there is but one."""

VAULT_CELLS = 20
"""Most cells of a vault's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the line says. A vault that is not open has no summary."""

    summary: Summary | None = None
    link: str = ""
    """The link in one or two words, such as `offline`; empty while nothing is known."""
    vault: str = ""
    """What the vault is called: on one laptop there may be two."""
    practice: bool = False
    now: int = 0
    """UTC seconds, to say how long ago something was."""


class HeaderLine(Horizontal):
    """Shown a standing; asks for it by a message when it appears."""

    DEFAULT_CSS = """
    HeaderLine { dock: top; height: 1; background: $panel; }
    HeaderLine #summary { width: 1fr; height: 1; }
    HeaderLine #countdown { width: 15; height: 1; text-align: right; }
    """

    class Wanted(Message):
        """A line has appeared and has nothing to say yet."""

        def __init__(self, line: HeaderLine) -> None:
            super().__init__()
            self.line = line

    def __init__(self) -> None:
        super().__init__()
        self._standing: Standing | None = None
        self._countdown = ""

    def compose(self) -> ComposeResult:
        """What is known on the left, the countdown on the right."""
        yield Static(" fieldkit", id="summary", markup=False)
        yield Static("", id="countdown", markup=False)

    def on_mount(self) -> None:
        """Ask."""
        self.post_message(self.Wanted(self))

    def on_unmount(self) -> None:
        """Nothing of the vault stays behind."""
        self._standing = None
        for place in self.query(Static):
            place.update("")

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self._draw()

    def show(self, standing: Standing) -> None:
        """Say how things stand."""
        if standing != self._standing:
            self._standing = standing
            self._draw()

    def tick(self, seconds: float | None) -> None:
        """Say when the vault locks; None when it is not open. Draws nothing while the words stay the same."""
        words = "" if seconds is None else countdown(seconds)
        if words != self._countdown:
            self._countdown = words
            self._say("#countdown", words)

    def _draw(self) -> None:
        if self._standing is not None and self.size.width:
            room = self.size.width - COUNTDOWN_CELLS
            self._say("#summary", fitting(self._standing, room))

    def _say(self, where: str, words: str) -> None:
        # None is there any more where a screen was left in the instant it opened.
        for place in self.query(where).results(Static):
            place.update(words)


def countdown(seconds: float) -> str:
    """`locks in 4:40`: in steps of ten seconds, in the last minute of one."""
    left = max(0, math.ceil(seconds))
    if left > MINUTE:
        left = math.ceil(left / COARSE_SECONDS) * COARSE_SECONDS
    return f"locks in {left // MINUTE}:{left % MINUTE:02d} "


def fitting(standing: Standing, room: int) -> str:
    """The longest way to say it that fits into so many cells."""
    said = ""
    for said in _ways(standing):
        if cells(said) <= room:
            break
    return said


def _ways(standing: Standing) -> Iterator[str]:
    """The same said ever shorter. PRACTICE, the vault, drafts and what waits are never left out."""
    practice = "PRACTICE, nothing is sent · " if standing.practice else ""
    summary, vault = standing.summary, _vault_name(standing)
    if summary is None:
        yield f" {practice}fieldkit{f' · {vault}' if vault else ''}"
        yield f" {practice}{vault or 'fieldkit'}"
        return
    vault = f"{vault} · " if vault else ""
    who = clean(summary.who, one_line=True) or "not joined yet"
    work = [f"{summary.drafts} {'draft' if summary.drafts == 1 else 'drafts'}", f"{summary.waiting} waiting"]
    work += [f"{summary.fresh} new"] if summary.fresh else []
    passed = ago(summary.last_sync, standing.now)
    never = summary.last_sync is None
    synced, shorter = ("never synced",) * 2 if never else (f"last sync {passed}", f"synced {passed}")
    more = [f"{summary.troubles} to look at"] if summary.troubles else []
    link = [in_line(standing.link)] if standing.link else []
    yield f" {practice}fieldkit · {vault}{who}   {' · '.join([*work, synced, *link, *more])}"
    yield f" {practice}{vault}{who}   {' · '.join([*work, synced, *link, *more])}"
    yield f" {practice}{vault}{who}   {' · '.join([*work, shorter, *link])}"
    practice = "PRACTICE · " if standing.practice else ""
    yield f" {practice}{vault}{who}   {' · '.join([*work, *link])}"
    yield f" {practice}{vault}{' · '.join([*work, *link])}"
    yield f" {practice}{vault}{' · '.join(work)}"


def _vault_name(standing: Standing) -> str:
    """Its name as there is room for it; empty where it would say no more than the program's own."""
    name = clean(standing.vault, one_line=True)
    if standing.practice:
        name = name.removesuffix("-practice")
    if name == PLAIN_NAME:
        return ""
    return fitted(name, VAULT_CELLS) if cells(name) > VAULT_CELLS else name


def ago(moment: int | None, now: int | None = None) -> str:
    """How long ago, in the largest unit that says something: `2 h ago`."""
    if moment is None:
        return "never"
    passed = max(0, (int(time.time()) if now is None else now) - moment)
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if passed >= unit:
            return f"{passed // unit} {name} ago"
    return "just now"
