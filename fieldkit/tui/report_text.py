"""A report as passages of plain text, in the order of its form: what the record screen and `show` print.

Pure, and without textual, so that the command line can use it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from fieldkit.forms.counts import describe_count
from fieldkit.forms.definition import Form, Group, Kind, Node, Question, Repeat
from fieldkit.forms.positions import degrees_text
from fieldkit.model.dates import describe, read_date
from fieldkit.model.edtf import InvalidDate
from fieldkit.model.text import clean
from fieldkit.model.values import Answers, Value, items_of, text_of

OTHERS = "Answers this form has no question for"
"""Heading of what a newer or altered form left in a report: shown, never hidden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A heading, or a question with its answer. All text is clean (threat model R25)."""

    label: str
    text: str = ""
    """The answer, perhaps in several lines; empty in a heading."""
    depth: int = 0
    """How deep it stands: 0 for a page of the form, 1 for its questions, and so on."""

    @property
    def is_heading(self) -> bool:
        """Whether it only says what follows."""
        return not self.text


def passages(form: Form, answers: Answers, language: str) -> tuple[Passage, ...]:
    """Everything answered, under the headings it stands below; what is not answered is left out."""
    writer = _Writer(form, language)
    told = [*writer.nodes(form.children, answers, 0)]
    strange = [*writer.strange(answers)]
    if strange:
        told += [Passage(label=OTHERS), *strange]
    return tuple(told)


def answer_words(form: Form, question: Question, value: Value, language: str) -> str:
    """One answer in words, clean."""
    return clean(_Writer(form, language).words(question, value))


def plain_words(value: Value) -> str:
    """An answer as it is, where no question says what it means."""
    return _plain(value)


class _Writer:
    """Walks the form beside the answers."""

    def __init__(self, form: Form, language: str) -> None:
        self._form = form
        self._language = language

    def nodes(self, nodes: tuple[Node, ...], answers: Answers, depth: int) -> Iterator[Passage]:
        for node in nodes:
            if isinstance(node, Question):
                yield from self._question(node, answers, depth)
            elif isinstance(node, Group):
                yield from self._under(node, [*self.nodes(node.children, answers, depth + 1)], depth)
            elif isinstance(node, Repeat):
                for number, item in enumerate(items_of(answers, node.name), start=1):
                    yield from self._item(node, item, depth, number)
            else:
                assert_never(node)

    def _item(self, repeat: Repeat, item: Answers, depth: int, number: int) -> Iterator[Passage]:
        code = text_of(item, repeat.key)
        # The code stands in the heading already.
        shown = {name: value for name, value in item.items() if name != repeat.key or value != code}
        told = [*self.nodes(repeat.children, shown, depth + 1)]
        told += self.strange(shown, repeat, depth + 1)
        yield from self._under(repeat, told, depth, code or str(number), always=True)

    def _under(
        self, node: Group | Repeat, told: list[Passage], depth: int, name: str = "", always: bool = False
    ) -> Iterator[Passage]:
        if told or always:
            label = self._form.words(node.label, self._language)
            yield Passage(label=_one_line(f"{label} · {name}" if name else label), depth=depth)
            yield from told

    def _question(self, question: Question, answers: Answers, depth: int) -> Iterator[Passage]:
        value = answers.get(question.name)
        if value is not None:
            label = self._form.words(question.label, self._language)
            text = clean(self.words(question, value)) or "(empty)"
            yield Passage(label=_one_line(label), text=text, depth=depth)

    def strange(self, answers: Answers, repeat: Repeat | None = None, depth: int = 1) -> Iterator[Passage]:
        """Answers of the report, or of one item, that the form does not know there."""
        for name, value in answers.items():
            placed = self._form.placed.get(name)
            at_home = placed is not None and placed.repeat is repeat
            items = repeat is None and self._form.repeat(name) is not None and isinstance(value, list)
            if not at_home and not items:
                yield Passage(label=_one_line(name), text=clean(_plain(value)) or "(empty)", depth=depth)

    def words(self, question: Question, value: Value) -> str:
        """An answer in words; one of the wrong type is shown as it is: reports may come from others."""
        kind = question.kind
        if kind in (Kind.ONE, Kind.MANY):
            codes = value if isinstance(value, list) else [value]
            return ", ".join(self._choice(question, code) for code in codes)
        if kind is Kind.DATE:
            return _date(value)
        if kind is Kind.RANGE and isinstance(value, dict) and value and set(value) <= {"min", "max"}:
            return describe_count(value)
        if kind in (Kind.LAT, Kind.LON) and type(value) is int:
            return f"{degrees_text(value)}°"
        return _plain(value)

    def _choice(self, question: Question, code: Value) -> str:
        choice = self._form.choice(question, code) if isinstance(code, str) else None
        return self._form.words(choice.label, self._language) if choice else _plain(code)


def _date(value: Value) -> str:
    try:
        dated = read_date(value)
    except InvalidDate:
        return _plain(value)
    meaning = describe(dated.date)
    said = dated.words
    return meaning if said in ("", meaning, dated.date.edtf) else f"{said} ({meaning})"


def _plain(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(part)}" for name, part in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _one_line(text: str) -> str:
    return clean(text, one_line=True)
