"""What a server put back to an older backup tells those who remember more (docs/protocol.md §7, §9)."""

from __future__ import annotations

import os

import pytest

from sync.protocol.errors import Refusal
from sync.protocol.ids import ADMIN, MAIN, SOURCES
from sync.protocol.kinds import Key, Kind
from tests.server.world import NOW_HOUR, Person, Site, World, mail, receipts, refusals, send, whole_refusal


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ([], []),
        ([(MAIN, 2)], [(MAIN, 2)]),
        ([(MAIN, 3), (SOURCES, 0), (ADMIN, 1)], [(MAIN, 2)]),
        ([(MAIN, 2), (SOURCES, 4), (ADMIN, 9)], [(SOURCES, 0), (ADMIN, 1)]),
        ([(MAIN, 1), (ADMIN, 1)], [(MAIN, 2)]),
    ],
)
def test_receipts_for_heads_the_server_does_not_reach(
    site: Site, world: World, reporter: Person, named: list[tuple[int, int]], told: list[tuple[int, int]]
) -> None:
    """Nothing is sent: one receipt for each lane held less far than named, else one for the first lane."""
    send(site, world, reporter, MAIN, reporter.record(), reporter.record())
    _, items = site.post("/v1/sync", world.hello(reporter, lanes=tuple(named)))
    assert [(one.chain.lane, one.head) for one in receipts(items, site)] == told


def test_a_lower_head_is_told_beside_what_was_sent(site: Site, world: World, reporter: Person) -> None:
    """A lane that the request touches has its one receipt; the others are told as well."""
    body = world.hello(reporter, lanes=((MAIN, 7), (SOURCES, 7)))
    _, items = site.post("/v1/sync", body + reporter.upload(MAIN, reporter.record()))
    assert [(one.chain.lane, one.head) for one in receipts(items, site)] == [(MAIN, 1), (SOURCES, 0)]


@pytest.mark.parametrize(("cursor", "given"), [(0, [0, 1]), (1, [1]), (2, []), (3, [0, 1]), (900, [0, 1])])
def test_a_cursor_beyond_the_mailbox_begins_anew(
    site: Site, world: World, reporter: Person, cursor: int, given: list[int]
) -> None:
    """Such a cursor comes from before a backup was put back."""
    for _ in range(2):
        header = {
            Key.TO: reporter.device,
            Key.INCARNATION: reporter.incarnation,
            Key.RANGES: [[1, 1]],
            Key.PROOF: os.urandom(32),
        }
        send(site, world, world.officer, MAIN, world.officer.write(MAIN, Kind.ACKNOWLEDGEMENT, header))
    _, items = site.post("/v1/sync", world.hello(reporter, mail_cursor=cursor))
    assert [one.mail_index for one in mail(items)] == given
    _, nothing = site.post("/v1/sync", world.hello(world.officer, mail_cursor=cursor))
    assert mail(nothing) == []


def test_a_join_that_was_certified_needs_no_invite(site: Site, world: World) -> None:
    """After a restore the invite may be unknown or expired: the certificate names the frame it is for."""
    keys, _ = world.invite(expires=NOW_HOUR - 1)
    person = Person(world.organisation)
    join = world.join(person, keys)
    body = world.hello(person) + person.upload(ADMIN, join)
    assert whole_refusal(site.post("/v1/sync", body)[1]) == Refusal.INVITE
    world.officer.heads.clear()
    send(site, world, world.officer, ADMIN, world.certificate(person, join))
    _, items = site.post("/v1/sync", world.hello(person) + person.upload(ADMIN, join))
    assert (refusals(items), [one.head for one in receipts(items, site)]) == ([], [1])
    other = Person(world.organisation, key=person.key)
    assert refusals(send(site, world, other, ADMIN, world.join(other, keys))) == [(3, 1, Refusal.INVITE)]
