"""A proposal for joining two revisions field by field.

It decides nothing: where both changed, a person does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from fieldkit.model.values import Answers, Value, copy_answers, copy_value

Place: TypeAlias = tuple[str, ...]
"""Where a conflict lies: `(question,)`, `(repeat, item, question)`, or `(repeat, item)` for an item as a
whole.

An item is named by its code, or `#1`, `#2` where codes do not tell the items apart.
"""

_Items: TypeAlias = dict[str, Answers]
_Three: TypeAlias = tuple[Value | None, Value | None, Value | None]


class UnresolvedConflict(ValueError):
    """A merge was to be completed while a conflict had no decision, or a decision fits no conflict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One place where the two sides differ and both differ from where they came from. None means absent."""

    place: Place
    base: Value | None
    ours: Value | None
    theirs: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What can be joined without a decision, and what needs one."""

    fields: Answers = field(repr=False)
    """Agreed answers outside repeats."""
    items: Mapping[str, _Items] = field(repr=False)
    """Agreed answers inside repeats, by repeat and item; an item whose every answer is in conflict is empty
    here.
    """
    conflicts: tuple[Conflict, ...]

    @property
    def agreed(self) -> Answers:
        """Every answer both sides have, or only one side changed. Nothing that is in conflict."""
        return _assemble(self.fields, self.items)


def propose(base: Answers | None, ours: Answers, theirs: Answers, keys: Mapping[str, str]) -> Proposal:
    """A three-way merge of answers; with no base, whatever both have and differs is in conflict.

    `keys` names the code question of each repeat. Items are matched by code when every item on every side has
    its own, else by position. An item one side removed and the other changed is in conflict as a whole.
    """
    fields: Answers = {}
    items: dict[str, _Items] = {}
    conflicts: list[Conflict] = []
    for name in _names(ours, theirs, base or {}):
        sides = ((base or {}).get(name), ours.get(name), theirs.get(name))
        if any(_is_repeat(side) for side in sides):
            items[name] = _merge_repeat(name, sides, keys.get(name), conflicts)
        else:
            _merge_field((name,), sides, fields, conflicts)
    return Proposal(fields=fields, items=items, conflicts=tuple(conflicts))


def resolve(proposal: Proposal, decisions: Mapping[Place, Value | None]) -> Answers:
    """The merged answers once a person decided each conflict; None leaves the answer (or the item) out.

    A decision may be either side or a third value. Raises UnresolvedConflict when one is missing, when there
    is no such conflict, or when an item is decided to be something other than a map.
    """
    wanted = {conflict.place for conflict in proposal.conflicts}
    if wanted != set(decisions):
        odd = sorted(wanted ^ set(decisions))[0]
        problem = "no decision" if odd in wanted else "a decision without a conflict"
        raise UnresolvedConflict(f"{problem} for {' / '.join(odd)}")
    fields = copy_answers(proposal.fields)
    items = {
        repeat: {code: copy_answers(item) for code, item in found.items()}
        for repeat, found in proposal.items.items()
    }
    for place, value in decisions.items():
        if value is not None:
            _decide(fields, items, place, copy_value(value))
    return _assemble(fields, items)


def _decide(fields: Answers, items: dict[str, _Items], place: Place, value: Value) -> None:
    match place:
        case (name,):
            fields[name] = value
        case (repeat, code) if isinstance(value, dict):
            items[repeat][code] = value
        case (repeat, code, name):
            items[repeat][code][name] = value
        case _:
            raise UnresolvedConflict(f"the decision for {' / '.join(place)} must be a whole item or nothing")


def _merge_field(place: Place, sides: _Three, agreed: Answers, conflicts: list[Conflict]) -> None:
    base, ours, theirs = sides
    if theirs in (ours, base):
        chosen = ours
    elif ours == base:
        chosen = theirs
    else:
        conflicts.append(Conflict(place=place, base=base, ours=ours, theirs=theirs))
        return
    if chosen is not None:
        agreed[place[-1]] = copy_value(chosen)


def _merge_repeat(repeat: str, sides: _Three, key: str | None, conflicts: list[Conflict]) -> _Items:
    base, ours, theirs = _match(sides, key)
    merged: _Items = {}
    for code in _names(ours, theirs, base):
        was, mine, other = base.get(code), ours.get(code), theirs.get(code)
        if was is not None and (mine is None or other is None):
            if was not in (mine, other) and mine != other:
                conflicts.append(Conflict(place=(repeat, code), base=was, ours=mine, theirs=other))
            continue
        item: Answers = {}
        for name in _names(mine or {}, other or {}, was or {}):
            values = ((was or {}).get(name), (mine or {}).get(name), (other or {}).get(name))
            _merge_field((repeat, code, name), values, item, conflicts)
        merged[code] = item
    return merged


def _match(sides: _Three, key: str | None) -> tuple[_Items, _Items, _Items]:
    lists = [_item_list(side) for side in sides]
    by_code = key is not None and all(_distinct_codes(items, key) for items in lists)
    base, ours, theirs = (
        {str(item[key]) if by_code and key else f"#{number}": item for number, item in enumerate(items, 1)}
        for items in lists
    )
    return base, ours, theirs


def _distinct_codes(items: list[Answers], key: str) -> bool:
    codes = [item.get(key) for item in items]
    return all(isinstance(code, str) for code in codes) and len({str(code) for code in codes}) == len(codes)


def _item_list(side: Value | None) -> list[Answers]:
    return [item for item in side if isinstance(item, dict)] if isinstance(side, list) else []


def _is_repeat(side: Value | None) -> bool:
    return isinstance(side, list) and any(isinstance(item, dict) for item in side)


def _names(*maps: Mapping[str, object]) -> list[str]:
    """Every key once, in the order of our side, then theirs, then the base."""
    return list(dict.fromkeys(name for found in maps for name in found))


def _assemble(fields: Answers, items: Mapping[str, _Items]) -> Answers:
    merged = copy_answers(fields)
    for repeat, found in items.items():
        if found:
            merged[repeat] = [copy_answers(item) for item in found.values()]
    return merged
