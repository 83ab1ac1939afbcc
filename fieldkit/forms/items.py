"""Items of a repeat added, copied, moved, taken out: each a new state of the report and a line about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from fieldkit.forms.cards import next_code
from fieldkit.forms.checking import named_ahead
from fieldkit.forms.defaults import default_answers
from fieldkit.forms.definition import Form, Repeat
from fieldkit.forms.steps import Move, State, moved_unread
from fieldkit.model.limits import MAX_ITEMS
from fieldkit.model.values import Answers, Path, Value, copy_answers, items_of, text_of

CODES_SAID = 4
"""Codes named in one line."""


UNDO = "undo brings it back"
"""Where undo is a key, a screen names it instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rearranged:
    """What came of it."""

    state: State | None = None
    """None where nothing changed."""
    said: str = ""
    """One line for a person, or empty."""


def added(form: Form, state: State, repeat: str, at: int | None, today: date) -> Rearranged:
    """A new item with the next free code and what the form begins one with, at the end unless said."""
    node = form.repeat(repeat)
    if node is None:
        return Rearranged()
    done = _inserted(state, node, {**_coded(form, state, node), **default_answers(form, today, node)}, at)
    ahead = named_ahead(form, state.answers, repeat) if done.state is not None else []
    # Which of them this one is only a person can say: a code never comes to point at somebody else by itself.
    return replace(done, said=f"{done.said}. {_asked_for(ahead)}") if ahead else done


def duplicated(form: Form, state: State, repeat: str, index: int) -> Rearranged:
    """The same item again after itself, with a code of its own."""
    node, items = form.repeat(repeat), items_of(state.answers, repeat)
    if node is None or not 0 <= index < len(items):
        return Rearranged()
    copied = copy_answers({**items[index], **_coded(form, state, node)})
    unread: dict[Path, str] = {
        (repeat, index + 1, place[2]): text
        for place, text in state.unread.items()
        if place[:2] == (repeat, index) and place[2] != node.key
    }
    return _inserted(state, node, copied, index + 1, unread)


def moved(form: Form, state: State, repeat: str, index: int, to: int) -> Rearranged:
    """An item to another place among the others."""
    node, items = form.repeat(repeat), items_of(state.answers, repeat)
    to = max(0, min(to, len(items) - 1))
    if node is None or not 0 <= index < len(items) or to == index:
        return Rearranged()
    order = list(range(len(items)))
    order.insert(to, order.pop(index))
    back = {old: new for new, old in enumerate(order)}
    said = f"{_name(node, items, index)} moved to {to + 1}"
    return _rearranged(state, repeat, [items[old] for old in order], back.get, said)


def deleted(form: Form, state: State, repeat: str, index: int) -> Rearranged:
    """Without one item."""
    node, items = form.repeat(repeat), items_of(state.answers, repeat)
    if node is None or not 0 <= index < len(items):
        return Rearranged()
    return _rearranged(
        state,
        repeat,
        items[:index] + items[index + 1 :],
        lambda old: None if old == index else old - (old > index),
        f"{_name(node, items, index)} taken out; {UNDO}",
    )


def _asked_for(codes: list[str]) -> str:
    some = ", ".join(codes[:CODES_SAID])
    return f"If it is one that is named already ({some}), type that code instead"


def _coded(form: Form, state: State, node: Repeat) -> Answers:
    code = next_code(form, state.answers, node)
    return {node.key: code} if code else {}


def _inserted(
    state: State, node: Repeat, item: Answers, at: int | None, unread: Mapping[Path, str] | None = None
) -> Rearranged:
    items = items_of(state.answers, node.name)
    if len(items) >= MAX_ITEMS:
        return Rearranged(said=f"there are {MAX_ITEMS} already, and no more fit")
    where = len(items) if at is None else max(0, min(at, len(items)))
    items.insert(where, item)
    said = f"{_name(node, items, where)} added"
    return _rearranged(state, node.name, items, lambda old: old + (old >= where), said, unread)


def _rearranged(
    state: State,
    repeat: str,
    items: list[Answers],
    move: Move,
    said: str,
    more: Mapping[Path, str] | None = None,
) -> Rearranged:
    answers = {name: value for name, value in state.answers.items() if name != repeat}
    if items:
        answers[repeat] = list[Value](items)
    unread = {**moved_unread(state.unread, repeat, move), **(more or {})}
    return Rearranged(state=State(answers=answers, unread=unread), said=said)


def _name(node: Repeat, items: list[Answers], index: int) -> str:
    return text_of(items[index], node.key) or str(index + 1)
