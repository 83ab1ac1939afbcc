"""Where passphrases come from: a file descriptor or the terminal, never an argument or the environment."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.terminal import mend_terminal

LONGEST_PASSPHRASE = 1024
"""Bytes of one passphrase: far beyond any that is typed, and a wrong descriptor is noticed soon."""

NEW_TRIES = 3
"""How often a new passphrase may be mistyped or too weak before the run stops."""

LEAVING = "They leave the screen when you are done.\n"
"""Said where it is so."""

_TERMINAL = "CONOUT$" if sys.platform == "win32" else "/dev/tty"
"""The terminal this process belongs to, wherever its streams go."""

_HINT = "run it in a terminal, or give one line on a file descriptor: --passphrase-fd 3 3<FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passphrases:
    """Gives passphrases: the line that came with --passphrase-fd, or what is typed."""

    given: str | None = field(default=None, repr=False)
    plain: bool = False
    """Whether the terminal is sent nothing but text: then what is shown stays in its memory."""

    def existing(self) -> str:
        """The passphrase of a vault that is there. Raises CliFault (usage) when there is nowhere to ask."""
        if self.given is not None:
            return self.given
        check_terminal()
        mend_terminal()
        return _ask("Passphrase: ")

    def new(self, suggestion: str, judge: Callable[[str], str | None]) -> str:
        """A new passphrase: the suggested words or one's own, typed twice on a terminal.

        `judge` says in plain words what is wrong with one. Raises CliFault (input) after three failures.
        """
        if self.given is not None:
            if problem := judge(self.given):
                raise CliFault(ExitCode.INPUT, problem, "six random words are strong and can be remembered")
            return self.given
        check_terminal()
        mend_terminal()
        if self.plain:
            taken = self._typed_twice(suggestion, judge)
            _tell("The words above stay in this terminal's memory: clear it, or close it, when you can.\n")
            return taken
        with private_screen():
            return self._typed_twice(suggestion, judge)

    def _typed_twice(self, suggestion: str, judge: Callable[[str], str | None]) -> str:
        _tell(
            "These words can be the passphrase of the new vault. There is no other way in:\n"
            f"\n    {suggestion}\n\n"
            "Learn them, or choose a passphrase of your own. Nothing shows while you type.\n"
            f"{'' if self.plain else LEAVING}\n"
        )
        problem: str | None = None
        for _ in range(NEW_TRIES):
            typed = _as_offered(suggestion, _ask("The words above, or your own passphrase: "))
            problem = judge(typed)
            if problem is None:
                if typed == _as_offered(suggestion, _ask("The same once more: ")):
                    return typed
                problem = "the two differ; in one of your own each capital and each blank counts"
            _tell(f"Not taken: {problem}.\n\n")
        raise CliFault(
            ExitCode.INPUT,
            f"no passphrase was taken in {NEW_TRIES} tries, at last because {problem}; nothing was created",
            "start again; the six words that are offered are always strong enough",
        )


def read_line(descriptor: int) -> str:
    """One line from a descriptor, without its end; what follows it stays unread.

    Raises CliFault (usage) when the descriptor is not open or holds no such line.
    """
    line = bytearray()
    try:
        while len(line) <= LONGEST_PASSPHRASE:
            byte = os.read(descriptor, 1)
            if byte in (b"", b"\n"):
                break
            line += byte
    except OSError as error:
        raise CliFault(
            ExitCode.USAGE, f"descriptor {descriptor} cannot be read: {error.strerror}", _HINT
        ) from None
    if not line or len(line) > LONGEST_PASSPHRASE:
        problem = "is empty" if not line else f"has more than {LONGEST_PASSPHRASE} bytes"
        raise CliFault(ExitCode.USAGE, f"the line on descriptor {descriptor} {problem}", _HINT)
    try:
        return line.decode("utf-8").removesuffix("\r")
    except UnicodeDecodeError:
        raise CliFault(ExitCode.USAGE, f"the line on descriptor {descriptor} is not UTF-8", _HINT) from None


def check_terminal() -> None:
    """Raise CliFault (usage) unless there is a terminal to ask on."""
    try:
        os.close(os.open(_TERMINAL, os.O_RDWR | getattr(os, "O_NOCTTY", 0)))
    except OSError:
        message = "a passphrase is needed, and there is no terminal to ask for it"
        raise CliFault(ExitCode.USAGE, message, _HINT) from None


@contextmanager
def private_screen() -> Iterator[None]:
    """The terminal's other screen, so that what is shown here never reaches its scrollback (R8)."""
    capable = os.environ.get("TERM", "dumb") != "dumb"
    if capable:
        _tell("\x1b[?1049h\x1b[H")
    try:
        yield
    finally:
        if capable:
            _tell("\x1b[2J\x1b[?1049l")


def _as_offered(suggestion: str, typed: str) -> str:
    """The words that are offered, with whatever capitals and blanks they were typed; else what was typed."""
    return suggestion if typed.casefold().split() == suggestion.split() else typed


def _ask(prompt: str) -> str:
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise CliFault(ExitCode.USAGE, "the terminal closed before a passphrase was typed") from None


def _tell(text: str) -> None:
    """To the terminal itself: standard error may be going to a file, and these are secrets."""
    with open(_TERMINAL, "w", encoding="utf-8") as terminal:
        terminal.write(text)
