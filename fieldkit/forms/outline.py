"""Pages of a form: what is asked on each, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fieldkit.forms.definition import HIDDEN, Form, Group, Node, Question, Repeat, Words, walk
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
    """Places of a page that are shown now, in order, calculated ones too; of one item, or of all."""
    if sheet.repeat is None:
        there: Iterable[Path] = ((name,) for name in sheet.names)
    else:
        count = len(items_of(judged.state.answers, sheet.name))
        numbers = range(count) if item is None else [item]
        there = ((sheet.name, number, name) for number in numbers for name in sheet.names)
    asked = judged.asked
    return [place for place in there if place in asked and asked[place].question.appearance != HIDDEN]


def page(judged: Judged, sheet: Sheet, language: str) -> Page | None:
    """A page as it stands now; None where nothing of it is shown. A repeat is shown before it has items."""
    form = judged.form
    here = places(judged, sheet)
    if not here and not (sheet.repeat and judged.worked.repeat_asked(sheet.name)):
        return None
    told = tally(judged, here)
    return Page(
        name=sheet.name,
        label=form.words(sheet.label, language),
        hint=form.words(sheet.hint, language),
        repeat=sheet.repeat is not None,
        mark=told.mark,
        answered=told.answered,
        asked=told.asked,
        required=told.required,
        required_left=told.required_left,
        items=len(items_of(judged.state.answers, sheet.name)) if sheet.repeat else 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far some places have come together. What the form calculates does not count."""

    asked: int
    answered: int
    required: int
    required_left: int
    wrong: bool

    @property
    def mark(self) -> Mark:
        """The same in one word."""
        if self.wrong:
            return Mark.PROBLEM
        if not self.answered:
            return Mark.EMPTY
        return Mark.BEGUN if self.required_left else Mark.DONE


def tally(judged: Judged, here: Iterable[Path]) -> Tally:
    """Counts what is asked, answered and missing at some places."""
    asked = answered = required = left = 0
    wrong = False
    listed, unread, problems = judged.asked, judged.state.unread, judged.problems
    for place in here:
        one = listed[place]
        if place in problems and not wrong:
            wrong = judged.wrong(place)
        if one.question.calculation is not None:
            continue
        there = one.value is not None or place in unread
        asked += 1
        answered += there
        if one.question.required:
            required += 1
            left += not there
    return Tally(asked=asked, answered=answered, required=required, required_left=left, wrong=wrong)


def required_left(judged: Judged) -> tuple[int, int]:
    """Required questions without an answer in the whole report, and all of them."""
    told = tally(judged, judged.asked)
    return told.required_left, told.required
