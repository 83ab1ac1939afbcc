"""Reads what a verb is given to work on: a file or standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.waiting import read_bytes

STANDARD_INPUT = "-"

MOST_BYTES = 4 * 1024 * 1024
"""Bytes of answers: a hundred times the longest report."""

MOST_LINE = 64 * 1024
"""Characters of one line, such as an invite."""


def one_line(given: str, what: str) -> str:
    """The text given, or a line of standard input when it is `-`.

    Raises CliFault (input) on an empty line, one that is too long, and one that is no text.
    """
    if given == STANDARD_INPUT:
        _prompt(f"Type or paste {what}, then Enter: ")
    text = next_line(what) if given == STANDARD_INPUT else given
    if not text.strip():
        raise CliFault(ExitCode.INPUT, f"expected {what}, got an empty line", "give it as one line")
    return text.strip()


def next_line(what: str) -> str:
    """A line of standard input, without the mark that some editors put before a text; empty at its end.

    Raises CliFault (input) on one that is too long, and one that is no text.
    """
    try:
        text = sys.stdin.readline(MOST_LINE + 1).rstrip("\n")
    except UnicodeDecodeError:
        hint = "save it as UTF-8, or type it"
        raise CliFault(ExitCode.INPUT, f"expected {what}, got what is not UTF-8 text", hint) from None
    if len(text) > MOST_LINE:
        problem = f"expected {what}, got a line of more than {MOST_LINE} characters"
        raise CliFault(ExitCode.INPUT, problem, "give it as one line")
    return text.removeprefix("\ufeff")


def answers(source: str | None, changes: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Answers of --from, then those of --set over them. A name set twice gets both values, as a list.

    Raises CliFault (input) when the file cannot be read or is not a JSON object.
    """
    found = dict(_object(source)) if source else {}
    given: dict[str, list[str]] = {}
    for name, value in changes:
        given.setdefault(name, []).append(value)
    return found | {name: values[0] if len(values) == 1 else values for name, values in given.items()}


def _object(source: str) -> Mapping[str, object]:
    what = "standard input" if source == STANDARD_INPUT else source
    try:
        text = _text(source)
        found = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except OSError as error:
        raise CliFault(ExitCode.INPUT, f"{what} cannot be read: {error.strerror}", "check the name") from None
    except UnicodeDecodeError:
        raise _bad(what, "it is not UTF-8 text") from None
    except RecursionError:
        raise _bad(what, "it is nested too deeply") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _bad(what, f"it is not JSON: {error.msg.lower()}, {place}") from None
    except ValueError as error:
        raise _bad(what, str(error)) from None
    if not isinstance(found, dict):
        raise _bad(what, f"it holds {_JSON_NAMES.get(type(found), 'something else')}")
    return found


def _text(source: str) -> str:
    if source == STANDARD_INPUT:
        _prompt("Type or paste the answers as JSON, then Enter and Ctrl-D:\n")
        raw = read_bytes(sys.stdin.buffer, MOST_BYTES + 1)
    else:
        with Path(source).expanduser().open("rb") as file:
            raw = read_bytes(file, MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES} bytes")
    return raw.decode("utf-8-sig")


def _prompt(text: str) -> None:
    """Say what is awaited, where a person would else sit before a silent terminal."""
    if sys.stdin.isatty() and sys.stderr.isatty():
        print(text, end="", file=sys.stderr, flush=True)


def _bad(what: str, problem: str) -> CliFault:
    return CliFault(
        ExitCode.INPUT,
        f"expected a JSON object of answers in {what}, but {problem}",
        'such as {"title": "Arrests at night", "kind": ["arrest"]}',
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a key stand twice and keeps the last; here that would lose an answer in silence."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands there twice")
    return found


_JSON_NAMES = {list: "an array", str: "a string", int: "a number", float: "a number", bool: "a truth value"}
