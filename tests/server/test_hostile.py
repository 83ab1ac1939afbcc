"""What a hostile client may try, and the code it gets; nothing of it is stored (docs/protocol.md §9)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sync.protocol.encoding import encode
from sync.protocol.errors import Refusal
from sync.protocol.frames import Frame, parse
from sync.protocol.hello import Purpose
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Device, Lane, Organisation
from sync.protocol.kinds import Key, Kind
from sync.protocol.limits import FRAME_BYTES
from sync.protocol.messages import EndItem
from sync.protocol.signing import SigningKey
from tests.server.world import Person, Site, World, feed, receipts, refusals, send, whole_refusal

HELLOS: dict[str, tuple[dict[str, Any], Refusal]] = {
    "another log key": ({"log_key_id": b"8 bytes!"}, Refusal.LOG_KEY),
    "another organisation": ({"organisation": Organisation(b"nobody's".ljust(16))}, Refusal.ORGANISATION),
    "another purpose": ({"purpose": Purpose.PULL, "lanes": ()}, Refusal.KIND),
    "an unknown device": ({"device": Device(b"unknown".ljust(16))}, Refusal.DEVICE),
}


@pytest.mark.parametrize("name", HELLOS)
def test_hellos_that_do_not_hold(site: Site, world: World, reporter: Person, name: str) -> None:
    """A hello for something else refuses the whole request."""
    changes, expected = HELLOS[name]
    body = world.hello(reporter, **changes) + reporter.upload(MAIN, reporter.record())
    assert whole_refusal(site.post("/v1/sync", body)[1]) == expected
    assert nothing_stored(site, world)


def nothing_stored(site: Site, world: World, lane: Lane = MAIN) -> bool:
    """Whether a lane is empty."""
    with site.store.reading() as reader:
        return reader.feed(world.organisation, lane, 0, rows=9, size=999) == []


def test_hello_signed_by_somebody_else(site: Site, world: World, reporter: Person) -> None:
    """A hello in another's name is refused, with everything after it."""
    liar = Person(world.organisation, key=SigningKey.generate())
    body = world.hello(liar, device=world.officer.device) + liar.upload(MAIN, liar.record())
    assert whole_refusal(site.post("/v1/sync", body)[1]) == Refusal.SIGNATURE
    assert nothing_stored(site, world)


def test_strangers_do_not_make_us_parse(
    site: Site, world: World, reporter: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the hello holds, no more than the first upload is looked at, however much follows."""
    parsed: list[bytes] = []

    def counting(raw: bytes) -> Frame:
        parsed.append(raw)
        return parse(raw)

    monkeypatch.setattr("sync.server.requests.parse", counting)
    uploads = b"".join(reporter.upload(MAIN, reporter.record()) for _ in range(20))
    liar = Person(world.organisation)
    for device, expected in ((liar.device, Refusal.DEVICE), (reporter.device, Refusal.SIGNATURE)):
        parsed.clear()
        body = world.hello(liar, device=device) + uploads
        assert whole_refusal(site.post("/v1/sync", body)[1]) == expected
        assert len(parsed) == 1
    assert site.post("/v1/sync", world.hello(reporter) + uploads)[0] == 200
    assert len(parsed) == 1 + 20


def test_replayed_request(site: Site, world: World, reporter: Person) -> None:
    """The same bytes again are refused for a day, by nonce, and after that count as held."""
    body = world.hello(reporter) + reporter.upload(MAIN, reporter.record())
    assert site.post("/v1/sync", body)[0] == 200
    for hours in (0, 12, 11):
        site.now += hours * 3_600
        status, items = site.post("/v1/sync", body)
        assert (status, whole_refusal(items)) == (409, Refusal.NONCE), hours
    site.now += 3 * 3_600
    assert site.post("/v1/sync", world.hello(reporter))[0] == 200
    status, items = site.post("/v1/sync", body)
    assert (status, refusals(items)) == (200, [])


def test_nonce_of_another_organisation_is_free(site: Site, world: World) -> None:
    """Nonces are remembered by organisation."""
    other = World(site.log_key.public, site.pins)
    site.post("/v1/organisation", other.founding(site.new_code()))
    nonce = os.urandom(16)
    assert site.post("/v1/sync", world.hello(world.officer, nonce=nonce))[0] == 200
    assert site.post("/v1/sync", other.hello(other.officer, nonce=nonce))[0] == 200
    assert site.post("/v1/sync", world.hello(world.officer, nonce=nonce))[0] == 409


def test_organisations_are_apart(site: Site, world: World, reporter: Person) -> None:
    """A member of one organisation is nobody in another, and their frames do not verify there."""
    other = World(site.log_key.public, site.pins)
    site.post("/v1/organisation", other.founding(site.new_code()))
    hello = other.hello(reporter)
    assert whole_refusal(site.post("/v1/sync", hello)[1]) == Refusal.DEVICE
    frame = reporter.record()
    body = other.hello(other.officer) + reporter.carried(MAIN, frame)
    assert refusals(site.post("/v1/sync", body)[1]) == [(1, 1, Refusal.DEVICE)]
    twin = Person(other.organisation, key=world.officer.key)
    send(site, other, other.officer, ADMIN, other.directory_frame(other.with_coordinator(twin)))
    stolen = Person(world.organisation, key=twin.key, incarnation=twin.incarnation).record()
    assert refusals(send(site, other, twin, MAIN, stolen)) == [(1, 1, Refusal.SIGNATURE)]
    status, items = site.post("/v1/pull", other.hello(world.officer, Purpose.PULL))
    assert status == 200
    assert [item.lane for item in feed(items)] == [ADMIN]


Make = Callable[[World, Person], Frame]


def _kinds(world: World, person: Person) -> dict[str, tuple[Lane, Frame]]:
    """One frame of every kind that only coordinators or officers write, by somebody else."""
    keys, _ = World.invite(world, by=Person(world.organisation))
    to = {Key.TO: world.officer.device}
    acknowledgement = {**to, Key.INCARNATION: b"i" * 8, Key.RANGES: [[1, 1]], Key.PROOF: b"p" * 32}
    certificate = {
        **to,
        Key.INVITE: b"v" * 16,
        Key.ROLE: 2,
        Key.PUBLIC_KEY: world.officer.key.public,
        Key.JOIN_HASH: b"j" * 32,
    }
    grant = {**to, Key.TERM: 1, Key.LANE: 1}
    invite = {Key.INVITE: keys.invite, Key.ROLE: 2, Key.EXPIRES: 999_999}
    fresh: dict[str, tuple[Lane, Kind, dict[Key, Any], bytes]] = {
        "acknowledgement": (MAIN, Kind.ACKNOWLEDGEMENT, acknowledgement, b""),
        "certificate": (ADMIN, Kind.CERTIFICATE, certificate, b""),
        "grant": (ADMIN, Kind.GRANT, grant, bytes(1_168)),
        "root": (ADMIN, Kind.ROOT, {Key.VERSION: 2}, world.root.raw),
        "directory": (ADMIN, Kind.DIRECTORY, {Key.VERSION: 2}, world.directory.raw),
        "invite": (ADMIN, Kind.INVITE, invite, bytes(32)),
        "epoch in the admin lane": (ADMIN, Kind.EPOCH, {Key.TERM: 1, Key.COMMIT: bytes(32)}, bytes(1_168)),
    }
    return {
        name: (lane, person.write(lane, kind, header, body))
        for name, (lane, kind, header, body) in fresh.items()
    }


def test_reporter_cannot_act_as_coordinator(site: Site, world: World, reporter: Person) -> None:
    """Every kind of a coordinator is refused from a reporter, pending or certified."""
    for name, (lane, frame) in _kinds(world, reporter).items():
        items = send(site, world, reporter, lane, frame)
        assert (name, refusals(items)) == (name, [(lane, frame.sequence, Refusal.NOT_PERMITTED)])
    assert nothing_stored(site, world)


def test_coordinator_without_office_cannot_enrol(site: Site, world: World) -> None:
    """A coordinator who is no member officer writes no invite, certificate or grant."""
    person = Person(world.organisation)
    send(site, world, world.officer, ADMIN, world.directory_frame(world.with_coordinator(person)))
    codes = {}
    for name, (lane, frame) in _kinds(world, person).items():
        codes[name] = [code for _, _, code in refusals(send(site, world, person, lane, frame))]
    for name in ("certificate", "grant", "invite"):
        assert codes[name] == [Refusal.NOT_PERMITTED], name
    assert codes["epoch in the admin lane"] == codes["acknowledgement"] == []


def test_acknowledgement_needs_a_reader_of_the_lane(site: Site, world: World) -> None:
    """A coordinator acknowledges only in lanes they read."""
    person = Person(world.organisation)
    readers = {lane.lane: lane.readers for lane in world.plan.lanes}
    directory = world.with_coordinator(person).directory
    lanes = tuple(
        replace(lane, readers=readers[SOURCES]) if lane.lane == SOURCES else lane for lane in directory.lanes
    )
    world.plan = replace(world.plan, version=1)
    send(site, world, world.officer, ADMIN, world.directory_frame(world.next_directory(lanes=lanes)))
    header = {
        Key.TO: world.officer.device,
        Key.INCARNATION: b"i" * 8,
        Key.RANGES: [[1, 1]],
        Key.PROOF: b"p" * 32,
    }
    for lane, expected in ((MAIN, []), (SOURCES, [Refusal.NOT_PERMITTED])):
        items = send(site, world, person, lane, person.write(lane, Kind.ACKNOWLEDGEMENT, header))
        assert [code for _, _, code in refusals(items)] == expected, lane


def test_bad_items_do_not_stop_good_ones(site: Site, world: World, reporter: Person) -> None:
    """Every bad upload is refused by itself, by its sequence where it has one; the good ones are stored."""
    good = [reporter.record() for _ in range(2)]
    moved = Person(world.organisation, key=reporter.key).record()
    wrong_lane = Person(world.organisation, key=reporter.key, incarnation=reporter.incarnation).record(
        SOURCES
    )
    changed = bytearray(reporter.record().raw)
    changed[-1] ^= 1
    kind, header, body, signature = 3, good[0].header_bytes, good[0].body, good[0].signature
    bad: list[tuple[str, bytes, tuple[int, int, Refusal]]] = [
        ("another shape", encode([1, 2, 3]), (0, 0, Refusal.MALFORMED)),
        ("no frame", encode([1, b"junk"]), (1, 0, Refusal.MALFORMED)),
        ("lane 0", encode([0, good[0].raw]), (0, 0, Refusal.MALFORMED)),
        ("too large", encode([1, bytes(FRAME_BYTES + 1)]), (0, 0, Refusal.MALFORMED)),
        ("unknown kind", encode([1, encode([77, header, body, signature])]), (1, 1, Refusal.KIND)),
        ("reserved kind", encode([1, encode([12, header, body, signature])]), (1, 1, Refusal.KIND)),
        ("body size", encode([1, encode([kind, header, body + b"x", signature])]), (1, 1, Refusal.SIZE)),
        ("reserved lane", reporter.upload(Lane(4), good[0]), (4, 1, Refusal.LANE)),
        ("another incarnation", reporter.upload(MAIN, moved), (1, 1, Refusal.SIGNATURE)),
        ("another lane", reporter.upload(MAIN, wrong_lane), (1, 1, Refusal.SIGNATURE)),
        ("changed", encode([1, bytes(changed)]), (1, 3, Refusal.SIGNATURE)),
        ("of a stranger", Person(world.organisation).carried(MAIN, good[0]), (1, 1, Refusal.DEVICE)),
        ("hello as upload", encode([1, world.hello(reporter)]), (1, 0, Refusal.LANE)),
    ]
    parts = [reporter.upload(MAIN, good[0])] + [item for _, item, _ in bad] + [reporter.upload(MAIN, good[1])]
    status, items = site.post("/v1/sync", world.hello(reporter) + b"".join(parts))
    assert status == 200
    assert sorted(refusals(items)) == sorted(expected for _, _, expected in bad)
    assert [(one.chain.lane, one.head) for one in receipts(items, site)] == [(1, 2)]


def test_reserved_and_unknown_lanes(site: Site, world: World, reporter: Person) -> None:
    """Frames that verify in a lane the directory does not name are refused with its code."""
    for number in (4, 15, 16, 1 << 40):
        lane = Lane(number)
        items = send(site, world, reporter, lane, reporter.record(lane))
        assert refusals(items) == [(number, 1, Refusal.LANE)]


def test_unreadable_rest(site: Site, world: World, reporter: Person) -> None:
    """After bytes whose end cannot be found nothing more is read; what came before is committed."""
    first, second = reporter.record(), reporter.record()
    for name, junk in {
        "indefinite": b"\x9f",
        "tag": b"\xc0\x01",
        "long head": b"\x58\x01\x00",
        "float": b"\xfb" + bytes(8),
    }.items():
        body = world.hello(reporter) + reporter.upload(MAIN, first) + junk + reporter.upload(MAIN, second)
        status, items = site.post("/v1/sync", body)
        assert status == 200, name
        assert refusals(items) == [(0, 0, Refusal.MALFORMED)], name
        assert [one.head for one in receipts(items, site)] == [1], name


def test_last_item_cut_in_a_whole_body(site: Site, world: World, reporter: Person) -> None:
    """A body of the announced length whose last item is unfinished is an error, not a cut."""
    upload = reporter.upload(MAIN, reporter.record())
    _, items = site.post("/v1/sync", world.hello(reporter) + upload[:-1])
    assert refusals(items) == [(0, 0, Refusal.MALFORMED)]
    assert isinstance(items[-1], EndItem)


BODIES = {
    "empty": b"",
    "text": b"GET / HTTP/1.1",
    "a number": b"\x01",
    "an upload first": encode([1, b"frame"]),
    "half a hello": encode([1, b"header", b"body", bytes(64)])[:20],
    "deep": b"\x81" * 2_000 + b"\x00",
    "long promise": b"\x9b" + b"\xff" * 8,
    "long string": b"\x5b\x00\x00\x00\x7f" + bytes(20),
}


@pytest.mark.parametrize("path", ["/v1/sync", "/v1/pull", "/v1/invite", "/v1/organisation"])
@pytest.mark.parametrize("name", BODIES)
def test_bodies_that_are_nothing(site: Site, path: str, name: str) -> None:
    """Junk is malformed on every path, whole or cut, before anything is looked up."""
    for whole in (True, False):
        status, items = site.post(path, BODIES[name], whole=whole)
        assert (status, whole_refusal(items)) == (400, Refusal.MALFORMED)


def test_hello_padding_is_checked(site: Site, world: World, reporter: Person) -> None:
    """A hello whose padding is not zeros, or of another size, is refused: it could carry something."""
    frame = parse(world.hello(reporter))
    for name, body in {"not zeros": b"\1" * len(frame.body), "size": frame.body[:-1]}.items():
        raw = encode([int(Kind.HELLO), frame.header_bytes, body, frame.signature])
        assert whole_refusal(site.post("/v1/sync", raw)[1]) == Refusal.SIZE, name


def test_sparse_sequences_are_bounded(
    site: Site, world: World, reporter: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device cannot make the server keep more frames beyond a gap than it is ready to read again."""
    monkeypatch.setattr("sync.server.chains.BEYOND_FRAMES", 5)
    frames = [reporter.record() for _ in range(8)]
    items = send(site, world, reporter, MAIN, *frames[1:])
    assert refusals(items) == [(1, 7, Refusal.QUOTA), (1, 8, Refusal.QUOTA)]
    assert refusals(send(site, world, reporter, MAIN, *frames)) == []


@pytest.mark.parametrize("junk", [b"\x00", encode([int(MAIN), b"no frame"])], ids=["a byte", "no frame"])
def test_unreadable_items_are_counted(site: Site, world: World, reporter: Person, junk: bytes) -> None:
    """Items that cannot be read end a request, once there are 64; what came before them is stored."""
    first, *behind = [reporter.record() for _ in range(3)]
    many = 64
    body = world.hello(reporter) + reporter.upload(MAIN, first) + junk * many
    status, items = site.post("/v1/sync", body + b"".join(reporter.upload(MAIN, one) for one in behind))
    codes = [code for _, _, code in refusals(items)]
    assert (status, codes) == (200, [Refusal.MALFORMED] * many + [Refusal.QUOTA])
    assert receipts(items, site)[0].head == 1

    assert refusals(send(site, world, reporter, MAIN, *behind)) == []
    body = world.hello(reporter) + junk * (many - 1) + reporter.upload(MAIN, reporter.record())
    assert receipts(site.post("/v1/sync", body)[1], site)[0].head == 4


def test_four_million_items_of_a_byte_cost_little(site: Site, world: World, reporter: Person) -> None:
    """A request full of the smallest items is left unread: not a second of work, let alone a minute."""
    body = world.hello(reporter) + b"\x00" * (4 << 20)
    begin = time.process_time()
    assert site.post("/v1/sync", body)[0] == 200
    assert time.process_time() - begin < 1
