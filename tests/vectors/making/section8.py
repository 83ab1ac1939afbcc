"""§8: acknowledgement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.world import (
    COORDINATOR,
    INCARNATION,
    MAIN,
    OTHER_INCARNATION,
    SECOND,
    ZEROS,
    Map,
    at,
    device,
    drawn,
    frame,
)
from tests.vectors.mini.chains import proof
from tests.vectors.mini.frames import Place

# What the reporter kept: every frame but 4, which was no sealed one.
HELD: list[list[Any]] = [
    [number, drawn(f"frame {number}"), drawn(f"token {number}")] for number in (1, 2, 3, 5, 6)
]
BY = replace(MAIN, device=device(COORDINATOR), incarnation=drawn("coordinator incarnation", 8))


def entries(*sequences: int) -> list[list[Any]]:
    """What the proof is over."""
    return [entry for entry in HELD if entry[0] in sequences]


def acknowledge(
    ranges: list[list[int]], over: list[list[Any]], place: Place = MAIN, change: Map | None = None
) -> bytes:
    """An acknowledgement by the coordinator."""
    header = {
        1: 1,
        2: ZEROS,
        6: device_of(MAIN),
        9: INCARNATION,
        10: ranges,
        11: proof(place, over),
        **(change or {}),
    }
    return frame(8, header, b"", BY, COORDINATOR)


def device_of(place: Place) -> bytes:
    """The device of a chain."""
    return place.device


def vectors() -> Iterator[Vector]:
    """Every vector of this section."""
    given: dict[str, Any] = {**at(MAIN), "held": HELD, "signer_reads_lane": True}
    everything = acknowledge([[1, 3], [5, 6]], entries(1, 2, 3, 5, 6))
    yield good("all", "Two ranges, everything sealed.", "acknowledge", frame=everything, **given)
    some = acknowledge([[2, 3]], entries(2, 3))
    yield good("some", "One range of two.", "acknowledge", frame=some, **given)
    forged = [[2, HELD[1][1], drawn("guess")]]
    swapped = [[2, HELD[1][1], HELD[2][2]], [3, HELD[2][1], HELD[1][2]]]
    wrong = [
        (
            "random",
            "A proof that is random.",
            acknowledge([[2, 3]], entries(2, 3), change={11: drawn("forged")}),
        ),
        ("guess", "A token that was guessed.", acknowledge([[2, 2]], forged)),
        ("fewer", "The proof leaves out a frame of the range.", acknowledge([[1, 3]], entries(1, 3))),
        ("more", "The proof has a frame beyond the range.", acknowledge([[1, 2]], entries(1, 2, 3))),
        (
            "descending",
            "The proof has the frames in another order.",
            acknowledge([[2, 3]], entries(2, 3)[::-1]),
        ),
        ("tokens-swapped", "Two tokens change places.", acknowledge([[2, 3]], swapped)),
        ("unsealed", "A frame that was not sealed is acknowledged.", acknowledge([[3, 5]], entries(3, 5))),
        ("unwritten", "A frame that was never written is acknowledged.", acknowledge([[6, 7]], entries(6))),
        (
            "huge",
            "2^63 frames are acknowledged, as it says.",
            acknowledge([[1, 2**63 - 1]], entries(1, 2, 3)),
        ),
        (
            "lane",
            "The proof is over another lane.",
            acknowledge([[2, 3]], entries(2, 3), replace(MAIN, lane=2)),
        ),
        (
            "incarnation",
            "The proof is over another incarnation.",
            acknowledge([[2, 3]], entries(2, 3), replace(MAIN, incarnation=OTHER_INCARNATION)),
        ),
        (
            "signer-device",
            "The proof is over the coordinator's own chain.",
            acknowledge([[2, 3]], entries(2, 3), BY),
        ),
    ]
    for name, about, raw in wrong:
        yield bad("sealed|signature|malformed", name, about, "acknowledge", frame=raw, **given)
    moved = acknowledge([[2, 3]], entries(2, 3), change={6: device(SECOND)})
    yield bad(
        "signature|sealed|malformed",
        "other-to",
        "An acknowledgement to another device.",
        "acknowledge",
        frame=moved,
        **given,
    )
    moved = acknowledge([[2, 3]], entries(2, 3), change={9: OTHER_INCARNATION})
    about = "An acknowledgement of another incarnation."
    yield bad("signature|sealed|malformed", "other-incarnation", about, "acknowledge", frame=moved, **given)
    outsider = {**given, "signer_reads_lane": False}
    about = "The signer is no reader of the lane in the newest directory."
    yield bad("not permitted", "no-reader", about, "acknowledge", frame=some, **outsider)
