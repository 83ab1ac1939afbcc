"""One question in lines: what is shown of it, and what somebody's line says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fieldkit.cli.cells import fit
from fieldkit.forms.definition import Kind
from fieldkit.forms.views import Field, Option
from fieldkit.model.text import sentence

MOST_LISTED = 12
"""Choices that are listed unasked: a second on a link of 300 bytes a second."""

SHOWN_CHARS = 60
"""Cells of an answer shown in a prompt."""

MULTILINE = "multiline"
"""Appearance of a question whose answer has several lines."""

TAKE_OUT = "-"
"""Typed alone, takes an answer out."""

LITERAL = "\\"
"""Before a sign that is a command, makes it an answer."""

EXPECTED = {
    Kind.TEXT: "Text.",
    Kind.INTEGER: "A whole number.",
    Kind.DATE: "A day, as exactly as is known: 3 Aug 2026, 2026-10, about May 2026, yesterday.",
    Kind.RANGE: "A number or a range: 25, 3-5, more than 25, about 40.",
    Kind.LAT: "Degrees north, or south with S: 36.48 N.",
    Kind.LON: "Degrees east, or west with W: 37.27 E.",
    Kind.CODE: "A short code without spaces, such as V1 or S1.",
    Kind.CODES: "Codes with spaces between them, such as V1 V2.",
    Kind.LINKS: "The id of another report, or a few words for it.",
    Kind.SHA256: "64 hex digits, as sha256sum prints them.",
    Kind.ONE: "One of the list: its number, or a part of its words.",
    Kind.MANY: "Any of the list, with commas between them: their numbers, or parts of their words. "
    "They take the place of those chosen before; + before each adds it, - takes it away.",
}
"""What is expected of each kind of question."""

SIGNS = (
    "Enter alone keeps the answer and goes on.",
    "<   the question before      <<  the page before",
    ">   the next question        >>  the next page",
    "-   take the answer out      !   go to the next problem",
    "/u  take the last change back  /r  do it again",
    "?   this help                .   leave the report; it stays a draft",
    f"{LITERAL}   before one of these signs makes it an answer.",
)
"""What can be typed instead of an answer."""


@dataclass(frozen=True, slots=True)
class Unclear(Exception):
    """Words that fit several choices."""

    typed: str
    options: tuple[Option, ...]


Options = Callable[[str], Sequence[Option]]
"""The choices of a question that fit what is typed."""


def prompt(field: Field) -> str:
    """The question in one line, with its answer as it is."""
    notes = [note for note, so in (("required", field.required), ("for few readers", field.protected)) if so]
    note = f" ({', '.join(notes)})" if notes else ""
    answer = " ".join(field.typed.split())
    held = f" [{fit(answer, SHOWN_CHARS)}]" if answer else ""
    return f"{field.label}{note}{held}:"


def key_of(options: Sequence[Option], index: int) -> str:
    """What is typed for a choice: its number in the list; its code where the codes are numbers themselves."""
    counted = any(option.code.isdecimal() for option in options)
    return options[index].code if counted else str(index + 1)


def listed(options: Sequence[Option]) -> Iterator[str]:
    """The choices, a line each; what is chosen is said in words."""
    for index, option in enumerate(options):
        chosen = ", chosen" if option.chosen else ""
        yield f"  {key_of(options, index)}  {option.label}{chosen}"


def offered(field: Field, options: Sequence[Option]) -> Iterator[str]:
    """What is said of the choices before they are asked for."""
    if len(options) <= MOST_LISTED:
        yield from listed(options)
    elif options:
        several = ", with commas between several" if field.question.kind is Kind.MANY else ""
        yield f"{len(options)} choices: type a part of one{several}; ? lists them."


def told(field: Field, options: Sequence[Option]) -> Iterator[str]:
    """Everything there is to say about a question."""
    yield field.label
    if field.hint:
        yield field.hint
    yield EXPECTED[field.question.kind]
    yield from listed(options)
    if field.typed:
        yield "The answer now:"
        yield from numbered(field)
    if field.problem:
        yield f"To be mended: {problem_of(field)}"
    if field.protected:
        yield "Only the few who may know the sources can read this answer."
    if field.question.appearance == MULTILINE:
        yield from LONG_SIGNS
    yield from SIGNS


def numbered(field: Field) -> Iterator[str]:
    """An answer; of a long text each line with the number that mends it."""
    if field.question.appearance != MULTILINE:
        yield field.typed
        return
    yield from (f"{number}: {line}" for number, line in enumerate(field.typed.split("\n"), start=1))


LONG_SIGNS = (
    "Type line after line; a full stop alone on a line ends the text.",
    "What you type comes behind what is there. @3 and new words replace line 3; @3 alone takes it out.",
)
"""How a long text is written and mended."""


def problem_of(field: Field) -> str:
    """Its problem with what to do, as one sentence or two."""
    tip = "" if field.tip in ("", field.label) else f" {sentence(field.tip)}"
    return f"{sentence(field.problem)}{tip}"


def answer_of(field: Field, typed: str, options: Options) -> object:
    """What the form is given for a line. Raises Unclear where words fit several choices."""
    if typed == TAKE_OUT:
        return None
    plain = typed.removeprefix(LITERAL)
    if field.question.kind is Kind.ONE:
        return _code(plain, options)
    if field.question.kind is Kind.MANY:
        return _codes(plain, options)
    return plain


def _codes(typed: str, options: Options) -> object:
    parts = [part.strip() for part in re.split(r"[,،;]", typed) if part.strip()]
    if len(parts) == 1 and all(part.isdecimal() for part in typed.split()):
        parts = typed.split()
    signs = {part[0] for part in parts}
    if not signs <= {"+", "-"}:
        return list(dict.fromkeys(_code(part, options) for part in parts))
    chosen = [option.code for option in options("") if option.chosen]
    for part in parts:
        code = _code(part[1:].strip(), options)
        if part[0] == "+" and code not in chosen:
            chosen.append(code)
        elif part[0] == "-" and code in chosen:
            chosen.remove(code)
    return chosen


def _code(typed: str, options: Options) -> str:
    everything = list(options(""))
    for index, option in enumerate(everything):
        if typed in (key_of(everything, index), option.code):
            return option.code
    exact = [one for one in everything if one.label.casefold() == typed.casefold()]
    found = exact or list(options(typed))
    if len(found) > 1:
        raise Unclear(typed, tuple(found))
    # What fits nothing is kept as it was typed, and is a problem of the report.
    return found[0].code if found else typed
