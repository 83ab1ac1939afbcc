"""Lanes that begin anew: what a generation frame says, and the way from one generation to another (§7)."""

from __future__ import annotations

import pytest

from sync.protocol.errors import Refusal
from sync.protocol.frames import build, parse
from sync.protocol.generations import Restart, follow, read_restart
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Generation, Lane
from sync.protocol.kinds import Key, Kind
from tests.protocol.refusing import refused
from tests.protocol.samples import KEY, VALUES, chain, frame

ONE, TWO, THREE = (Generation(bytes([number]) * 8) for number in (1, 2, 3))


def restart(ends: Generation, begins: Generation, lane: Lane = MAIN) -> Restart:
    """One step."""
    return Restart(lane=lane, ends=ends, size=5, root=bytes(32), begins=begins)


def test_what_a_frame_says() -> None:
    """Header and meaning are the same, there and back."""
    read = read_restart(frame(Kind.GENERATION))
    assert (read.ends, read.begins) == (VALUES[Key.GENERATION], VALUES[Key.NEW_GENERATION])
    places = {Key.SEQUENCE: 1, Key.PREVIOUS: bytes(32)}
    built = build(chain(ADMIN), KEY, Kind.GENERATION, {**places, **read.header()})
    assert read_restart(parse(built.raw)) == read
    with refused(Refusal.KIND):
        read_restart(frame(Kind.RECORD))


def test_a_generation_follows_another_one() -> None:
    """A lane does not begin anew as itself."""
    places = {Key.SEQUENCE: 1, Key.PREVIOUS: bytes(32)}
    with refused(Refusal.MALFORMED):
        build(chain(ADMIN), KEY, Kind.GENERATION, {**places, **restart(ONE, ONE).header()})


@pytest.mark.parametrize(
    ("steps", "reached"),
    [
        ([], ONE),
        ([restart(ONE, TWO)], TWO),
        ([restart(ONE, TWO), restart(TWO, THREE)], THREE),
        ([restart(TWO, THREE)], Refusal.GENERATION),
        ([restart(ONE, TWO), restart(ONE, THREE)], Refusal.GENERATION),
        ([restart(ONE, TWO), restart(THREE, TWO)], Refusal.GENERATION),
        ([restart(ONE, TWO, SOURCES)], Refusal.MALFORMED),
        ([restart(ONE, TWO), restart(TWO, THREE, SOURCES)], Refusal.MALFORMED),
    ],
)
def test_the_way(steps: list[Restart], reached: Generation | Refusal) -> None:
    """Each frame ends the generation before it, in the lane asked for; anything else is no way."""
    if not isinstance(reached, Refusal):
        assert follow(MAIN, ONE, steps) == reached
        return
    with refused(reached):
        follow(MAIN, ONE, steps)
