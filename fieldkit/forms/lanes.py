"""Divides answers by lane at Finish, and joins them again for a reader who holds several lanes."""

from __future__ import annotations

from collections.abc import Mapping

from fieldkit.forms.definition import Form, Repeat
from fieldkit.forms.problems import AnswersError, Fault, Problem
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers, Value, copy_answers, items_of, text_of


def split(form: Form, answers: Answers) -> dict[Lane, Answers]:
    """The answers of each lane; main is always there, another lane only when something belongs to it.

    An item of a repeat stays in main with its code and whatever else is main's; what is protected goes to its
    lane with the same code. Raises AnswersError when an answer has no question (its lane would be a guess) or
    an item with protected answers has no code of its own: nothing is ever sent in a lane by default.
    """
    parts: dict[Lane, Answers] = {Lane.MAIN: {}}
    repeats = {repeat.name: repeat for repeat in form.repeats()}
    for name, value in answers.items():
        if name in repeats:
            _split_repeat(form, repeats[name], answers, parts)
            continue
        placed = form.placed.get(name)
        if placed is None or placed.repeat is not None:
            raise _no_lane(name)
        parts.setdefault(placed.question.lane, {})[name] = value
    return {lane: copy_answers(part) for lane, part in parts.items()}


def main_only(form: Form, answers: Answers) -> Answers:
    """The answers that belong to main, whatever else came with them; what has no question is left out.

    For exports: an answer that reached them by mistake still does not get out.
    """
    return _only(form, answers, Lane.MAIN)


def lane_only(form: Form, answers: Answers, lane: Lane) -> Answers:
    """The answers that belong to a lane, in items with their codes as they are sent; what has no question is
    left out, and so is an item of which nothing belongs there.
    """
    own = _only(form, answers, lane, with_keys=True)
    for repeat in form.repeats():
        items = items_of(own, repeat.name)
        kept = [item for item in items if any(_lane_of(form, name) is lane for name in item)]
        if kept:
            own[repeat.name] = list[Value](kept)
        else:
            own.pop(repeat.name, None)
    return own


def join(form: Form, main: Answers, others: Mapping[Lane, Answers]) -> Answers:
    """Main's answers with those of other lanes put back in their items, by code.

    A part may answer only questions of its own lane: anything else in it is left out, so that nobody changes
    the report from another lane. An item main does not have is left out likewise.
    """
    joined = copy_answers(main)
    for lane, part in others.items():
        own = _only(form, part, lane, with_keys=True)
        for name, value in own.items():
            repeat = form.repeat(name)
            if repeat is None:
                joined[name] = value
            else:
                _join_repeat(repeat, joined, items_of(own, name))
    return joined


def _split_repeat(form: Form, repeat: Repeat, answers: Answers, parts: dict[Lane, Answers]) -> None:
    items = items_of(answers, repeat.name)
    by_item = [_split_item(form, repeat, item) for item in items]
    if any(len(by_lane) > 1 for by_lane in by_item):
        _check_codes(repeat, items)
    for item, by_lane in zip(items, by_item, strict=True):
        for lane, part in by_lane.items():
            tied = part if lane is Lane.MAIN else {repeat.key: item[repeat.key], **part}
            kept = parts.setdefault(lane, {}).setdefault(repeat.name, [])
            if isinstance(kept, list):
                kept.append(tied)


def _split_item(form: Form, repeat: Repeat, item: Answers) -> dict[Lane, Answers]:
    by_lane: dict[Lane, Answers] = {Lane.MAIN: {}}
    for name, value in item.items():
        placed = form.placed.get(name)
        if placed is None or placed.repeat is not repeat:
            raise _no_lane(name)
        by_lane.setdefault(placed.question.lane, {})[name] = value
    return by_lane


def _check_codes(repeat: Repeat, items: list[Answers]) -> None:
    """Where any item is divided, every item needs its own code, or the parts could meet the wrong item."""
    seen: set[str] = set()
    for number, item in enumerate(items):
        code = text_of(item, repeat.key)
        if not code or code in seen:
            problem = Problem(
                place=(repeat.name, number, repeat.key),
                fault=Fault.REPEATED if code else Fault.MISSING,
                message="protected answers are tied to their item by its own code",
                hint="give each item its own code, such as S1, S2",
            )
            raise AnswersError([problem])
        seen.add(code)


def _only(form: Form, answers: Answers, lane: Lane, *, with_keys: bool = False) -> Answers:
    kept: Answers = {}
    for name, value in answers.items():
        placed = form.placed.get(name)
        repeat = form.repeat(name)
        if repeat is not None:
            items = [_only_item(form, item, repeat, lane, with_keys) for item in items_of(answers, name)]
            if any(items):
                kept[name] = [item for item in items if item]
        elif placed is not None and placed.repeat is None and placed.question.lane is lane:
            kept[name] = value
    return copy_answers(kept)


def _only_item(form: Form, item: Answers, repeat: Repeat, lane: Lane, with_keys: bool) -> Answers:
    kept: Answers = {}
    for name, value in item.items():
        placed = form.placed.get(name)
        belongs = placed is not None and placed.repeat is repeat and placed.question.lane is lane
        if belongs or (with_keys and name == repeat.key):
            kept[name] = value
    return kept


def _lane_of(form: Form, name: str) -> Lane | None:
    placed = form.placed.get(name)
    return placed.question.lane if placed else None


def _join_repeat(repeat: Repeat, joined: Answers, items: list[Answers]) -> None:
    by_code = {text_of(item, repeat.key): item for item in items}
    merged: list[Value] = []
    for item in items_of(joined, repeat.name):
        extra = by_code.get(text_of(item, repeat.key), {}) if text_of(item, repeat.key) else {}
        merged.append({**extra, **item})
    if merged:
        joined[repeat.name] = merged


def _no_lane(name: str) -> AnswersError:
    return AnswersError(
        [
            Problem(
                place=(name,),
                fault=Fault.UNKNOWN,
                message="no question here has that name, so it has no lane",
            )
        ]
    )
