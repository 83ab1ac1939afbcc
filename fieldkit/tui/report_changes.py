"""What changed between two states of a report, as a person reads it. Pure, and without textual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from fieldkit.forms.definition import Form, Group, Node, Question
from fieldkit.model.text import clean
from fieldkit.model.values import Answers, Path, items_of, text_of
from fieldkit.tui.report_text import answer_words, plain_words

AROUND = 6
"""Words left standing before and after a change in a long text."""

MOST_WORDS = 2_000
"""Words of a text that are compared one by one; of a longer one it is only said that it changed."""

CUT = "[…]"
"""Stands for words that did not change."""


class Kind(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    COME = "come"


SIGNS = {Kind.SAME: "  ", Kind.GONE: "- ", Kind.COME: "+ "}
"""Before a line, so that nobody has to see colours to tell what went and what came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words of an answer. All text is clean (threat model R25)."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One answer that is not what it was."""

    label: str
    before: str
    """Empty when there was no answer."""
    after: str
    """Empty when there is none any more."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What went and what came, in the order of reading."""
        return pieces(self.before, self.after)


def changes(form: Form, before: Answers, after: Answers, language: str = "en") -> tuple[Changed, ...]:
    """Every answer that differs, in the order of the form; items of a repeat are followed by their code."""
    walker = _Walker(form, language)
    old, new = dict(walker.told(before)), dict(walker.told(after))
    places = [*new, *(place for place in old if place not in new)]
    return tuple(
        Changed(label=_said(place, new, old)[0], before=_text(place, old), after=_text(place, new))
        for place in places
        if _text(place, old) != _text(place, new)
    )


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts word by word; long stretches that did not change are cut."""
    old, new = before.split(), after.split()
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        whole = (Piece(kind=Kind.GONE, text=before), Piece(kind=Kind.COME, text=after))
        return tuple(piece for piece in whole if piece.text)
    return tuple(_compared(old, new))


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    blocks = SequenceMatcher(None, old, new).get_opcodes()
    for number, (tag, old_from, old_to, new_from, new_to) in enumerate(blocks):
        if tag == "equal":
            first, last = number == 0, number == len(blocks) - 1
            yield Piece(kind=Kind.SAME, text=_shortened(old[old_from:old_to], first, last))
            continue
        if old_from < old_to:
            yield Piece(kind=Kind.GONE, text=" ".join(old[old_from:old_to]))
        if new_from < new_to:
            yield Piece(kind=Kind.COME, text=" ".join(new[new_from:new_to]))


def _shortened(words: list[str], first: bool, last: bool) -> str:
    head = [] if first else words[:AROUND]
    tail = [] if last else words[-AROUND:]
    if len(words) <= len(head) + len(tail) + 1:
        return " ".join(words)
    return " ".join([*head, CUT, *tail])


Told = tuple[Path, tuple[str, str]]


class _Walker:
    """Walks the form beside the answers, as the report's own page does."""

    def __init__(self, form: Form, language: str) -> None:
        self._form = form
        self._language = language

    def told(self, answers: Answers) -> Iterator[Told]:
        """Each answer in words, by its place."""
        yield from self._nodes(self._form.children, answers, (), "")
        for name, value in answers.items():
            if name not in self._form.placed and self._form.repeat(name) is None:
                yield (name,), (clean(name, one_line=True), clean(plain_words(value)))

    def _nodes(self, nodes: tuple[Node, ...], answers: Answers, place: Path, under: str) -> Iterator[Told]:
        for node in nodes:
            if isinstance(node, Question):
                value = answers.get(node.name)
                if value is not None:
                    words = answer_words(self._form, node, value, self._language) or "(empty)"
                    yield (*place, node.name), (self._label(node, under), words)
            elif isinstance(node, Group):
                yield from self._nodes(node.children, answers, place, under)
            else:
                for number, item in enumerate(items_of(answers, node.name), start=1):
                    code = text_of(item, node.key) or str(number)
                    here = f"{self._label(node, under)} {clean(code, one_line=True)}"
                    yield from self._nodes(node.children, item, (*place, node.name, code), here)

    def _label(self, node: Node, under: str) -> str:
        label = clean(self._form.words(node.label, self._language), one_line=True)
        return f"{under} · {label}" if under else label


def _said(place: Path, new: dict[Path, tuple[str, str]], old: dict[Path, tuple[str, str]]) -> tuple[str, str]:
    return new[place] if place in new else old[place]


def _text(place: Path, told: dict[Path, tuple[str, str]]) -> str:
    return told[place][1] if place in told else ""
