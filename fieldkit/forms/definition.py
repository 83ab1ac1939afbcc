"""A form as the program uses it.

Questions in groups and repeats, words in several languages, a lane for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from fieldkit.forms.expressions import Expression
from fieldkit.model.ids import Lane

Words: TypeAlias = Mapping[str, str]
"""The same words in several languages, by language tag."""


HIDDEN = "hidden"
"""Appearance of what the form calculates for itself alone."""


class FormError(ValueError):
    """A form definition this program must not use: the one exception for hostile forms."""


class Kind(StrEnum):
    """What an answer is, and so how it is typed, checked and stored (`fieldkit.model.values`)."""

    TEXT = "text"
    INTEGER = "integer"
    ONE = "one"
    """One code of a list."""
    MANY = "many"
    """Several codes of a list."""
    DATE = "date"
    """A partial date with the words as typed."""
    RANGE = "range"
    """A count with a least and a greatest value, either unknown."""
    LAT = "lat"
    LON = "lon"
    CODE = "code"
    """A short code of a person or thing in this report."""
    CODES = "codes"
    LINKS = "links"
    """Other reports: ids, or words where there is no id yet."""
    SHA256 = "sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a list of choices."""

    code: str
    label: Words
    columns: Mapping[str, str] = field(default_factory=dict)
    """What filters of the list compare, by the name of the column."""
    thesaurus: str = ""
    """Number of the HURIDOCS micro-thesaurus it maps to, empty when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question."""

    name: str
    kind: Kind
    label: Words
    lane: Lane
    hint: Words = field(default_factory=dict)
    required: bool = False
    relevant: Expression | None = None
    """Asked only where this is true."""
    constraint: Expression | None = None
    """An answer must make this true; `.` is the answer."""
    constraint_message: Words = field(default_factory=dict)
    required_message: Words = field(default_factory=dict)
    """What a person is told who has not answered; empty for the program's own words."""
    calculation: Expression | None = None
    """Works the answer out of others: shown, not typed."""
    default: str = ""
    """What a new report, or a new item, begins with, as it would be typed."""
    choices: str = ""
    """Name of the list the answer comes from."""
    choice_filter: Expression | None = None
    """Only the entries of the list for which this is true are offered and taken."""
    appearance: str = ""
    tells: str = ""
    """`source` where the answer could tell who supplied, filmed or consented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions shown on one page. Leaves no trace in the answers."""

    name: str
    label: Words
    children: tuple[Node, ...]
    hint: Words = field(default_factory=dict)
    relevant: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Questions asked once for each act, victim, source…; its answers are a list of maps."""

    name: str
    label: Words
    children: tuple[Node, ...]
    key: str
    """The question that holds each item's code."""
    hint: Words = field(default_factory=dict)
    relevant: Expression | None = None


Node: TypeAlias = Question | Group | Repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A question and what stands around it."""

    question: Question
    repeat: Repeat | None
    """The repeat it belongs to, if any."""
    conditions: tuple[Expression, ...]
    """The relevance of the groups and repeats around it and its own, outermost first; all must hold."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """A whole form of one version. Build it with `loading.load_form`, which checks what this class trusts.

    It is compared by what it is and not by what it holds, and has no slots: what is asked for again and again
    is found once.
    """

    id: str
    version: int
    title: str
    default_language: str
    languages: tuple[str, ...]
    children: tuple[Node, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    placed: Mapping[str, Placed] = field(repr=False)
    """Every question by name, in the order of the form."""

    def questions(self) -> Iterator[Question]:
        """Every question, in the order of the form."""
        return (place.question for place in self.placed.values())

    def repeats(self) -> tuple[Repeat, ...]:
        """The repeats, in the order of the form. None lies inside another."""
        return tuple(self._repeats.values())

    def repeat(self, name: str) -> Repeat | None:
        """A repeat by name."""
        return self._repeats.get(name)

    def keys(self) -> dict[str, str]:
        """The code question of each repeat: what a merge matches items by."""
        return {repeat.name: repeat.key for repeat in self.repeats()}

    def choice(self, question: Question, code: str) -> Choice | None:
        """One entry of a question's list."""
        return self._codes.get(question.choices, {}).get(code)

    @cached_property
    def _repeats(self) -> dict[str, Repeat]:
        return {node.name: node for node in walk(self.children) if isinstance(node, Repeat)}

    @cached_property
    def _codes(self) -> dict[str, dict[str, Choice]]:
        return {name: {one.code: one for one in listed} for name, listed in self.choices.items()}

    def words(self, words: Words, language: str) -> str:
        """Words in a language, else in its base language, else in the form's own, else in any."""
        for tag in (language, language.partition("-")[0], self.default_language):
            if tag in words:
                return words[tag]
        return next(iter(words.values()), "")


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node under some nodes, each before what it holds."""
    for node in nodes:
        yield node
        if not isinstance(node, Question):
            yield from walk(node.children)


def place_questions(nodes: tuple[Node, ...]) -> dict[str, Placed]:
    """Every question by name with what stands around it. Raises FormError on a name used twice."""
    found: dict[str, Placed] = {}
    _place(nodes, None, (), found)
    return found


def _place(
    nodes: tuple[Node, ...],
    repeat: Repeat | None,
    conditions: tuple[Expression, ...],
    found: dict[str, Placed],
) -> None:
    for node in nodes:
        here = (*conditions, node.relevant) if node.relevant else conditions
        if not isinstance(node, Question):
            _place(node.children, node if isinstance(node, Repeat) else repeat, here, found)
        elif node.name in found:
            raise FormError(f"two questions are called {node.name!r}; give one of them another name")
        else:
            found[node.name] = Placed(question=node, repeat=repeat, conditions=here)
