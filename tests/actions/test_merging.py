"""Directories that two copies of one notebook changed: each change once, and the server's where both did."""

from __future__ import annotations

from dataclasses import replace

from fieldkit.actions.merging import merged
from sync.protocol.directory import Coordinator, Directory, LaneEntry
from sync.protocol.ids import ADMIN, MAIN, Device, Organisation


def coordinator(name: str, roles: int = 0) -> Coordinator:
    """A coordinator by a letter."""
    return Coordinator(device=Device(name.encode() * 16), public_key=name.encode() * 32, roles=roles)


def lane(number: int, readers: str, term: int = 1) -> LaneEntry:
    """A lane read by coordinators named by letters; its key follows from its term."""
    return LaneEntry(
        lane=number,  # type: ignore[arg-type]
        name=f"lane {number}",
        term=term,
        inbox=bytes([term]) * 1_216,
        readers=tuple(Device(name.encode() * 16) for name in readers),
    )


BASE = Directory(
    organisation=Organisation(bytes(16)),
    version=4,
    created=1,
    expires=100,
    root_version=1,
    root_hash=bytes(32),
    lanes=(lane(MAIN, "ab"), lane(ADMIN, "ab")),
    log_key=bytes(32),
    pins=(bytes(32),),
    address="base:1",
    coordinators=(coordinator("a"), coordinator("b")),
)


def names(directory: Directory) -> str:
    """Its coordinators, by letters."""
    return "".join(chr(entry.device[0]) for entry in directory.coordinators)


def test_nothing_changed_here() -> None:
    """Then the server's stands as it is."""
    theirs = replace(BASE, version=5, delivered_by=2, coordinators=(coordinator("b"), coordinator("c")))
    assert merged(BASE, replace(BASE, version=5), theirs) == theirs


def test_both_let_somebody_in() -> None:
    """Each newcomer is listed and reads; the version stays the server's."""
    ours = replace(
        BASE,
        version=6,
        expires=200,
        coordinators=(*BASE.coordinators, coordinator("c")),
        lanes=(lane(MAIN, "abc"), lane(ADMIN, "abc")),
    )
    theirs = replace(
        BASE,
        version=5,
        coordinators=(*BASE.coordinators, coordinator("d")),
        lanes=(lane(MAIN, "abd"), lane(ADMIN, "ab")),
    )
    found = merged(BASE, ours, theirs)
    assert (names(found), found.version, found.expires) == ("abcd", 5, 200)
    assert [entry.readers for entry in found.lanes] == [lane(1, "abcd").readers, lane(1, "abc").readers]


def test_who_was_let_go_stays_gone() -> None:
    """By whichever copy: neither brings back whom the other dismissed or revoked."""
    ours = replace(BASE, coordinators=(coordinator("a"),), lanes=(lane(MAIN, "a"), lane(ADMIN, "a")))
    gone = Device(b"x" * 16)
    theirs = replace(BASE, version=5, revoked=(gone,), coordinators=(*BASE.coordinators, coordinator("d")))
    found = merged(BASE, replace(ours, revoked=(Device(b"w" * 16),)), theirs)
    assert names(found) == "ad"
    assert [len(entry.readers) for entry in found.lanes] == [1, 1]
    assert found.revoked == (Device(b"w" * 16), gone)


def test_where_both_changed_the_same() -> None:
    """The server's word counts; a lane's term and key stay together."""
    ours = replace(BASE, address="ours:1", delivered_by=2, lanes=(lane(MAIN, "ab", 7), lane(ADMIN, "ab", 8)))
    theirs = replace(BASE, version=5, address="theirs:1", lanes=(lane(MAIN, "ab", 9), lane(ADMIN, "ab")))
    found = merged(BASE, ours, theirs)
    assert (found.address, found.delivered_by) == ("theirs:1", 2)
    assert [(entry.term, entry.inbox[0]) for entry in found.lanes] == [(9, 9), (8, 8)]
