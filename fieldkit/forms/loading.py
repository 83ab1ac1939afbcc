"""Reads the compact form definition (JSON) and checks everything the rest of the program then trusts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date

from fieldkit.forms.definition import (
    HIDDEN,
    Choice,
    Form,
    FormError,
    Group,
    Kind,
    Node,
    Placed,
    Question,
    Repeat,
    place_questions,
    walk,
)
from fieldkit.forms.expressions import Expression, ExpressionError, parse_expression
from fieldkit.forms.order import order_of
from fieldkit.forms.problems import BadAnswer
from fieldkit.forms.reading import read_answer
from fieldkit.forms.shape import Shape
from fieldkit.model.ids import Lane

FORMAT = 1
"""Version of the compact definition itself."""

MAX_FORM_BYTES = 1_000_000
"""Size of a definition, bytes; the built-in one has about 50,000."""

MAX_NODES = 2_000
"""Questions, groups and repeats in one form."""

MAX_NESTING = 6
"""Groups inside one another."""

LANES = {"main": Lane.MAIN, "sources": Lane.SOURCES, "admin": Lane.ADMIN}

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}", re.ASCII)
_LISTED = (Kind.ONE, Kind.MANY)
_CALCULATED = (Kind.TEXT, Kind.INTEGER)
_SOME_DAY = date(2026, 1, 1)
"""Defaults may say `today`."""


def load_form(raw: bytes) -> Form:
    """A form from its compact definition. Raises FormError, naming the place, and nothing else."""
    if len(raw) > MAX_FORM_BYTES:
        raise FormError(f"a form definition has at most {MAX_FORM_BYTES} bytes, this one {len(raw)}")
    try:
        data = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as problem:
        raise FormError(f"a form definition is JSON in UTF-8: {str(problem)[:120]}") from None
    top = Shape(data, "form")
    if top.integer("format") != FORMAT:
        raise FormError(
            f"this program reads form definitions of format {FORMAT}; a newer version may be needed"
        )
    children = _Reader().children(top, 0)
    form = Form(
        id=top.name("id", _NAME),
        version=top.integer("version"),
        title=top.text("title"),
        default_language=top.text("language"),
        languages=tuple(top.texts("languages")),
        children=children,
        choices=_choices(top),
        placed=place_questions(children),
    )
    top.nothing_else()
    _check(form)
    return form


def _choices(top: Shape) -> dict[str, tuple[Choice, ...]]:
    found: dict[str, tuple[Choice, ...]] = {}
    for name, entries in top.shape("choices").lists():
        codes = tuple(_choice(entry) for entry in entries)
        if len({choice.code for choice in codes}) != len(codes):
            raise FormError(f"the list {name!r} has the same code twice")
        found[name] = codes
    return found


def _choice(entry: Shape) -> Choice:
    choice = Choice(
        code=entry.name("code", _CODE),
        label=entry.words("label"),
        columns=entry.words("columns", optional=True),
        thesaurus=entry.text("thesaurus", ""),
    )
    entry.nothing_else()
    return choice


class _Reader:
    """Reads the tree of questions and counts it."""

    def __init__(self) -> None:
        self._nodes = 0

    def children(self, parent: Shape, depth: int) -> tuple[Node, ...]:
        if depth > MAX_NESTING:
            raise FormError(f"{parent.place}: groups nest at most {MAX_NESTING} deep")
        return tuple(self._node(child, depth) for child in parent.children("children"))

    def _node(self, shape: Shape, depth: int) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise FormError(f"a form has at most {MAX_NODES} questions, groups and repeats")
        kind = shape.text("kind")
        node = self._container(kind, shape, depth) if kind in ("group", "repeat") else _question(kind, shape)
        shape.nothing_else()
        return node

    def _container(self, kind: str, shape: Shape, depth: int) -> Group | Repeat:
        name, label, hint = (
            shape.name("name", _NAME),
            shape.words("label"),
            shape.words("hint", optional=True),
        )
        relevant = _expression(shape, "relevant")
        children = self.children(shape, depth + 1)
        if kind == "group":
            return Group(name=name, label=label, hint=hint, relevant=relevant, children=children)
        if any(isinstance(node, Repeat) for node in walk(children)):
            raise FormError(
                f"{shape.place}: a repeat cannot hold another repeat; tie items together by codes"
            )
        key = shape.name("key", _NAME)
        return Repeat(name=name, label=label, hint=hint, relevant=relevant, children=children, key=key)


def _question(kind: str, shape: Shape) -> Question:
    if kind not in set(Kind):
        raise FormError(f"{shape.place}: no kind of question {kind!r}; there are {', '.join(Kind)}")
    lane = shape.text("lane")
    if lane not in LANES:
        raise FormError(f"{shape.place}: no lane {lane!r}; there are {', '.join(LANES)}")
    return Question(
        name=shape.name("name", _NAME),
        kind=Kind(kind),
        label=shape.words("label"),
        lane=LANES[lane],
        hint=shape.words("hint", optional=True),
        required=shape.flag("required"),
        required_message=shape.words("required_message", optional=True),
        relevant=_expression(shape, "relevant"),
        constraint=_expression(shape, "constraint"),
        constraint_message=shape.words("constraint_message", optional=True),
        calculation=_expression(shape, "calculation"),
        default=shape.text("default", ""),
        choices=shape.text("choices", ""),
        choice_filter=_expression(shape, "choice_filter", filters=True),
        appearance=shape.text("appearance", ""),
        tells=shape.text("tells", ""),
    )


def _expression(shape: Shape, name: str, *, filters: bool = False) -> Expression | None:
    text = shape.text(name, "")
    if not text:
        return None
    try:
        return parse_expression(text, filters=filters)
    except ExpressionError as problem:
        raise FormError(f"{shape.place}: {name}: {problem}") from None


def _check(form: Form) -> None:
    containers = [node.name for node in walk(form.children) if not isinstance(node, Question)]
    if len(set(containers)) != len(containers):
        raise FormError("two groups or repeats have the same name")
    repeats = {repeat.name for repeat in form.repeats()}
    if repeats & set(form.placed):
        raise FormError(f"{min(repeats & set(form.placed))!r} is both a repeat and a question; rename one")
    for placed in form.placed.values():
        _check_question(form, placed, repeats)
        _check_rules(form, placed.question)
    for repeat in form.repeats():
        _check_key(form, repeat)
    order_of(form)


def _check_question(form: Form, placed: Placed, repeats: Iterable[str]) -> None:
    question = placed.question
    if (question.kind in _LISTED) != bool(question.choices):
        raise FormError(f"{question.name}: a list of choices belongs to kinds one and many, and to no other")
    if question.choices and not form.choices.get(question.choices):
        raise FormError(f"{question.name}: there is no list of choices {question.choices!r}")
    if question.tells and question.lane is Lane.MAIN and question.kind is not Kind.CODE:
        raise FormError(
            f"{question.name}: it could tell who a {question.tells} is: "
            "make it a code, or put it in another lane"
        )
    known = {*form.placed, *repeats}
    rules = (question.constraint, question.calculation, question.choice_filter)
    for expression in (*placed.conditions, *rules):
        unknown = sorted(expression.names - known) if expression else []
        if unknown:
            raise FormError(f"{question.name}: its conditions ask for {unknown[0]!r}, which is no question")


def _check_rules(form: Form, question: Question) -> None:
    """Calculations, defaults and filters."""
    if question.appearance == HIDDEN and (question.calculation is None or question.constraint is not None):
        raise FormError(f"{question.name}: it is hidden, so nobody could answer or mend it")
    if question.calculation is not None:
        if question.kind not in _CALCULATED:
            raise FormError(f"{question.name}: only text and whole numbers can be calculated")
        if question.default or question.required:
            raise FormError(
                f"{question.name}: it is calculated, so nobody can be asked for it, nor a default hold"
            )
    if question.choice_filter is not None:
        columns = {"name"}.union(*(choice.columns for choice in form.choices.get(question.choices, ())))
        unknown = sorted(question.choice_filter.columns - columns)
        if unknown or not question.choices:
            raise FormError(f"{question.name}: its list has no column {(unknown or ['at all'])[0]!r}")
    if question.default:
        try:
            read_answer(form, question, question.default, _SOME_DAY)
        except BadAnswer as problem:
            raise FormError(f"{question.name}: default: {problem.message}") from None


def _check_key(form: Form, repeat: Repeat) -> None:
    placed = form.placed.get(repeat.key)
    if placed is None or placed.repeat is not repeat or placed.question.kind is not Kind.CODE:
        raise FormError(f"{repeat.name}: its key {repeat.key!r} must be a code question inside it")
    if placed.question.lane is not Lane.MAIN:
        raise FormError(f"{repeat.name}: its key must be in main, or items could not be joined across lanes")
    spread = any(
        other.repeat is repeat and other.question.lane is not Lane.MAIN for other in form.placed.values()
    )
    if spread and not placed.question.required:
        raise FormError(f"{repeat.name}: parts of it travel in another lane, so its key must be required")
