"""Who may write what: every kind, lane and standing, against the signer column written out again."""

from __future__ import annotations

import pytest

from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Device, Lane, device_id
from sync.protocol.kinds import Kind
from sync.protocol.permissions import Author, Standing, check_lane, check_pull, check_write, feed_order
from tests.protocol.refusing import refused
from tests.protocol.samples import OTHER_KEY, directory, octets

OWN = Lane(16)
READER = device_id(OTHER_KEY.public)
PENDING, CERTIFIED, COORDINATOR, OFFICER = Standing

# The lowest standing that may write a kind: in lanes 1 and 2, and in the others it belongs into.
LOWEST: dict[Kind, tuple[Standing, Standing]] = {
    Kind.EPOCH: (PENDING, COORDINATOR),
    Kind.RECORD: (PENDING, COORDINATOR),
    Kind.VOID: (PENDING, COORDINATOR),
    Kind.HEARTBEAT: (PENDING, COORDINATOR),
    Kind.ACKNOWLEDGEMENT: (COORDINATOR, COORDINATOR),
    Kind.CERTIFICATE: (OFFICER, OFFICER),
    Kind.GRANT: (OFFICER, OFFICER),
    Kind.ROOT: (COORDINATOR, COORDINATOR),
    Kind.DIRECTORY: (COORDINATOR, COORDINATOR),
    Kind.INVITE: (OFFICER, OFFICER),
    Kind.JOIN: (PENDING, PENDING),
    Kind.GENERATION: (OFFICER, OFFICER),
}


def may_write(standing: Standing, kind: Kind, lane: Lane, device: Device = READER) -> bool:
    """Whether the rules let this author write."""
    author = Author(device=device, public_key=OTHER_KEY.public, standing=standing)
    try:
        check_write(author, kind, lane, directory())
    except ProtocolError as error:
        assert error.code is Refusal.NOT_PERMITTED
        return False
    return True


@pytest.mark.parametrize("kind", LOWEST, ids=lambda kind: kind.name)
def test_who_writes(kind: Kind) -> None:
    """Exactly the standings from the lowest one up, in every lane of the directory."""
    for lane in (MAIN, SOURCES, ADMIN):
        lowest = LOWEST[kind][lane == ADMIN]
        assert [standing for standing in Standing if may_write(standing, kind, lane)] == [
            standing for standing in Standing if standing >= lowest
        ]


def test_every_kind_is_tried() -> None:
    """The table has every kind; a hello is never stored."""
    assert set(LOWEST) | {Kind.HELLO} == set(Kind)
    with refused(Refusal.KIND):
        check_write(Author(device=READER, public_key=b"", standing=OFFICER), Kind.HELLO, MAIN, directory())


def test_only_readers_acknowledge() -> None:
    """A coordinator who does not read the lane cannot say that its frames were opened."""
    assert may_write(COORDINATOR, Kind.ACKNOWLEDGEMENT, MAIN)
    assert not may_write(OFFICER, Kind.ACKNOWLEDGEMENT, MAIN, device=Device(octets("no reader")))
    assert not may_write(OFFICER, Kind.ACKNOWLEDGEMENT, OWN)


def test_lanes_of_the_directory() -> None:
    """A lane that the directory does not name is refused, for writing and pulling."""
    check_lane(MAIN, directory())
    with refused(Refusal.LANE):
        check_lane(OWN, directory())
    check_pull(READER, ADMIN, directory())
    for device, lane in ((READER, OWN), (Device(octets("no reader")), MAIN)):
        with refused(Refusal.NOT_PERMITTED):
            check_pull(device, lane, directory())
    with refused(Refusal.NOT_PERMITTED):
        check_pull(READER, MAIN, directory(revoked=(READER,)))


def test_feed_order() -> None:
    """The admin lane comes first, then the others ascending."""
    lanes = [Lane(number) for number in (17, 2, 3, 16, 1)]
    assert sorted(lanes, key=feed_order) == [3, 1, 2, 16, 17]
