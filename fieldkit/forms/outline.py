"""Pages of a form: what is asked on each, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fieldkit.forms.definition import Form, Group, Node, Question, Repeat, Words, walk
from fieldkit.forms.judged import Judged
from fieldkit.forms.views import Mark, Page
from fieldkit.model.values import Path, items_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a page is made of: a top-level group without the repeats in it, a repeat, or loose questions."""

    name: str
    label: Words
    hint: Words
    repeat: Repeat | None
    names: tuple[str, ...]
    inner: dict[str, Group]
    """The innermost group of each question that lies in a group of this page."""


def sheets(form: Form) -> tuple[Sheet, ...]:
    """The pages of a form in its order, asked for now or not."""
    loose = tuple(node for node in form.children if isinstance(node, Question))
    found = [_sheet("", {form.default_language: form.title}, {}, None, loose)] if loose else []
    for node in form.children:
        if isinstance(node, Group):
            found.append(_sheet(node.name, node.label, node.hint, None, node.children))
            found += [_repeat(inner) for inner in walk(node.children) if isinstance(inner, Repeat)]
        elif isinstance(node, Repeat):
            found.append(_repeat(node))
    return tuple(sheet for sheet in found if sheet.names)


def _repeat(node: Repeat) -> Sheet:
    return _sheet(node.name, node.label, node.hint, node, node.children)


def _sheet(name: str, label: Words, hint: Words, repeat: Repeat | None, children: tuple[Node, ...]) -> Sheet:
    inner: dict[str, Group] = {}
    names = tuple(_names(children, None, inner))
    return Sheet(name=name, label=label, hint=hint, repeat=repeat, names=names, inner=inner)


def _names(nodes: Iterable[Node], group: Group | None, inner: dict[str, Group]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Question):
            if group is not None:
                inner[node.name] = group
            yield node.name
        elif isinstance(node, Group):
            yield from _names(node.children, node, inner)


def places(judged: Judged, sheet: Sheet, item: int | None = None) -> list[Path]:
    """Places of a page that are asked for now, in order; of one item, or of all."""
    if sheet.repeat is None:
        return [(name,) for name in sheet.names if (name,) in judged.asked]
    count = len(items_of(judged.state.answers, sheet.name))
    numbers = range(count) if item is None else [item]
    there = ((sheet.name, number, name) for number in numbers for name in sheet.names)
    return [place for place in there if place in judged.asked]


def page(judged: Judged, sheet: Sheet, language: str) -> Page:
    """A page as it stands now."""
    form = judged.form
    asked = places(judged, sheet)
    answered, required_left = tally(judged, asked)
    return Page(
        name=sheet.name,
        label=form.words(sheet.label, language),
        hint=form.words(sheet.hint, language),
        repeat=sheet.repeat is not None,
        mark=mark(judged, asked),
        answered=answered,
        asked=len(asked),
        required=sum(judged.asked[place].question.required for place in asked),
        required_left=required_left,
        items=len(items_of(judged.state.answers, sheet.name)) if sheet.repeat else 0,
    )


def tally(judged: Judged, asked: Iterable[Path]) -> tuple[int, int]:
    """How many of some places are answered, and how many lack an answer that is required."""
    here = [(judged.asked[place], place in judged.state.unread) for place in asked]
    answered = sum(one.value is not None or unread for one, unread in here)
    left = sum(one.question.required and one.value is None and not unread for one, unread in here)
    return answered, left


def required_left(judged: Judged) -> tuple[int, int]:
    """Required questions without an answer in the whole report, and all of them."""
    required = sum(asked.question.required for asked in judged.asked.values())
    return tally(judged, judged.asked)[1], required


def mark(judged: Judged, asked: list[Path]) -> Mark:
    """How far some places have come together."""
    if any(judged.wrong(place) for place in asked):
        return Mark.PROBLEM
    answered, left = tally(judged, asked)
    if not answered:
        return Mark.EMPTY
    return Mark.BEGUN if left else Mark.DONE
