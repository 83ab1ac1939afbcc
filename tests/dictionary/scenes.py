"""Kinds of events and what usually goes with them in the built-in form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ARMED: Final = ("opposition", "armed_group", "pro_state", "is", "kurdish", "de_facto", "company", "criminal")
STATE: Final = ("state_army", "state_police", "state_security", "foreign", "coalition")
PARTIES: Final = (*ARMED, *STATE, "unknown", "unknown", "civilian", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What usually goes together in one kind of event."""

    kinds: tuple[str, ...]
    acts: tuple[str, ...]
    methods: tuple[str, ...]
    statuses: tuple[str, ...]
    targets: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    parties: tuple[str, ...] = PARTIES
    victim: str = "person"


_HELD: Final = ("held", "released", "missing", "unknown")
_HURT: Final = ("wounded", "dead")

SCENES: Final = (
    Scene(
        kinds=("arrest",),
        acts=("arrest",),
        methods=("raid", "checkpoint"),
        statuses=_HELD,
        counts=("detained",),
    ),
    Scene(
        kinds=("abduction",),
        acts=("abduction",),
        methods=("checkpoint", "raid"),
        statuses=_HELD,
        counts=("missing",),
        parties=ARMED,
    ),
    Scene(
        kinds=("disappearance",),
        acts=("disappearance", "arrest"),
        methods=("raid",),
        statuses=("missing",),
        counts=("missing",),
    ),
    Scene(
        kinds=("shelling",),
        acts=("attack", "killing"),
        methods=("artillery",),
        statuses=_HURT,
        targets=("home", "market", "school", "camp", "people"),
        causes=("blast", "collapse"),
        counts=("killed", "injured"),
    ),
    Scene(
        kinds=("air_strike",),
        acts=("attack", "killing"),
        methods=("air", "cluster"),
        statuses=_HURT,
        targets=("market", "home", "medical"),
        causes=("blast", "collapse"),
        counts=("killed", "injured"),
        parties=STATE,
    ),
    Scene(
        kinds=("attack",),
        acts=("attack", "injury"),
        methods=("drone", "gunfire", "vehicle_bomb"),
        statuses=_HURT,
        targets=("medical", "aid", "transport", "worship", "people"),
        counts=("injured", "killed"),
    ),
    Scene(
        kinds=("killing",),
        acts=("killing",),
        methods=("gunfire", "blade"),
        statuses=("dead",),
        causes=("gunshot", "other"),
        counts=("killed",),
    ),
    Scene(
        kinds=("killing", "arrest"),
        acts=("execution", "arrest"),
        methods=("gunfire",),
        statuses=("dead",),
        causes=("gunshot",),
        counts=("killed",),
    ),
    Scene(
        kinds=("explosive",),
        acts=("injury", "killing"),
        methods=("mine",),
        statuses=_HURT,
        causes=("blast",),
        counts=("injured", "killed"),
    ),
    Scene(
        kinds=("displacement",),
        acts=("displacement", "property"),
        methods=("raid", "fire"),
        statuses=("displaced",),
        targets=("home",),
        victim="group",
    ),
    Scene(
        kinds=("property",),
        acts=("property",),
        methods=("fire", "other"),
        statuses=("unharmed",),
        targets=("home", "water", "market", "heritage"),
        victim="family",
    ),
    Scene(
        kinds=("expression",),
        acts=("threat", "injury", "arrest"),
        methods=("beating", "other"),
        statuses=("held", "unharmed", "wounded"),
        counts=("detained", "injured"),
    ),
    Scene(
        kinds=("torture",),
        acts=("torture", "arrest"),
        methods=("beating", "deprivation"),
        statuses=("released", "dead", "held"),
        counts=("detained",),
    ),
    Scene(kinds=("sexual",), acts=("sexual", "arrest"), methods=("unknown",), statuses=("released",)),
    Scene(
        kinds=("child_recruit",),
        acts=("recruitment", "abduction"),
        methods=("checkpoint", "raid"),
        statuses=("missing", "held"),
        counts=("missing",),
        parties=ARMED,
    ),
    Scene(
        kinds=("aid",),
        acts=("denial", "property"),
        methods=("deprivation", "checkpoint"),
        statuses=("unknown",),
        targets=("aid", "water"),
        victim="group",
    ),
    Scene(
        kinds=("siege",),
        acts=("denial", "attack"),
        methods=("deprivation", "artillery"),
        statuses=("unknown",),
        targets=("water", "home"),
        victim="group",
        counts=("killed",),
    ),
)
"""At least one for each kind of event; common and rare ones come up alike, so that no report is dear."""
