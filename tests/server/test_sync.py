"""Sync requests on every store: receipts, repeats, order, forks, voids, mail (docs/protocol.md §7, §9)."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sync.protocol.chain import Link, range_hash
from sync.protocol.errors import Refusal
from sync.protocol.ids import ADMIN, MAIN, SOURCES, FrameHash, Incarnation, Index
from sync.protocol.kinds import Key, Kind
from sync.protocol.log import Frontier, leaf_hash
from sync.protocol.messages import ContradictionItem, EndItem, ReceiptItem, RefusedItem, ReplyItem
from sync.protocol.receipts import covered
from tests.server.world import NOW_HOUR, Person, Site, World, mail, receipts, refusals, send


def stored(site: Site, world: World, lane: int = MAIN) -> list[bytes]:
    """Every frame of a lane, in feed order; the indexes have no gap."""
    with site.store.reading() as reader:
        rows = reader.feed(world.organisation, lane, 0, rows=10_000, size=1 << 30)  # type: ignore[arg-type]
    assert [row.index for row in rows] == list(range(len(rows)))
    return [row.raw for row in rows]


def test_receipt_covers_what_was_committed(site: Site, world: World, reporter: Person) -> None:
    """The receipt binds organisation, chain, head, indexes, tree and nonce, and covers every frame sent."""
    frames = [reporter.record() for _ in range(5)]
    items = send(site, world, reporter, MAIN, *frames)
    assert [type(item) for item in items] == [ReceiptItem, EndItem]
    (receipt,) = receipts(items, site)
    assert receipt.chain == reporter.chain(MAIN)
    assert (receipt.head, receipt.head_hash, receipt.beyond) == (5, frames[-1].hash, ())
    assert (receipt.first_index, receipt.count, receipt.size, receipt.hours) == (0, 5, 5, NOW_HOUR)
    assert covered(receipt, {frame.sequence: frame.hash for frame in frames}) == {1, 2, 3, 4, 5}
    assert stored(site, world) == [frame.raw for frame in frames]


def test_tree_is_that_of_the_feed(site: Site, world: World, reporter: Person) -> None:
    """The root in a receipt is the root over the leaves a reader computes from the feed."""
    frames = [reporter.record() for _ in range(7)]
    send(site, world, reporter, MAIN, *frames[:3])
    (receipt,) = receipts(send(site, world, reporter, MAIN, *frames[3:]), site)
    leaves = [leaf_hash(frame.hash, reporter.device, Index(index)) for index, frame in enumerate(frames)]
    assert (receipt.first_index, receipt.count, receipt.size) == (3, 4, 7)
    assert receipt.root == Frontier().extend(leaves).root()


def test_repeats_change_nothing(site: Site, world: World, reporter: Person) -> None:
    """The same frames again, in the same request or another, count as held and take no new position."""
    frames = [reporter.record() for _ in range(3)]
    send(site, world, reporter, MAIN, frames[0], frames[1], frames[0])
    items = send(site, world, reporter, MAIN, *frames, *frames)
    (receipt,) = receipts(items, site)
    assert refusals(items) == []
    assert (receipt.head, receipt.first_index, receipt.count, receipt.size) == (3, 2, 1, 3)
    assert stored(site, world) == [frame.raw for frame in frames]


def test_gaps_are_told_and_closed(site: Site, world: World, reporter: Person) -> None:
    """Frames beyond a gap are stored and listed with their range hash; filling the gap moves the head."""
    frames = [reporter.record() for _ in range(9)]
    (first,) = receipts(send(site, world, reporter, MAIN, frames[0], *frames[3:5], frames[6]), site)
    hashes = {frame.sequence: frame.hash for frame in frames}
    assert first.head == 1
    assert [(held.first, held.last) for held in first.beyond] == [(4, 5), (7, 7)]
    assert first.beyond[0].hash == range_hash(hashes, 4, 5)
    assert covered(first, hashes) == {1, 4, 5, 7}
    (second,) = receipts(send(site, world, reporter, MAIN, frames[1], frames[2], frames[4]), site)
    assert (second.head, [(held.first, held.last) for held in second.beyond]) == (5, [(7, 7)])
    (third,) = receipts(send(site, world, reporter, MAIN, *frames), site)
    assert (third.head, third.head_hash, third.beyond, third.size) == (9, frames[8].hash, (), 9)


def test_bare_hello_gets_one_receipt(site: Site, world: World, reporter: Person) -> None:
    """Nothing sent: one receipt for the first lane the hello names, empty or as it stands."""
    (empty,) = receipts(send(site, world, reporter, MAIN), site)
    assert (empty.chain, empty.head, empty.head_hash, empty.size) == (reporter.chain(MAIN), 0, bytes(32), 0)
    send(site, world, reporter, MAIN, reporter.record(), reporter.record())
    (held,) = receipts(send(site, world, reporter, MAIN), site)
    assert (held.head, held.count, held.size) == (2, 0, 2)


def test_one_receipt_a_chain(site: Site, world: World, reporter: Person) -> None:
    """A request over two lanes is answered by two receipts, and counts positions by lane."""
    main, sources = reporter.record(MAIN), reporter.record(SOURCES)
    body = world.hello(reporter) + reporter.upload(MAIN, main) + reporter.upload(SOURCES, sources)
    _, items = site.post("/v1/sync", body)
    assert [(one.chain.lane, one.head, one.size) for one in receipts(items, site)] == [(1, 1, 1), (2, 1, 1)]


def test_carried_frames(site: Site, world: World, reporter: Person) -> None:
    """A frame carried for somebody else is stored under its author, whose chain gets the receipt."""
    frame = reporter.record()
    body = world.hello(world.officer) + reporter.carried(MAIN, frame)
    status, items = site.post("/v1/sync", body)
    assert status == 200
    (receipt,) = receipts(items, site)
    assert (receipt.chain, receipt.head) == (reporter.chain(MAIN), 1)


def test_broken_body_commits_the_whole_items(site: Site, world: World, reporter: Person) -> None:
    """A body that breaks off anywhere leaves exactly the items that were complete."""
    frames = [reporter.record() for _ in range(3)]
    uploads = [reporter.upload(MAIN, frame) for frame in frames]
    cut_in = {"no upload": (0, -1), "second upload": (1, 40), "at a boundary": (2, 0)}
    for name, (complete, more) in cut_in.items():
        hello = world.hello(reporter)
        rest = b"" if complete == 3 else uploads[complete][:more] if more >= 0 else b""
        status, items = site.post("/v1/sync", hello + b"".join(uploads[:complete]) + rest, whole=False)
        assert status == 200, name
        assert refusals(items) == [], name
        assert stored(site, world) == [frame.raw for frame in frames[:complete]], name


def test_positions_have_no_gap_under_concurrency(site: Site, world: World) -> None:
    """Many devices at once: every frame once, indexes without gap, each device's frames in its order."""
    people = []
    for _ in range(8):
        keys, invite = world.invite()
        person = Person(world.organisation)
        send(site, world, world.officer, ADMIN, invite)
        send(site, world, person, ADMIN, world.join(person, keys))
        people.append(person)
    batches = [[person.record() for _ in range(12)] for person in people]
    bodies = [
        world.hello(person) + b"".join(person.upload(MAIN, frame) for frame in batch[at : at + 3])
        for at in range(0, 12, 3)
        for person, batch in zip(people, batches, strict=True)
    ]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda body: site.post("/v1/sync", body), bodies))
    assert all(status == 200 and refusals(items) == [] for status, items in replies)
    found = stored(site, world)
    assert sorted(found) == sorted(frame.raw for batch in batches for frame in batch)
    ranges = sorted((one.first_index, one.count) for _, items in replies for one in receipts(items, site))
    assert [first for first, _ in ranges] == list(range(0, 96, 3))


def test_fork_is_kept_and_reported(site: Site, world: World, reporter: Person) -> None:
    """A second valid frame of a sequence is refused; two are kept as evidence; nothing is replaced."""
    send(site, world, reporter, MAIN, reporter.record(), reporter.record())
    honest = stored(site, world)
    for attempt in range(4):
        clone = Person(world.organisation, key=reporter.key, incarnation=reporter.incarnation)
        forged = clone.record()
        items = send(site, world, reporter, MAIN, forged, forged)
        assert refusals(items) == [(1, 1, Refusal.FORK)] * 2, attempt
        assert [one.head for one in receipts(items, site)] == [2]
    assert stored(site, world) == honest
    with site.store.reading() as reader:
        (state,) = [one for one in reader.chains(world.organisation, reporter.device) if one.lane == MAIN]
        assert len(reader.evidence(world.organisation, state.number)) == 2


@pytest.mark.parametrize("held", ["the frame before", "the frame after"])
def test_frame_that_does_not_follow_is_a_fork(site: Site, world: World, reporter: Person, held: str) -> None:
    """A previous hash that is not the hash of the frame held there contradicts it, whichever came first."""
    first, second = reporter.record(), reporter.record()
    clone = Person(world.organisation, key=reporter.key, incarnation=reporter.incarnation)
    other_first, other_second = clone.record(), clone.record()
    kept, refused = (first, other_second) if held == "the frame before" else (second, other_first)
    send(site, world, reporter, MAIN, kept)
    items = send(site, world, reporter, MAIN, refused)
    assert [code for _, _, code in refusals(items)] == [Refusal.FORK]
    assert stored(site, world) == [kept.raw]


def proofs(items: list[ReplyItem]) -> list[tuple[int, bytes]]:
    """Lane and frame of every proof of a fork."""
    return [(item.lane, item.frame) for item in items if isinstance(item, ContradictionItem)]


@pytest.mark.parametrize("held", ["the frame there", "the frame before", "the frame after", "the void"])
def test_a_fork_is_proven_to_its_sender(site: Site, world: World, reporter: Person, held: str) -> None:
    """With the refusal, and before it, comes the very frame that was contradicted."""
    first, second = reporter.record(), reporter.record()
    kept, refused = {
        "the frame there": ([first, second], 1),
        "the frame before": ([first], 1),
        "the frame after": ([second], 0),
        "the void": ([first, reporter.void(MAIN, second)], 1),
    }[held]
    send(site, world, reporter, MAIN, *kept)
    clone = Person(world.organisation, key=reporter.key, incarnation=reporter.incarnation)
    other = [clone.record(), clone.record()]
    if held == "the void":
        clone.heads[MAIN] = (1, first.hash)
        other[1] = clone.record()
    items = send(site, world, reporter, MAIN, other[refused])
    assert proofs(items) == [(MAIN, kept[-1].raw)]
    assert refusals(items) == [(MAIN, refused + 1, Refusal.FORK)]
    kinds = [type(item) for item in items]
    assert kinds.index(ContradictionItem) < kinds.index(RefusedItem)


def test_a_fork_is_proven_once_a_chain_and_to_nobody_else(site: Site, world: World, reporter: Person) -> None:
    """Each further frame of a chain in one request is only refused; who carries it is shown nothing."""
    send(site, world, reporter, MAIN, reporter.record())
    clone = Person(world.organisation, key=reporter.key, incarnation=reporter.incarnation)
    frames = [clone.record(), clone.record()]
    items = send(site, world, reporter, MAIN, *frames)
    assert len(proofs(items)) == 1
    assert [code for _, _, code in refusals(items)] == [Refusal.FORK] * 2
    _, items = site.post("/v1/sync", world.hello(world.officer) + clone.carried(MAIN, frames[0]))
    assert proofs(items) == []


def test_void_closes_a_sequence(site: Site, world: World, reporter: Person) -> None:
    """A void counts its sequence as held with the voided hash, so the head passes it."""
    first, lost = reporter.record(), reporter.record()
    void = reporter.void(MAIN, lost)
    items = send(site, world, reporter, MAIN, first, void)
    (receipt,) = receipts(items, site)
    assert (receipt.head, receipt.head_hash, receipt.size) == (3, void.hash, 2)
    after = reporter.record()
    (again,) = receipts(send(site, world, reporter, MAIN, void, after, lost), site)
    assert (again.head, again.size) == (4, 3)


def test_void_of_what_is_held_changes_nothing(site: Site, world: World, reporter: Person) -> None:
    """A void that names a frame the server has after all leaves it where it is."""
    first, second = reporter.record(), reporter.record()
    void = reporter.void(MAIN, first)
    (receipt,) = receipts(send(site, world, reporter, MAIN, first, second, void), site)
    assert (receipt.head, receipt.size) == (3, 3)
    assert stored(site, world) == [first.raw, second.raw, void.raw]


@pytest.mark.parametrize("change", [{"hash": FrameHash(b"h" * 32)}, {"previous": FrameHash(b"p" * 32)}])
def test_void_that_contradicts_is_refused_whole(
    site: Site, world: World, reporter: Person, change: dict[str, FrameHash]
) -> None:
    """A void whose voided hash contradicts its neighbour changes nothing; nor one that follows another."""
    first, lost = reporter.record(), reporter.record()
    send(site, world, reporter, MAIN, first)
    link = replace(Link(lost.hash, lost.previous), **change)
    closing = {Key.VOIDED: 2, Key.VOIDED_HASH: link.hash, Key.REASON: 5, Key.VOIDED_PREVIOUS: link.previous}
    wrong = reporter.write(MAIN, Kind.VOID, closing)
    assert refusals(send(site, world, reporter, MAIN, wrong)) == [(1, 3, Refusal.FORK)]
    (receipt,) = receipts(send(site, world, reporter, MAIN), site)
    assert (receipt.head, receipt.beyond, receipt.size) == (1, (), 1)


def test_frame_for_a_voided_sequence_with_another_hash_is_a_fork(
    site: Site, world: World, reporter: Person
) -> None:
    """What was closed cannot be filled by another frame."""
    first, lost = reporter.record(), reporter.record()
    void = reporter.void(MAIN, lost)
    send(site, world, reporter, MAIN, first, void)
    clone = Person(world.organisation, key=reporter.key, incarnation=reporter.incarnation)
    clone.heads[MAIN] = (1, first.hash)
    assert refusals(send(site, world, reporter, MAIN, clone.record())) == [(1, 2, Refusal.FORK)]


def test_new_incarnation_is_a_new_chain(site: Site, world: World, reporter: Person) -> None:
    """A device begins at sequence 1 again under a new incarnation, and neither chain touches the other."""
    send(site, world, reporter, MAIN, reporter.record())
    again = Person(world.organisation, key=reporter.key, incarnation=Incarnation(os.urandom(8)))
    (receipt,) = receipts(send(site, world, again, MAIN, again.record()), site)
    assert (receipt.head, receipt.size, receipt.chain.incarnation) == (1, 2, again.incarnation)


def test_mail_is_copied_and_read_from_the_cursor(site: Site, world: World, reporter: Person) -> None:
    """A frame with `to` reaches that device's mailbox once, and is given from the cursor on."""
    header = {
        Key.TO: reporter.device,
        Key.INCARNATION: reporter.incarnation,
        Key.RANGES: [[1, 1]],
        Key.PROOF: os.urandom(32),
    }
    frames = [world.officer.write(MAIN, Kind.ACKNOWLEDGEMENT, header) for _ in range(3)]
    send(site, world, world.officer, MAIN, *frames)
    send(site, world, world.officer, MAIN, *frames)
    _, items = site.post("/v1/sync", world.hello(reporter))
    assert [(one.mail_index, one.index, one.frame) for one in mail(items)] == [
        (index, index, frame.raw) for index, frame in enumerate(frames)
    ]
    assert {(one.device, one.incarnation, one.lane) for one in mail(items)} == {
        (world.officer.device, world.officer.incarnation, 1)
    }
    _, later = site.post("/v1/sync", world.hello(reporter, mail_cursor=2))
    assert [one.mail_index for one in mail(later)] == [2]
    _, theirs = site.post("/v1/sync", world.hello(world.officer))
    assert mail(theirs) == []


def test_reply_limit_cuts_and_says_so(site: Site, world: World, reporter: Person) -> None:
    """A small reply limit gives one optional item at least and says that more waits."""
    header = {
        Key.TO: reporter.device,
        Key.INCARNATION: reporter.incarnation,
        Key.RANGES: [[1, 1]],
        Key.PROOF: os.urandom(32),
    }
    send(
        site,
        world,
        world.officer,
        MAIN,
        *(world.officer.write(MAIN, Kind.ACKNOWLEDGEMENT, header) for _ in range(4)),
    )
    cursor, turns = 0, 0
    while True:
        _, items = site.post("/v1/sync", world.hello(reporter, mail_cursor=cursor, reply_limit=1))
        end = items[-1]
        assert isinstance(end, EndItem)
        got = mail(items)
        assert len(got) == 1
        cursor, turns = got[-1].mail_index + 1, turns + 1
        if not end.more:
            break
    assert (cursor, turns) == (4, 4)


def test_quotas(site: Site, world: World, reporter: Person) -> None:
    """A pending device is held to the small quota; a certificate lifts it; the refusal is temporary."""
    small = site.settings.pending_frames - 1
    frames = [reporter.record() for _ in range(small + 1)]
    items = send(site, world, reporter, MAIN, *frames)
    assert refusals(items) == [(1, small + 1, Refusal.QUOTA)]
    with site.store.reading() as reader:
        member = reader.member(world.organisation, reporter.device)
    assert member is not None
    header = {
        Key.TO: reporter.device,
        Key.INVITE: os.urandom(16),
        Key.ROLE: 1,
        Key.PUBLIC_KEY: reporter.key.public,
        Key.JOIN_HASH: member.join_hash,
    }
    send(site, world, world.officer, ADMIN, world.officer.write(ADMIN, Kind.CERTIFICATE, header))
    assert refusals(send(site, world, reporter, MAIN, frames[-1])) == []


def test_chains_of_a_device_are_counted(site: Site, world: World, reporter: Person) -> None:
    """New incarnations without end are refused."""
    codes = []
    for _ in range(site.settings.member_chains + 1):
        fresh = Person(world.organisation, key=reporter.key)
        codes += refusals(send(site, world, fresh, MAIN, fresh.record()))
    assert codes == [(1, 1, Refusal.QUOTA)] * 2  # the join's chain in the admin lane counts too
