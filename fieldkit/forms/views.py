"""What a screen is shown of a report being written. Values only: `writer.Writer` makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from fieldkit.forms.definition import Question
from fieldkit.model.values import Answers, Path, Value


class Mark(StrEnum):
    """How far a page or an item has come."""

    EMPTY = "empty"
    BEGUN = "begun"
    """Something is answered; something required is not."""
    DONE = "done"
    """Something is answered and nothing required is missing."""
    PROBLEM = "problem"
    """An answer here must be mended before the report can be finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One top-level group, or one repeat, that is asked for now."""

    name: str
    """Name of the group or repeat; empty for questions that stand outside any."""
    label: str
    hint: str
    repeat: bool
    mark: Mark
    answered: int
    asked: int
    """Questions asked now, in all items of a repeat; calculated ones are not counted."""
    required: int
    """Questions asked now that must be answered, answered or not."""
    required_left: int
    items: int
    """Items of a repeat; 0 for a group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question as it stands now."""

    place: Path
    question: Question
    label: str
    hint: str
    heading: str
    """Label of an inner group when it begins here, else empty."""
    value: Value | None = field(repr=False)
    typed: str = field(repr=False)
    """What an editor shows: the answer as a person would type it again, or the text that could not be
    read.
    """
    problem: str = field(repr=False)
    """Empty when there is none."""
    tip: str = field(repr=False)
    """What to do about the problem; empty when there is nothing to say."""
    required: bool
    protected: bool
    """Whether it travels in the lane of the sources, which few can read."""
    calculated: bool
    """Shown, not typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One entry of a list of choices."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One item of a repeat in a line: `V2 · Example Name · person`."""

    repeat: str
    index: int
    code: str
    label: str = field(repr=False)
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one act of a person changed."""

    places: frozenset[Path] = frozenset()
    """Fields that may look different now."""
    reshaped: bool = False
    """Whether questions, pages or items came or went."""
    said: str = ""
    """One line for a person, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A report at one moment, for the vault. Nothing the writer does later changes it."""

    answers: Answers = field(repr=False)
    unread: Mapping[Path, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """Text that could not be read as an answer, by its place."""
    stamp: int = 0
    """Grows with every change of one writer."""
    step: int = 0
    """Grows with every step of its own; the same again is one more change of the same step."""
    turned: bool = False
    """Whether the last change was an undo or redo: then the vault goes to that step instead of adding one."""
    hand: bytes = b""
    """Tells one writer from another that has the same draft open; empty where there can be no other."""
    based: int = 0
    """The edition of the stored draft this writer began from."""
    left: tuple[int, int] | None = None
    """Required questions without an answer, and all of them; None where nobody has counted."""
