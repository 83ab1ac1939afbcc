"""Where two states of a report differ."""

from __future__ import annotations

from fieldkit.forms.definition import Form
from fieldkit.forms.steps import State
from fieldkit.model.values import Path, items_of


def differing(form: Form, old: State, new: State) -> set[Path]:
    """Places whose answer or unread text differs; of questions the form has."""
    unread = {*old.unread, *new.unread}
    found = {place for place in unread if old.unread.get(place) != new.unread.get(place)}
    for name in {*old.answers, *new.answers}:
        before, after = old.answers.get(name), new.answers.get(name)
        if before is after:
            continue
        if form.repeat(name) is None:
            if before != after:
                found.add((name,))
            continue
        here, there = items_of(old.answers, name), items_of(new.answers, name)
        for index in range(max(len(here), len(there))):
            one = here[index] if index < len(here) else {}
            other = there[index] if index < len(there) else {}
            found |= {(name, index, inner) for inner in {*one, *other} if one.get(inner) != other.get(inner)}
    return {place for place in found if place[-1] in form.placed}


def same_items(form: Form, old: State, new: State) -> bool:
    """Whether every repeat has as many items in both, so that places mean the same."""
    return all(
        len(items_of(old.answers, repeat.name)) == len(items_of(new.answers, repeat.name))
        for repeat in form.repeats()
    )
