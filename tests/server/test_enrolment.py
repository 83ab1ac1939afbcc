"""Making an organisation, invites, joins and certificates on every store (docs/protocol.md §10)."""

from __future__ import annotations

import errno
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from sync.protocol.errors import Refusal
from sync.protocol.hello import Purpose
from sync.protocol.ids import ADMIN, MAIN
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.messages import DirectoryItem, EndItem, RootItem
from sync.protocol.signing import SigningKey
from sync.server.log import HOUR, EventLog
from sync.server.settings import Settings
from sync.server.stores.base import Store, Transaction
from tests.server.world import NOW_HOUR, Person, Site, World, mail, receipts, refusals, send, whole_refusal


def test_ticket_makes_one_organisation(site: Site) -> None:
    """A code makes one organisation; the same request again is answered alike, anything else is refused."""
    world, other = World(site.log_key.public, site.pins), World(site.log_key.public, site.pins)
    code = site.new_code()
    for attempt in range(2):
        status, items = site.post("/v1/organisation", world.founding(code))
        assert (status, [type(item) for item in items]) == (200, [EndItem]), attempt
    for body in (other.founding(code), world.founding(site.new_code())):
        status, items = site.post("/v1/organisation", body)
        assert (status, whole_refusal(items)) == (403, Refusal.INVITE)


def test_codes_that_do_not_hold(site: Site) -> None:
    """A code from elsewhere, or one that has expired, makes nothing."""
    world = World(site.log_key.public, site.pins)
    expired = site.new_code(days=1)
    site.now += 24 * HOUR
    for name, code in {"foreign": os.urandom(16), "expired": expired}.items():
        status, items = site.post("/v1/organisation", world.founding(code))
        assert (status, whole_refusal(items)) == (403, Refusal.INVITE), name


@pytest.mark.parametrize(
    "change",
    [
        {"log_key": SigningKey.generate().public},
        {"pins": (b"\3" * 32,)},
        {"pins": (b"\1" * 32, b"\3" * 32)},
        {"pins": (b"\2" * 32,)},
        {"version": 2},
        {"lanes": ()},
    ],
    ids=["log key", "pin", "one pin of two", "only the spare pin", "version", "lanes"],
)
def test_founding_directory_must_name_this_server(site: Site, change: dict[str, Any]) -> None:
    """A first directory with another log key, pin or version, or without an admin lane, is refused."""
    world = World(site.log_key.public, site.pins)
    if change == {"lanes": ()}:
        change = {"lanes": tuple(entry for entry in world.plan.lanes if entry.lane != ADMIN)}
    world.directory = world.sign(replace(world.plan, **change))
    status, items = site.post("/v1/organisation", world.founding(site.new_code()))
    assert (status, whole_refusal(items)) == (400, Refusal.DOCUMENT)


def test_invite_request_gives_the_documents(site: Site, world: World) -> None:
    """Whoever holds an open invite gets every root and the newest directory, and nobody else does."""
    keys, invite = world.invite()
    status, items = site.post("/v1/invite", world.invite_request(keys))
    assert (status, whole_refusal(items)) == (403, Refusal.INVITE)
    send(site, world, world.officer, ADMIN, invite)
    status, items = site.post("/v1/invite", world.invite_request(keys))
    assert [type(item) for item in items] == [RootItem, DirectoryItem, EndItem]
    assert isinstance(items[0], RootItem) and items[0].root == world.root.raw
    assert isinstance(items[1], DirectoryItem) and items[1].directory == world.directory.raw
    elsewhere = World(site.log_key.public, site.pins)
    status, items = site.post("/v1/invite", elsewhere.invite_request(keys))
    assert (status, whole_refusal(items)) == (404, Refusal.ORGANISATION)


def test_enrolment_requests_are_paced(store: Store) -> None:
    """More enrolment requests in a minute than the setting are told to come later, and are served later."""
    site = Site(store, Settings(enrolments_per_minute=3))
    keys, _ = World(site.log_key.public, site.pins).invite()
    body = World(site.log_key.public, site.pins).invite_request(keys)
    codes = [whole_refusal(site.post("/v1/invite", body)[1]) for _ in range(5)]
    assert codes == [Refusal.ORGANISATION] * 3 + [Refusal.BUSY] * 2
    site.now += 20
    assert whole_refusal(site.post("/v1/invite", body)[1]) == Refusal.ORGANISATION
    site.stop()


def test_join_and_first_records_in_one_request(site: Site, world: World) -> None:
    """A newcomer joins and sends at once; the invite is burnt; the certificate comes as mail."""
    keys, invite = world.invite()
    send(site, world, world.officer, ADMIN, invite)
    person = Person(world.organisation)
    join = world.join(person, keys)
    body = world.hello(person) + person.upload(ADMIN, join) + person.upload(MAIN, person.record())
    status, items = site.post("/v1/sync", body)
    assert (status, refusals(items)) == (200, [])
    assert [(one.chain.lane, one.head) for one in receipts(items, site)] == [(ADMIN, 1), (MAIN, 1)]
    certificate = world.certificate(person, join)
    send(site, world, world.officer, ADMIN, certificate)
    _, items = site.post("/v1/sync", world.hello(person))
    assert [one.frame for one in mail(items)] == [certificate.raw]
    with site.store.reading() as reader:
        member = reader.member(world.organisation, person.device)
    assert member is not None and member.certified


class FullDisk:
    """A store whose commits fail."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that is undone."""
        with self._store.writing() as transaction:
            yield transaction
            raise OSError(errno.ENOSPC, "no space")


def test_a_join_is_logged_when_it_is_durable(store: Store) -> None:
    """A join whose commit fails is no join, neither in the store nor in the log."""
    text = io.StringIO()
    site = Site(store, log=EventLog(text))
    world = World(site.log_key.public, site.pins)
    site.post("/v1/organisation", world.founding(site.new_code()))
    keys, invite = world.invite()
    send(site, world, world.officer, ADMIN, invite)
    person = Person(world.organisation)
    join = person.upload(ADMIN, world.join(person, keys))

    def told() -> list[str]:
        events = [json.loads(line)["event"] for line in text.getvalue().splitlines()]
        return [event for event in events if event != "organisation"]

    with patch.object(site.writer, "_store", FullDisk(store)):
        status, items = site.post("/v1/sync", world.hello(person) + join)
    assert (status, whole_refusal(items), told()) == (503, Refusal.BUSY, ["failed"])
    assert site.post("/v1/sync", world.hello(person) + join)[0] == 200
    assert told() == ["failed", "joined"]
    site.stop()


def test_join_repeats_but_the_invite_is_burnt(store: Store) -> None:
    """The same join again counts as held; any other use of the invite is refused and raises an alarm."""
    text = io.StringIO()
    site = Site(store, log=EventLog(text))
    world = World(site.log_key.public, site.pins)
    site.post("/v1/organisation", world.founding(site.new_code()))
    keys, invite = world.invite()
    send(site, world, world.officer, ADMIN, invite)
    person, thief = Person(world.organisation), Person(world.organisation)
    join = world.join(person, keys)
    for _ in range(2):
        assert refusals(send(site, world, person, ADMIN, join)) == []
    body = world.hello(thief) + thief.upload(ADMIN, world.join(thief, keys))
    status, items = site.post("/v1/sync", body)
    assert (status, whole_refusal(items)) == (403, Refusal.INVITE)
    again = Person(world.organisation, key=person.key)
    assert refusals(send(site, world, again, ADMIN, world.join(again, keys))) == [(3, 1, Refusal.INVITE)]
    _, items = site.post("/v1/invite", world.invite_request(keys))
    assert whole_refusal(items) == Refusal.INVITE
    alarms = [line for line in map(json.loads, text.getvalue().splitlines()) if line["event"] == "alarm"]
    assert [line["what"] for line in alarms] == ["burnt invite used again"] * 2 + [
        "burnt invite asked for again"
    ]
    site.stop()


def test_the_same_invite_again_changes_nothing(site: Site, world: World, reporter: Person) -> None:
    """In another chain, as a copied vault writes it; another one under its id is refused, used or not."""
    keys, invite = world.invite()
    send(site, world, world.officer, ADMIN, invite)
    person = Person(world.organisation)
    send(site, world, person, ADMIN, world.join(person, keys))
    copy = Person(world.organisation, key=world.officer.key)
    header = {key: value for key, value in invite.header.items() if key > Key.PREVIOUS}
    again = copy.write(ADMIN, Kind.INVITE, header, invite.body)  # type: ignore[arg-type]
    assert refusals(send(site, world, copy, ADMIN, again)) == []
    other = copy.write(ADMIN, Kind.INVITE, header, bytes(32))  # type: ignore[arg-type]
    assert refusals(send(site, world, copy, ADMIN, other)) == [(3, 2, Refusal.INVITE)]


def test_joins_that_do_not_hold(site: Site, world: World) -> None:
    """Expired, unknown, by another secret, for another role or server: refused whole, nothing stored."""
    open_keys, open_invite = world.invite()
    old_keys, old_invite = world.invite(expires=NOW_HOUR)
    unknown, _ = world.invite()
    world.officer.heads[ADMIN] = (2, old_invite.hash)
    send(site, world, world.officer, ADMIN, open_invite, old_invite)
    mixed = replace(open_keys, server_key=old_keys.server_key)
    other_key = SigningKey.generate().public
    cases: dict[str, tuple[Any, Role, dict[str, Any], Refusal]] = {
        "expired": (old_keys, Role.REPORTER, {}, Refusal.INVITE),
        "unknown": (unknown, Role.REPORTER, {}, Refusal.INVITE),
        "wrong secret": (mixed, Role.REPORTER, {}, Refusal.INVITE),
        "wrong role": (open_keys, Role.COORDINATOR, {}, Refusal.INVITE),
        "other log key": (open_keys, Role.REPORTER, {"log_key": other_key}, Refusal.LOG_KEY),
        "other public key": (open_keys, Role.REPORTER, {"public_key": other_key}, Refusal.DEVICE),
    }
    for name, (keys, role, changes, expected) in cases.items():
        person = Person(world.organisation)
        join = world.join(person, keys, role, **changes)
        body = world.hello(person) + person.upload(ADMIN, join) + person.upload(MAIN, person.record())
        _, items = site.post("/v1/sync", body)
        assert (name, whole_refusal(items)) == (name, expected)
        with site.store.reading() as reader:
            assert reader.chains(world.organisation, person.device) == [], name
            assert reader.member(world.organisation, person.device) is None, name


def test_certificate_for_an_unknown_join_makes_a_member(site: Site, world: World) -> None:
    """A certificate alone is enough: another server may have seen the join."""
    person = Person(world.organisation)
    keys, _ = world.invite()
    world.officer.heads.clear()
    send(site, world, world.officer, ADMIN, world.certificate(person, world.join(person, keys)))
    person.heads.clear()
    assert refusals(send(site, world, person, MAIN, person.record())) == []


def test_second_coordinator(site: Site, world: World) -> None:
    """A coordinator by invite is pending until a directory names them; then they pull and acknowledge."""
    keys, invite = world.invite(Role.COORDINATOR)
    send(site, world, world.officer, ADMIN, invite)
    person = Person(world.organisation)
    send(site, world, person, ADMIN, world.join(person, keys, Role.COORDINATOR))
    status, items = site.post("/v1/pull", world.hello(person, Purpose.PULL))
    assert (status, whole_refusal(items)) == (403, Refusal.NOT_PERMITTED)
    assert refusals(send(site, world, person, ADMIN, person.record(ADMIN))) == [(3, 2, Refusal.NOT_PERMITTED)]
    send(site, world, world.officer, ADMIN, world.directory_frame(world.with_coordinator(person)))
    status, _ = site.post("/v1/pull", world.hello(person, Purpose.PULL))
    assert status == 200
    assert refusals(send(site, world, person, ADMIN, person.record(ADMIN))) == []
