"""Plays a history to its end: trouble, then peace, then everything acknowledged must be with everybody entitled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from fieldkit.actions.errors import RefusedProblem
from fieldkit.model.ids import RevisionId
from fieldkit.model.state import State
from sync.protocol.directory import Directory, parse_directory
from sync.protocol.ids import MAIN
from sync.protocol.root import parse_root
from sync.server.stores.base import DocumentKind
from tests.simulator.checks import check_nothing_invented, holds, parts_of, told
from tests.simulator.events import SERVER, Act, Event, History
from tests.simulator.laptop import Laptop
from tests.simulator.network import Fault
from tests.simulator.server import SimStore
from tests.simulator.template import template
from tests.simulator.truth import Violation
from tests.simulator.world import World

ROUNDS: Final = 10
"""Exchanges of everybody without trouble after which nothing may move any more."""

PEACE: Final = 1_000
"""Salts from here on belong to the peace after a history."""


@dataclass(slots=True)
class Outcome:
    """How a history went."""

    history: History
    violation: str | None
    journal: list[str] = field(repr=False)
    met: dict[Fault, int] = field(default_factory=dict)
    words: int = 0
    """Finished revisions that every promise was checked for at the end."""


def play(history: History, *, store: SimStore | None = None, on_files: bool = False) -> Outcome:
    """Play it; a broken promise ends it."""
    world = World(history, template(on_files=on_files), store)
    outcome = Outcome(history, None, world.journal)
    try:
        for event in history.events:
            world.play(event)
        _make_peace(world)
        outcome.words = _check_end(world)
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
            if not laptop.mute and (number == 0 or _has_reason(world, laptop)):
                _exchange(world, name, laptop, salt)
        if number == 0:
            world.play(Event(act=Act.ARRIVE, who=SERVER, salt=salt))
        now = _still(world)
        if now == before:
            return
        before = now
    if not (world.rolled_back or any(laptop.doubtful for laptop in world.laptops.values())):
        raise Violation(f"after {ROUNDS} rounds without trouble something still moves: {before}")


def _exchange(world: World, name: str, laptop: Laptop, salt: int) -> None:
    """As a person would: a coordinator pulls, and syncs when told that pulling is not for them any more."""
    if laptop.listed:
        world.play(Event(act=Act.PULL, who=name, salt=salt))
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
    lanes = tuple((lane, len(frames)) for lane, frames in sorted(world.truth.feeds.items()))
    waiting = tuple(
        (name, laptop.vault.delivery.pending_totals()[0], len(laptop.memory.delivered))
        for name, laptop in world.laptops.items()
    )
    return lanes, waiting


def _directory(world: World) -> Directory:
    """The newest directory on the server's disk."""
    with world.server.store.reading() as reader:
        raw = reader.newest(world.truth.organisation, DocumentKind.DIRECTORY)
        root = reader.newest(world.truth.organisation, DocumentKind.ROOT)
    assert raw is not None and root is not None
    return parse_directory(raw.raw, parse_root(root.raw)).directory


def _check_end(world: World) -> int:
    """The set check. Returns how many words it was made for."""
    for laptop in world.laptops.values():
        check_nothing_invented(laptop, world.truth)
    if world.rolled_back or world.laptops["chief"].doubtful:
        return 0
    directory = _directory(world)
    readers = [
        laptop
        for laptop in world.laptops.values()
        if directory.reads(laptop.device, MAIN) and not (laptop.mute or laptop.doubtful)
    ]
    checked = 0
    for laptop in world.laptops.values():
        if not (laptop.doubtful or laptop.mute) and _is_member(world, directory, laptop):
            _check_union(laptop, readers, directory)
            checked += len(laptop.memory.words)
    return checked


def _is_member(world: World, directory: Directory, laptop: Laptop) -> bool:
    """Whether the server took its join: only then could it send anything."""
    with world.server.store.reading() as reader:
        joined = reader.member(world.truth.organisation, laptop.device) is not None
    return joined or directory.coordinator(laptop.device) is not None


def _check_union(author: Laptop, readers: list[Laptop], directory: Directory) -> None:
    """Every word of an honest laptop is shown as received, and with every entitled coordinator exactly once."""
    others = [reader for reader in readers if reader.device != author.device]
    for word in author.memory.words:
        state = author.vault.delivery.state_of(
            RevisionId(word.revision), delivered_by=directory.delivered_by
        )
        expected = State.DELIVERED if len(others) >= directory.delivered_by else State.RECEIVED
        if state not in (expected, State.DELIVERED):
            raise Violation(
                f"{author.name}'s {word.narrative!r} is {state} in the end, expected {expected}"
            )
    for reader in readers:
        parts = parts_of(reader)
        said = [told(lanes[MAIN]) for lanes in parts.values() if MAIN in lanes]
        for word in author.memory.words:
            if not holds(parts, word):
                raise Violation(f"{reader.name} does not hold {author.name}'s {word.narrative!r} in the end")
            if said.count(word.narrative) != 1:
                raise Violation(f"{reader.name} holds {word.narrative!r} {said.count(word.narrative)} times")


def shrink(history: History, fails: Callable[[History], bool]) -> History:
    """The shortest part of a failing history that still fails: events, then people, then troubles are left out."""
    shrunk, smaller = history, True
    while smaller:
        found = next((candidate for candidate in _smaller(shrunk) if fails(candidate)), None)
        smaller = found is not None
        shrunk = shrunk if found is None else found
    return shrunk


def _smaller(history: History) -> list[History]:
    found = []
    for place in reversed(range(len(history.events))):
        found.append(
            replace(history, events=history.events[:place] + history.events[place + 1 :])
        )
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
