"""What stands around an editor: above it what is asked, below it how the answer is understood. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from fieldkit.forms.definition import Kind
from fieldkit.forms.views import Field
from fieldkit.model.text import clean
from fieldkit.tui.cells import in_line

REQUIRED = "required"
PROTECTED = "protected: only the readers of sources see it"
CALCULATED = "worked out by the form"

EXPECTED = {
    Kind.DATE: "A day, a month or a year: 3 Aug 2026, Aug 2026, about 2025, yesterday",
    Kind.RANGE: "A number, 3-5, or more than 25",
    Kind.INTEGER: "A whole number",
    Kind.LAT: "Degrees, such as 36.48 or 36°28'48\"N",
    Kind.LON: "Degrees, such as 37.20 or 37°12'00\"E",
    Kind.CODE: "A short code, such as S1",
    Kind.CODES: "Short codes, such as V1, V2",
    Kind.LINKS: "A few words each, one a line: what, where, when",
}
"""What is said below an empty field where the form says nothing itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The words below an editor."""

    words: str
    wrong: bool = False
    """Whether they tell of something that must be mended."""


def label_of(field: Field) -> Content:
    """What is asked; above it the heading of its group where one begins."""
    parts: list[str | tuple[str, str]] = []
    if field.heading:
        parts.append((f"{clean(field.heading, one_line=True)}\n", "bold underline"))
    parts.append((clean(field.label, one_line=True) or in_line(field.question.name), "bold"))
    if field.required:
        # The word stays when it is answered, so that no line moves; only its weight changes.
        answered = field.value is not None or bool(field.typed)
        parts.append((f" · {REQUIRED}", "dim" if answered else "bold"))
    if field.protected:
        parts.append((f" · {PROTECTED}", "dim"))
    if field.calculated:
        parts.append((f" · {CALCULATED}", "dim"))
    return Content.assemble(*parts)


def note_of(field: Field, typed: str, meaning: str, *, writing: bool) -> Note:
    """What is said below: what is wrong, else how the typed text is read, else what is expected.

    `writing` is whether somebody is in the field: half a date is no mistake yet, and is answered with what is
    expected.
    """
    half = bool(typed) and writing and field.value is None and not field.question.choices
    if field.problem and not half:
        # Of a missing answer the tip is the label, which stands above.
        tip = "" if field.tip == field.label else clean(field.tip, one_line=True)
        words = f"! {sentence(clean(field.problem, one_line=True))} {sentence(tip) if tip else ''}"
        return Note(words=words.rstrip(), wrong=True)
    if typed and meaning and meaning != typed:
        return Note(words=clean(meaning, one_line=True))
    return Note(words=clean(field.hint, one_line=True) or EXPECTED.get(field.question.kind, ""))


def sentence(words: str) -> str:
    """Words as a sentence of their own."""
    return f"{words[:1].upper()}{words[1:].rstrip('. ')}."
