"""The one owner of standard output and standard error: data to the one, talk to the other."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TextIO, TypeAlias

from fieldkit.cli.cells import cell_width, wrapped
from fieldkit.cli.faults import Failure
from fieldkit.model.text import clean

HANGING = "  "
"""Before what of a line stands below it."""

LEAST_WIDTH = 20
"""Columns text gets, however narrow the terminal says it is."""

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
"""What `--json` prints. The only floats are seconds."""


@dataclass(slots=True, kw_only=True)
class Output:
    """Where a run writes, and how."""

    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    json: bool = False
    quiet: bool = False
    prompted: bool = False
    """Whether verbs are typed at a prompt of the program's own: then they are named without `fieldkit`."""

    @property
    def width(self) -> int | None:
        """Columns of the terminal that data goes to; None when it goes to a file or another program."""
        return shutil.get_terminal_size().columns if self.stdout.isatty() else None

    def give(self, value: Json, lines: Iterable[str]) -> None:
        """The data of a verb: the value with --json, the lines without."""
        if self.json:
            self.stdout.write(json_text(value) + "\n")
        else:
            width = self.width
            self.stdout.writelines(f"{part}\n" for line in lines for part in _broken(clean(line), width))
        self.stdout.flush()

    def line(self, text: str) -> None:
        """One line of data at once, for a verb that takes long. Not for --json."""
        self.stdout.write(clean(text) + "\n")
        self.stdout.flush()

    def page(self, text: str) -> None:
        """A text of the program's own, such as a help page; never data, so --json changes nothing."""
        self.stdout.write(text)

    def say(self, text: str) -> None:
        """Talk: progress and advice. Nothing with --quiet."""
        if not self.quiet:
            self._tell(text)

    def fail(self, failure: Failure) -> None:
        """An error, its hint, and with --json an error object on a line of its own, the last one."""
        self._tell(f"fieldkit: error: {clean(failure.message, one_line=True)}")
        if failure.hint:
            self._tell(f"fieldkit: hint: {clean(failure.hint, one_line=True)}")
        if self.json:
            told: Json = {
                "code": int(failure.code),
                "name": failure.code.name.lower(),
                "message": failure.message,
                "hint": failure.hint or None,
            }
            self._tell(json_text({"error": told}))

    def abandon(self) -> None:
        """The reader of our data went away: keep the interpreter from complaining at its end."""
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stdout.fileno())
        except (OSError, ValueError):
            return

    def _tell(self, text: str) -> None:
        told = clean(at_prompt(text) if self.prompted else text)
        width = _columns(self.stderr)
        self.stderr.writelines(f"{part}\n" for line in told.split("\n") for part in _broken(line, width))
        self.stderr.flush()


def at_prompt(text: str) -> str:
    """Text for whoever types verbs at the program's own prompt: `sync` and not `fieldkit sync`."""
    return text.replace("`fieldkit --help`", "`?`").replace("`fieldkit ", "`")


def _columns(stream: TextIO) -> int | None:
    """How wide the terminal behind a stream is; None when none is there."""
    with suppress(OSError, ValueError):
        if stream.isatty():
            return os.get_terminal_size(stream.fileno()).columns
    return None


def _broken(line: str, width: int | None) -> list[str]:
    """A line broken between words where a terminal would break it within one.

    An invite, or whatever else is longer than a line without a space, stays in one piece, to be copied.
    """
    if width is None or cell_width(line) <= width or any(cell_width(word) > width for word in line.split()):
        return [line]
    first, *rest = wrapped(line, max(LEAST_WIDTH, width - len(HANGING)))
    return [first, *(HANGING + part for part in rest)]


def standard_output() -> Output:
    """The real streams. Data is UTF-8 whatever the locale says; what a terminal cannot show is escaped."""
    _open_what_is_closed()
    for stream, encoding in ((sys.stdout, None if sys.stdout.isatty() else "utf-8"), (sys.stderr, None)):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    return Output()


def _open_what_is_closed() -> None:
    """Let a standard stream that the program was started without lead nowhere. Its number would go to the
    next file that is opened, the vault itself perhaps, and what is said would be written into that.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 (as long as the run)


def json_text(value: Json) -> str:
    """One JSON value on one line; letters stay letters, controls are escaped."""
    return "".join(map(_escaped, json.dumps(value, ensure_ascii=False)))


def _escaped(char: str) -> str:
    """Controls, invisible marks, private and unassigned letters as \\u escapes: exact for a machine, harmless
    on a terminal (threat model R25).
    """
    if char.isprintable():
        return char
    return "\\u007f" if char == "\x7f" else json.dumps(char)[1:-1]
