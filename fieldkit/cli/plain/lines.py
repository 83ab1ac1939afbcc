"""Asks and tells line by line: no colour, no cursor that moves, no escape sequence.

A line is read from the descriptor itself: Python's own `input` may send escape sequences.
"""

from __future__ import annotations

import os
import re
import select
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TextIO

from fieldkit.cli.cells import wrapped
from fieldkit.cli.faults import Failure
from fieldkit.cli.terminal import drop_typed
from fieldkit.model.text import clean, sentence
from fieldkit.tui.signals import put_off

IDLE_SECONDS = 300
"""Without a line for so long, the vault is closed: as in the screens."""

READ_BYTES = 65_536
"""Bytes read at a time."""

TERMINAL_LINE = 4_095
"""Bytes of one line that a terminal takes; what is typed or pasted behind them never arrives."""

LEAST_WIDTH = 20
"""Columns, however narrow the terminal says it is."""

PLAIN_WIDTH = 80
"""Columns where nothing says how many there are."""

YES_NO = {"y": True, "yes": True, "n": False, "no": False}

_KEYS = re.compile(rb"\x1b(\[[0-9;?]*[ -/]*[@-~]|O.|.)?")
"""What arrow keys and the like leave in a line."""


class Ended(Exception):
    """No further line will come: the input ended, the terminal went, or the program is told to end."""


class Idle(Exception):
    """Nobody has typed a line for a long time."""


class LineCut(Exception):
    """A line was longer than a terminal takes."""

    def __init__(self, kept: str) -> None:
        super().__init__("line cut")
        self.kept = kept


@dataclass(slots=True)
class Typed:
    """The lines somebody types, from a descriptor."""

    descriptor: int = 0
    idle: float = IDLE_SECONDS
    _held: bytearray = field(default_factory=bytearray, repr=False)

    def line(self) -> str:
        """The next line, without its end. Raises Ended, Idle, LineCut, KeyboardInterrupt."""
        while b"\n" not in self._held:
            self._wait()
            try:
                more = os.read(self.descriptor, READ_BYTES)
            except OSError:
                more = b""
            if not more:
                self._held.clear()
                raise Ended
            self._held += more
        raw, _, rest = bytes(self._held).partition(b"\n")
        self._held[:] = rest
        text = _KEYS.sub(b"", raw.removesuffix(b"\r")).decode("utf-8", errors="replace")
        if len(raw) >= TERMINAL_LINE and os.isatty(self.descriptor):
            raise LineCut(text)
        return text

    def _wait(self) -> None:
        if sys.platform == "win32" or not os.isatty(self.descriptor):
            return
        with _woken() as signalled:
            while True:
                ready, _, _ = select.select([self.descriptor, *signalled], [], [], self.idle)
                if self.descriptor in ready:
                    return
                if not ready:
                    drop_typed(self.descriptor)
                    raise Idle
                os.read(ready[0], READ_BYTES)  # a signal after which the conversation goes on


@contextmanager
def _woken() -> Iterator[Sequence[int]]:
    """What becomes readable with a signal: one that comes just before a wait begins would else not end it."""
    reading, writing = os.pipe()
    try:
        os.set_blocking(writing, False)
        try:
            before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        except ValueError:  # not the main thread: then nobody sends it signals
            yield ()
            return
        try:
            yield (reading,)
        finally:
            signal.set_wakeup_fd(before)
    finally:
        os.close(reading)
        os.close(writing)


@dataclass(frozen=True, slots=True)
class Lines:
    """A conversation. What is said goes to standard error; data stays with standard output."""

    stream: TextIO
    line: Callable[[], str] = field(repr=False)
    columns: int | None = None
    """How wide it is; None to ask the terminal each time."""

    @property
    def width(self) -> int:
        """Columns of a line."""
        if self.columns is not None:
            return self.columns
        with suppress(OSError, ValueError):
            return max(LEAST_WIDTH, os.get_terminal_size(self.stream.fileno()).columns - 1)
        return PLAIN_WIDTH - 1

    def say(self, *texts: str) -> None:
        """Say lines, broken at spaces to the width."""
        for text in texts:
            for line in clean(text).split("\n"):
                indent = line[: len(line) - len(line.lstrip(" "))]
                room = max(LEAST_WIDTH // 2, self.width - len(indent))
                self.stream.writelines(f"{indent}{part}\n" for part in wrapped(line.lstrip(" "), room))
        self.stream.flush()

    def fault(self, failure: Failure) -> None:
        """What went wrong and what to do, as sentences: here nothing is read by another program."""
        self.say(sentence(failure.message))
        if failure.hint:
            self.say(f"What to do: {failure.hint.rstrip('.')}.")

    def ask(self, prompt: str) -> str:
        """One line typed behind a prompt. Raises Ended, Idle, LineCut, KeyboardInterrupt."""
        *before, last = wrapped(clean(prompt, one_line=True), self.width)
        for line in before:
            self.stream.write(line + "\n")
        self.stream.write(last + " ")
        self.stream.flush()
        return self.line()

    def agreed(self, question: str) -> bool:
        """Whether `yes` was typed, and not `no`; anything else is asked again."""
        asked = f"{question} Type yes or no:"
        while True:
            with suppress(LineCut):
                typed = self.ask(asked).strip().casefold()
                if typed in YES_NO:
                    return YES_NO[typed]
            asked = "Neither was understood. Type yes or no:"


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """While inside: the terminal that goes, or the system that ends the program, ends the conversation."""

    def end(number: int = 0, frame: object = None) -> None:
        if not put_off(end):
            raise Ended

    names = [name for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]
    before = {}
    with suppress(ValueError):  # not the main thread: then nobody sends it signals
        before = {name: signal.signal(getattr(signal, name), end) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
