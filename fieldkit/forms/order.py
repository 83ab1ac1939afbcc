"""In which order the questions of a form are worked out, and what follows from which answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from fieldkit.forms.definition import Form, FormError, Node, Question, Repeat
from fieldkit.forms.expressions import Expression

FORMS_KEPT = 8
"""Forms whose order is remembered; a program has one or a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What depends on what in one form. Names are those of questions and repeats."""

    rank: Mapping[str, int]
    """Each name comes after all it is worked out from."""
    followers: Mapping[str, tuple[str, ...]]
    """What may be asked, or worked out, otherwise when an answer changes."""
    judged: Mapping[str, tuple[str, ...]]
    """Questions whose answer may be right or wrong otherwise when an answer changes."""
    around: Mapping[str, tuple[Expression, ...]]
    """For each repeat, what must hold for it to be asked."""


@lru_cache(maxsize=FORMS_KEPT)
def order_of(form: Form) -> Order:
    """The order of a form. Raises FormError where something would depend on itself."""
    around = dict(_around(form.children, ()))
    needs = {name: _names(conditions) for name, conditions in around.items()}
    judged: dict[str, set[str]] = {}
    for name, placed in form.placed.items():
        question = placed.question
        needs[name] = _names((*placed.conditions, question.calculation))
        for other in _names((question.constraint, question.choice_filter)):
            judged.setdefault(other, set()).add(name)
    rank = {name: number for number, name in enumerate(_sorted(needs))}
    followers: dict[str, set[str]] = {}
    for name, others in needs.items():
        for other in others:
            followers.setdefault(other, set()).add(name)
    return Order(
        rank=rank,
        followers={name: tuple(sorted(found, key=rank.__getitem__)) for name, found in followers.items()},
        judged={name: tuple(sorted(found, key=rank.__getitem__)) for name, found in judged.items()},
        around=around,
    )


def _around(
    nodes: Iterable[Node], conditions: tuple[Expression, ...]
) -> Iterator[tuple[str, tuple[Expression, ...]]]:
    for node in nodes:
        here = (*conditions, node.relevant) if node.relevant else conditions
        if isinstance(node, Repeat):
            yield node.name, here
        elif not isinstance(node, Question):
            yield from _around(node.children, here)


def _names(expressions: Iterable[Expression | None]) -> frozenset[str]:
    return frozenset[str]().union(*(expression.names for expression in expressions if expression))


def _sorted(needs: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Every name after those it needs, else in the order given. Without recursion: a chain may be long."""
    done: set[str] = set()
    for start in needs:
        open_, stack = set[str](), [start]
        while stack:
            name = stack[-1]
            waiting = sorted(other for other in needs[name] if other not in done) if name not in done else []
            if name in done or not waiting:
                stack.pop()
                if name not in done:
                    done.add(name)
                    yield name
                continue
            open_.add(name)
            if blocked := open_.intersection(waiting):
                raise FormError(
                    f"{name}: whether it is asked, or its answer, depends on itself by {min(blocked)}"
                )
            stack += waiting
