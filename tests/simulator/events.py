"""What happens in a history. Each event stands alone, so that a failing one can be cut down."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tests.simulator.network import Fault, Trouble
from tests.simulator.template import COORDINATORS, NAMES

YEARS: Final = 365 * 86_400
SKEWS: Final = (0, -15 * YEARS, 15 * YEARS, -86_400, 86_400, 40 * 86_400, -3_600)
"""Seconds a clock may jump to be wrong by."""

SERVER: Final = "server"


class Act(StrEnum):
    """Kinds of events."""

    WRITE = "write"
    DRAFT = "draft"
    FINISH = "finish"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    SYNC = "sync"
    PULL = "pull"
    RESTART = "restart"
    CLOCK = "clock"
    WAIT = "wait"
    ARRIVE = "arrive"
    REPLAY = "replay"
    BACKUP = "backup"
    ROLLBACK = "rollback"
    CLONE = "clone"
    POLICY = "policy"
    ROTATE = "rotate"
    LEAVE = "leave"
    MUTE = "mute"
    ANEW = "anew"


EXCHANGES: Final = (Act.SYNC, Act.PULL)
OFFICE: Final = (Act.POLICY, Act.ROTATE, Act.LEAVE, Act.ANEW)
"""Only the chief, who holds the directory key, does these; the last one when a log was set back."""

WEIGHTS: Final = {
    Act.WRITE: 22,
    Act.DRAFT: 3,
    Act.FINISH: 3,
    Act.EDIT: 7,
    Act.WITHDRAW: 3,
    Act.SYNC: 34,
    Act.PULL: 22,
    Act.RESTART: 4,
    Act.CLOCK: 5,
    Act.WAIT: 2,
    Act.ARRIVE: 3,
    Act.REPLAY: 3,
    Act.BACKUP: 0,
    Act.ROLLBACK: 0,
    Act.CLONE: 0,
    Act.POLICY: 2,
    Act.ROTATE: 3,
    Act.LEAVE: 2,
    Act.MUTE: 1,
    Act.ANEW: 0,
}
DISASTERS: Final = {Act.BACKUP: 12, Act.ROLLBACK: 9, Act.CLONE: 5}
"""Weights that are added where copies and backups come into play."""

DISASTROUS: Final = 0.35
"""Share of histories with rollbacks and clones; the others are held to more."""

NOTICING: Final = (Act.PULL, Act.ANEW)
RESTARTED: Final = 0.4
"""Share of histories with a server put back in which nobody lets the log begin anew before the peace."""

EVENTS: Final = (6, 18)
"""Acts of a history; the peace after it takes as many exchanges again."""
TROUBLED: Final = 0.5
DEADLY: Final = 0.08
"""Share of acts in which the laptop dies at some commit."""

MOST_COMMITS: Final = 24
"""Acts rarely make more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One act of one party; `amount` means what the act makes of it, `salt` draws its randomness."""

    act: Act
    who: str
    salt: int
    amount: int = 0
    troubles: tuple[Trouble, ...] = ()
    fuse: int | None = None

    def __str__(self) -> str:
        parts = [str(self.act), self.who, str(self.amount)]
        parts += [str(trouble) for trouble in self.troubles]
        if self.fuse is not None:
            parts.append(f"dies at commit {self.fuse}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class History:
    """Who takes part, and what happens, in order."""

    seed: int
    cast: tuple[str, ...]
    events: tuple[Event, ...]

    def __str__(self) -> str:
        lines = [f"seed {self.seed}, with {', '.join(self.cast)}"]
        return "\n".join(lines + [f"  {number:2}. {event}" for number, event in enumerate(self.events, 1)])


def draw(seed: int) -> History:
    """The history of a seed."""
    chance = random.Random(seed)
    cast = tuple(name for name in NAMES if name in ("chief", "first") or chance.random() < 0.5)
    weights = dict(WEIGHTS)
    if chance.random() < DISASTROUS:
        for act, weight in DISASTERS.items():
            weights[act] += weight
    acts = chance.choices(list(weights), list(weights.values()), k=chance.randint(*EVENTS))
    names, events = list(cast), []
    for salt, act in enumerate(acts):
        events.append(_event(chance, act, names, salt))
        if act is Act.CLONE:
            # The copy goes on, and more often than others, because only two active copies can part.
            names += [events[-1].who, events[-1].who + "'"]
    return History(seed, cast, tuple(_with_restart(seed, events)))


def _with_restart(seed: int, events: list[Event]) -> list[Event]:
    """Where the server is put back, the chief may notice and let the log begin anew before the peace."""
    chance = random.Random(f"restart {seed}")
    back = [place for place, one in enumerate(events) if one.act is Act.ROLLBACK and one.who == SERVER]
    if not back or chance.random() < RESTARTED:
        return events
    place = chance.randint(back[0] + 1, len(events))
    noticed = [Event(act=act, who="chief", salt=len(events) + at) for at, act in enumerate(NOTICING)]
    return [*events[:place], *noticed, *events[place:]]


def _event(chance: random.Random, act: Act, names: list[str], salt: int) -> Event:
    who = chance.choice(names)
    if act is Act.PULL:
        who = chance.choice([name for name in names if name.rstrip("'") in COORDINATORS])
    elif act in OFFICE:
        who = "chief"
    elif act in (Act.CLOCK, Act.RESTART, Act.BACKUP, Act.ROLLBACK) and chance.random() < 0.3:
        who = SERVER
    troubles: tuple[Trouble, ...] = ()
    if act in EXCHANGES and chance.random() < TROUBLED:
        places = sorted(chance.sample(range(5), chance.randint(1, 3)))
        troubles = tuple(Trouble(place, chance.choice(list(Fault)), chance.random()) for place in places)
    fuse = chance.randrange(MOST_COMMITS) if chance.random() < DEADLY else None
    return Event(act=act, who=who, salt=salt, amount=chance.randrange(1 << 16), troubles=troubles, fuse=fuse)
