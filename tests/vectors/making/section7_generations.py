"""§7: a reader follows a lane that began anew, or stops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.world import (
    ADMIN,
    COORDINATOR,
    SECOND,
    ZEROS,
    at,
    drawn,
    frame,
    public,
)

ONE, TWO, THREE = (drawn(f"generation {name}", 8) for name in ("one", "two", "three"))


def step(ends: bytes, begins: bytes, lane: int = 1, by: bytes = COORDINATOR) -> bytes:
    """A generation frame."""
    header = {1: 1, 2: ZEROS, 18: lane, 27: ends, 28: 41, 29: drawn("tree root"), 42: begins}
    return frame(20, header, b"", ADMIN, by)


FIRST, NEXT = step(ONE, TWO), step(TWO, THREE)
OTHER_KIND = frame(15, {1: 1, 2: ZEROS, 20: 7}, b"directory", ADMIN, COORDINATOR)

GOOD: list[tuple[str, str, dict[str, Any]]] = [
    ("one", "One step.", {"frames": [FIRST], "present": TWO}),
    ("two", "Two steps, for a reader who was away for both.", {"frames": [FIRST, NEXT]}),
    ("later", "The second step alone, for one who followed the first.", {"frames": [NEXT], "held": TWO}),
]
BAD: list[tuple[str, str, str, dict[str, Any]]] = [
    ("generation", "none", "Another generation without a word.", {"frames": [], "present": TWO}),
    ("generation", "short", "The frames do not lead to the checkpoint's generation.", {"frames": [FIRST]}),
    ("generation", "not-held", "The first frame ends a generation that is not held.", {"frames": [NEXT]}),
    ("generation", "backwards", "The steps in the wrong order.", {"frames": [NEXT, FIRST]}),
    ("generation", "twice", "The same step twice.", {"frames": [FIRST, FIRST], "present": TWO}),
    (
        "malformed",
        "other-lane",
        "A frame that lets another lane begin anew.",
        {"frames": [step(ONE, TWO, lane=2)], "present": TWO},
    ),
    (
        "not permitted",
        "no-officer",
        "By a coordinator without role bit 1.",
        {"frames": [FIRST], "present": TWO, "officer": False},
    ),
    (
        "signature",
        "forged",
        "Signed by another key than the coordinator's.",
        {"frames": [step(ONE, TWO, by=SECOND)], "present": TWO},
    ),
    ("kind", "other-kind", "A frame of another kind.", {"frames": [OTHER_KIND], "present": TWO}),
]


def vectors() -> Iterator[Vector]:
    """Ways from one generation to another."""
    place = {key: value for key, value in at(ADMIN).items() if key != "lane"}
    common = {**place, "public_key": public(COORDINATOR), "officer": True, "lane": 1}
    common |= {"held": ONE, "present": THREE}
    for name, about, given in GOOD:
        yield good(f"follow-{name}", about, "follow", **{**common, **given})
    for expect, name, about, given in BAD:
        yield bad(expect, f"follow-{name}", about, "follow", **{**common, **given})
