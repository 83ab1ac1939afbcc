"""Every place of a report, asked for or not, with what working it out takes at hand.

One key in a long form may work out hundreds of places: what stays the same until items come or go is looked
up once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fieldkit.forms.definition import Form, Question
from fieldkit.forms.expressions import Expression
from fieldkit.forms.order import Order
from fieldkit.forms.scopes import Item, Scope
from fieldkit.model.values import Path, Value


@dataclass(slots=True, kw_only=True, eq=False)
class Spot:
    """A question at one place, or a repeat as a whole."""

    place: Path
    name: str
    rank: tuple[int, int]
    """Comes after those it is worked out from, and is no other's."""
    question: Question | None
    """None for a repeat."""
    around: tuple[Expression, ...]
    """The conditions of the groups and repeats around it: many places share them."""
    own: Expression | None
    """Its own condition."""
    scope: Mapping[str, Value] = field(repr=False)
    """What its expressions see."""
    target: dict[str, Value] = field(repr=False)
    """Where its answer is put for others to see."""
    followers: tuple[Spot, ...] | None = field(default=None, repr=False)
    judged: tuple[Spot, ...] | None = field(default=None, repr=False)


class Spots:
    """The spots of a form whose repeats have so many items."""

    def __init__(self, form: Form, order: Order, items: Mapping[str, int]) -> None:
        self._form = form
        self._order = order
        self._items = dict(items)
        self._outside: dict[str, Value] = {}
        self._inside: dict[Item, Scope] = {
            (name, number): Scope(self._outside) for name, count in items.items() for number in range(count)
        }
        self.places = tuple(self._places())
        """Every place of a question, in the order of the form."""
        there = (*self.places, *((name,) for name in items))
        self._by_place = {place: self._spot(place, serial) for serial, place in enumerate(there)}

    def get(self, place: Path) -> Spot | None:
        """What stands at a place; None where the form has nothing there."""
        return self._by_place.get(place)

    def __iter__(self) -> Iterator[Spot]:
        return iter(self._by_place.values())

    def scope(self, place: Path) -> Mapping[str, Value]:
        """What expressions at a place can see."""
        inside = self._inside_at(place)
        return self._outside if inside is None else inside

    def _inside_at(self, place: Path) -> Scope | None:
        number = place[1] if len(place) == 3 else None
        return self._inside[str(place[0]), number] if isinstance(number, int) else None

    def followers(self, spot: Spot) -> tuple[Spot, ...]:
        """What may be asked, or worked out, otherwise when what is there changes."""
        if spot.followers is None:
            spot.followers = tuple(self._seeing(self._order.followers.get(spot.name, ()), spot.place))
        return spot.followers

    def judged(self, spot: Spot) -> tuple[Spot, ...]:
        """Where an answer may be right or wrong otherwise when what is there changes."""
        if spot.judged is None:
            spot.judged = tuple(self._seeing(self._order.judged.get(spot.name, ()), spot.place))
        return spot.judged

    # How they are made

    def _places(self) -> Iterator[Path]:
        told: set[str] = set()
        for name, placed in self._form.placed.items():
            if placed.repeat is None:
                yield (name,)
            elif placed.repeat.name not in told:
                told.add(placed.repeat.name)
                yield from self._item_places(placed.repeat.name)

    def _item_places(self, repeat: str) -> Iterator[Path]:
        placed = self._form.placed.items()
        names = [name for name, one in placed if one.repeat is not None and one.repeat.name == repeat]
        for number in range(self._items[repeat]):
            yield from ((repeat, number, name) for name in names)

    def _spot(self, place: Path, serial: int) -> Spot:
        name = str(place[-1])
        placed = self._form.placed.get(name)
        inside = self._inside_at(place)
        own = placed.question.relevant if placed else None
        around = placed.conditions if placed else self._order.around[name]
        return Spot(
            place=place,
            name=name,
            rank=(self._order.rank[name], serial),
            question=placed.question if placed else None,
            around=around[:-1] if own is not None else around,
            own=own,
            scope=self._outside if inside is None else inside,
            target=self._outside if inside is None else inside.inner,
        )

    def _seeing(self, names: Iterable[str], place: Path) -> Iterator[Spot]:
        """The places of these questions that see an answer at a place."""
        for name in names:
            placed = self._form.placed.get(name)
            repeat = placed.repeat.name if placed and placed.repeat else ""
            if not repeat:
                seen: list[Path] = [(name,)] if len(place) == 1 else []
            elif len(place) == 1:
                seen = [(repeat, number, name) for number in range(self._items[repeat])]
            else:
                seen = [(repeat, place[1], name)] if place[0] == repeat else []
            yield from (self._by_place[one] for one in seen)
