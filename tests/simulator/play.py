"""Plays a history to its end: trouble, then peace, then the set check; cuts a failing one down."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from fieldkit.actions.errors import RefusedProblem
from tests.simulator.ending import check_end
from tests.simulator.events import SERVER, Act, Event, History
from tests.simulator.laptop import Laptop
from tests.simulator.network import Fault
from tests.simulator.remembered import remembering
from tests.simulator.server import SimStore
from tests.simulator.template import template
from tests.simulator.truth import Violation
from tests.simulator.world import World

ROUNDS: Final = 10
"""Exchanges of everybody without trouble after which nothing may move any more."""

PEACE: Final = 1_000
"""Salts from here on belong to the peace after a history."""


NOTHING: Final = frozenset(
    {"nobody", "no draft", "no report", "has a draft", "whole", "mute", "False", "0", "0 requests", "0 days"}
)
"""Outcomes of an act for which there was no occasion."""


@dataclass(slots=True)
class Outcome:
    """How a history went."""

    history: History
    violation: str | None
    journal: list[str] = field(repr=False)
    met: dict[Fault, int] = field(default_factory=dict)
    words: int = 0
    """Finished revisions that every promise was checked for at the end."""

    @property
    def kind(self) -> str | None:
        """Which promise was broken, without the names and numbers of this history."""
        return None if self.violation is None else re.sub(r"'[^']*'|\d+|\b[a-z]+'", "…", self.violation)

    def happened(self) -> Counter[str]:
        """How often each act came to something, and each fault came about."""
        told = [line.rpartition(": ") for line in self.journal]
        acts = Counter(event.split(" ", 1)[0] for event, _, outcome in told if outcome not in NOTHING)
        return acts + Counter({str(fault): count for fault, count in self.met.items()})


def play(history: History, *, store: SimStore | None = None, on_files: bool = False) -> Outcome:
    """Play it; a broken promise ends it."""
    with remembering():
        world = World(history, template(on_files=on_files), store)
        outcome = Outcome(history, None, world.journal)
        try:
            for event in history.events:
                world.play(event)
            _make_peace(world)
            outcome.words = check_end(world)
        except Violation as violation:
            outcome.violation = str(violation)
        finally:
            outcome.met = world.network.met
            world.close()
    return outcome


def _make_peace(world: World) -> None:
    """Everybody who has a reason exchanges without trouble until nothing moves; late requests arrive too."""
    salt, before = PEACE, None
    for number in range(ROUNDS):
        for name, laptop in list(world.laptops.items()):
            salt += 1
            # A server that was put back gives no reason by itself: people exchange all the same.
            due = world.rolled_back or (number == 0 and laptop.listed) or _has_reason(world, laptop)
            if due and not laptop.mute:
                _exchange(world, name, laptop, salt)
        if number == 0:
            world.play(Event(act=Act.ARRIVE, who=SERVER, salt=salt))
        now = _still(world)
        if now == before:
            return
        before = now
    if not (world.rolled_back and any(laptop.doubtful for laptop in world.laptops.values())):
        raise Violation(f"after {ROUNDS} rounds without trouble something still moves: {before}")


def _exchange(world: World, name: str, laptop: Laptop, salt: int) -> None:
    """As a person would: a coordinator pulls, and syncs when told that pulling is not for them any more."""
    if laptop.listed:
        world.play(Event(act=Act.PULL, who=name, salt=salt))
        if laptop.vault.generations.set_back():
            world.play(Event(act=Act.ANEW, who=name, salt=PEACE * PEACE + salt))
        if not world.journal[-1].endswith(RefusedProblem.__name__):
            return
    world.play(Event(act=Act.SYNC, who=name, salt=-salt))


def _has_reason(world: World, laptop: Laptop) -> bool:
    """Whether anything waits on either side; an exchange without a reason changes nothing and takes time."""
    vault, device = laptop.vault, laptop.device
    if vault.delivery.pending_totals()[0] or vault.outbox.unsealed() or vault.delivery.to_void():
        return True
    directory, organisation = vault.documents.directory().directory, world.truth.organisation
    with world.server.store.reading() as reader:
        marks = reader.marks(organisation, device)
    if marks.directory != directory.version or marks.mail > vault.mailbox.cursor():
        return True
    return any(
        directory.reads(device, lane) and len(frames) != vault.feeds.cursor(organisation, lane)[1]
        for lane, frames in world.truth.feeds.items()
    )


def _still(world: World) -> object:
    """What does not change any more when everybody is done."""
    held = world.server.store.durable[world.truth.organisation].lanes
    lanes = tuple(
        (lane, len(frames), held[lane].generation if lane in held else None)
        for lane, frames in sorted(world.truth.feeds.items())
    )
    waiting = tuple(
        (
            name,
            laptop.vault.delivery.pending_totals()[0],
            len(laptop.memory.delivered),
            laptop.vault.documents.versions(),
        )
        for name, laptop in world.laptops.items()
    )
    return lanes, waiting


def shrink(history: History, fails: Callable[[History], bool]) -> History:
    """The shortest part of a failing history that still fails: events, people and troubles are left out."""
    shrunk, smaller = history, True
    while smaller:
        found = next((candidate for candidate in _smaller(shrunk) if fails(candidate)), None)
        smaller = found is not None
        shrunk = shrunk if found is None else found
    return shrunk


def _smaller(history: History) -> list[History]:
    found = []
    for place in reversed(range(len(history.events))):
        found.append(replace(history, events=history.events[:place] + history.events[place + 1 :]))
    for name in history.cast:
        if name != "chief":
            found.append(replace(history, cast=tuple(other for other in history.cast if other != name)))
    for place, event in enumerate(history.events):
        lighter = [replace(event, fuse=None)] if event.fuse is not None else []
        lighter += [
            replace(event, troubles=event.troubles[:n] + event.troubles[n + 1 :])
            for n in range(len(event.troubles))
        ]
        for one in lighter:
            found.append(
                replace(history, events=(*history.events[:place], one, *history.events[place + 1 :]))
            )
    return found
