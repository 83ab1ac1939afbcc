"""Hands that fill in the form in a real terminal, and eyes that find the field the cursor stands in."""

from __future__ import annotations

import calendar
import os
import re
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from tests.tui.terminal import LOOK_SECONDS, PATIENCE_SECONDS, Terminal

MOST_STEPS = 40
"""So many times a key is pressed in search of a field or a page."""

MOVING_SECONDS = 2.0
"""How long a busy machine may take to move a cursor."""

LABEL_LINES = 3
"""A field's label stands at most so many lines above the cursor."""


class Typist:
    """Presses the keys that a person would press."""

    def __init__(self, shown: Terminal) -> None:
        self._shown = shown

    def to_page(self, name: str, *, back: bool = False) -> str:
        """Turn pages until one has this title."""
        for _ in range(MOST_STEPS):
            page = self._shown.settled()
            if any(line.startswith("›") and name in line for line in page.splitlines()):
                return page
            self._press("PageUp" if back else "PageDown")
        raise AssertionError(f"no page is called {name!r}; the screen is:\n{self._shown.screen()}")

    def to_field(self, label: str) -> None:
        """Go from field to field until the cursor stands below this label."""
        for _ in range(MOST_STEPS):
            page, row = self._shown.settled().splitlines(), self._shown.cursor()[1]
            if any(label in line for line in page[max(0, row - LABEL_LINES) : row + 1]):
                return
            self._press("Tab")
        raise AssertionError(f"no field is called {label!r}; the screen is:\n{self._shown.screen()}")

    def write(self, label: str, text: str) -> None:
        """Answer in words."""
        self.to_field(label)
        self._shown.type(text)

    def choose(self, label: str, *searched: str) -> None:
        """Choose by typing how an entry begins."""
        self.to_field(label)
        for words in searched:
            self._shown.type(words)
            self._shown.press("Enter")

    def pick(self, label: str, place: int = 1) -> None:
        """Choose one of a few entries in sight: the first, the second, and so on."""
        self.to_field(label)
        for _ in range(place):
            self._shown.press("Right")
        self._shown.press("Enter")

    def add_item(self, code: str) -> None:
        """The next item of a page of items, open to be filled in; it gets this code."""
        self._shown.press("C-n")
        self._shown.wait_for(f"{code} added", "Esc shows all of them")

    def read_all(self) -> str:
        """Everything of a page that scrolls, as it stands on the screen, a few lines twice."""
        read = [self._shown.settled()]
        for _ in range(MOST_STEPS):
            # The first one may only bring the line that stands out to the last that is in sight.
            if not self._press("PageDown") and not self._press("PageDown"):
                break
            read.append(self._shown.settled())
        return "\n".join(read)

    def _press(self, key: str) -> bool:
        """Press a key that moves something; whether something moved. At an end nothing does."""
        before, end = (self._shown.screen(), self._shown.cursor()), time.monotonic() + MOVING_SECONDS
        self._shown.press(key)
        while (self._shown.screen(), self._shown.cursor()) == before:
            if time.monotonic() > end:
                return False
            time.sleep(LOOK_SECONDS)
        return True

    def fill(self, answers: Sequence[tuple[str, str]]) -> None:
        """Several answers in words."""
        for label, text in answers:
            self.write(label, text)


_PASSING = (
    (re.compile(r"locks in \d+:\d\d"), "locks in M:SS"),
    (re.compile(r"\d\d:\d\d(:\d\d)?"), "HH:MM"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(rf"\d{{1,2}} ({'|'.join(calendar.month_name[1:])}) \d{{4}}"), "DAY"),
    (re.compile(rf"\d{{1,2}} ({'|'.join(calendar.month_abbr[1:])}) \d{{4}}"), "DAY"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "YYYY-MM-DD"),
    (re.compile(r"\d+ words, \d+ answers"), "N words, N answers"),
    (re.compile(r"[\d.]+ (KB|bytes|s)\b"), r"N \1"),
    (re.compile(r"coordinator [0-9a-f]{8}"), "coordinator ID"),
    (
        re.compile(r"(last sync|Last success|synced|last exchange,) (?:just now|\d+ min ago)\b *"),
        r"\1 LATELY ",
    ),
)


def without_times(page: str) -> str:
    """A screen with what differs from run to run replaced."""
    for pattern, word in _PASSING:
        page = pattern.sub(word, page)
    return page


def kill_program(home: Path, number: signal.Signals) -> None:
    """Send a signal to the program that runs on a home, and see it end."""
    found = [place.parent for place in Path("/proc").glob("[0-9]*/cmdline") if _runs_on(place, home)]
    assert found, f"no program runs on {home}"
    for process in found:
        os.kill(int(process.name), number)
    end = time.monotonic() + PATIENCE_SECONDS
    while any(_runs_on(process / "cmdline", home) for process in found):
        assert time.monotonic() < end, f"it did not end after signal {number}"
        time.sleep(LOOK_SECONDS)


def _runs_on(cmdline: Path, home: Path) -> bool:
    try:
        words = cmdline.read_bytes().split(b"\0")
    except OSError:
        return False
    return b"fieldkit.cli.main" in words and str(home).encode() in words and not words[0].endswith(b"sh")
