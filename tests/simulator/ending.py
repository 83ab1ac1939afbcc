"""What must be true after everybody has exchanged in peace: the set check, forks told, no false alarm."""

from __future__ import annotations

from typing import Final

from fieldkit.model.ids import RevisionId
from fieldkit.model.state import State
from sync.protocol.directory import Directory, parse_directory
from sync.protocol.errors import Refusal
from sync.protocol.frames import parse
from sync.protocol.ids import MAIN, Device
from sync.protocol.root import parse_root
from sync.server.stores.base import DocumentKind
from tests.simulator.checks import check_nothing_invented, holds, parts_of, told
from tests.simulator.events import Act
from tests.simulator.laptop import Laptop
from tests.simulator.truth import Violation
from tests.simulator.world import World

UNTIDY: Final = frozenset({Act.LEAVE, Act.CLOCK})
"""Acts after which a frame may be refused, and so be a gap: its author left, or an invite expired."""


def check_end(world: World) -> int:
    """Check everything; returns how many words the set check was made for."""
    for laptop in world.laptops.values():
        check_nothing_invented(laptop, world.truth)
        _check_list(laptop)
    directory = _directory(world)
    if world.rolled_back and world.laptops["chief"].doubtful:
        return 0
    if world.rolled_back:
        _check_whole(world, directory)
    for laptop in world.laptops.values():
        if laptop.doubtful and not laptop.mute:
            _check_forks(world, laptop)
    if not (world.rolled_back or any(laptop.doubtful for laptop in world.laptops.values())):
        _check_calm(world)
    return _set_check(world, directory)


def _check_whole(world: World, directory: Directory) -> None:
    """After a server was put back, every reader follows its log again."""
    for laptop in world.laptops.values():
        reads = directory.reads(laptop.device, MAIN) and not (laptop.mute or laptop.doubtful)
        if reads and (lanes := laptop.vault.generations.set_back()):
            raise Violation(f"{laptop.name} finds the log set back in the end: {lanes[0]}")


def _directory(world: World) -> Directory:
    """The newest directory on the server's disk."""
    with world.server.store.reading() as reader:
        raw = reader.newest(world.truth.organisation, DocumentKind.DIRECTORY)
        root = reader.newest(world.truth.organisation, DocumentKind.ROOT)
    assert raw is not None and root is not None
    return parse_directory(raw.raw, parse_root(root.raw)).directory


def _set_check(world: World, directory: Directory) -> int:
    """Everything laptops finished, copies and those put back too, is with every entitled coordinator, once.

    A term that one copy of a coordinator began is not known to the other, who cannot grant it to itself, nor
    to anybody else (docs/adr/0013).
    """
    blind = any(event.act is Act.ROTATE for event in world.history.events)
    lost = blind and any(laptop.doubtful for laptop in world.laptops.values())
    able = [
        laptop
        for laptop in world.laptops.values()
        if not (laptop.mute or (laptop.doubtful and world.rolled_back))
        and _is_member(world, directory, laptop)
    ]
    readers = [
        laptop
        for laptop in able
        if directory.reads(laptop.device, MAIN)
        and not (laptop.doubtful and blind)
        and not (lost and _lacks_a_term(laptop, directory))
    ]
    checked = 0
    for laptop in able:
        _check_shown(laptop, {one.device for one in readers} - {laptop.device}, directory)
        for reader in readers:
            _check_union(laptop, reader)
        checked += len(laptop.memory.words)
    return checked


def _lacks_a_term(reader: Laptop, directory: Directory) -> bool:
    """Whether nobody could give it the key of a lane it reads."""
    held = {(seed.lane, seed.term) for seed in reader.vault.keys.lane_seeds()}
    read = [entry for entry in directory.lanes if directory.reads(reader.device, entry.lane)]
    return any((entry.lane, entry.term) not in held for entry in read)


def _is_member(world: World, directory: Directory, laptop: Laptop) -> bool:
    """Whether the server took its join: only then could it send anything."""
    with world.server.store.reading() as reader:
        joined = reader.member(world.truth.organisation, laptop.device) is not None
    return joined or directory.coordinator(laptop.device) is not None


def _check_shown(author: Laptop, others: set[Device], directory: Directory) -> None:
    """A laptop shows everything as received; as delivered, where enough others read."""
    expected = State.DELIVERED if len(others) >= directory.delivered_by else State.RECEIVED
    for word in author.memory.words:
        state = author.vault.delivery.state_of(RevisionId(word.revision), delivered_by=directory.delivered_by)
        if author.doubtful and state is State.RECEIVED:
            continue  # one acknowledgement may name frames of both copies, and prove them to neither
        if state not in (expected, State.DELIVERED):
            raise Violation(f"{author.name}'s {word.narrative!r} is {state} in the end, expected {expected}")


def _check_union(author: Laptop, reader: Laptop) -> None:
    """Every word of a laptop stands in a vault exactly once, and in its own report."""
    parts = parts_of(reader)
    said = [told(lanes[MAIN]) for lanes in parts.values() if MAIN in lanes]
    for word in author.memory.words:
        if not holds(parts, word):
            raise Violation(f"{reader.name} does not hold {author.name}'s {word.narrative!r} in the end")
        if said.count(word.narrative) != 1:
            raise Violation(f"{reader.name} holds {word.narrative!r} {said.count(word.narrative)} times")
        where = reader.vault.revisions.load(RevisionId(word.revision)).incident
        if where != word.incident:
            raise Violation(f"{reader.name} files {author.name}'s {word.narrative!r} under another report")


def _check_list(laptop: Laptop) -> None:
    """The list shows every revision once."""
    (held,) = laptop.database.rows("SELECT count(*) FROM revision")
    listed = sum(line.revisions for line in laptop.vault.records.page(limit=1_000))
    if listed != held[0]:
        raise Violation(f"{laptop.name} lists {listed} revisions of {held[0]}")


def _check_forks(world: World, laptop: Laptop) -> None:
    """Where the server holds another frame than this copy wrote, the copy says so, and proof is kept."""
    if laptop.vault.copies.due():
        raise Violation(f"{laptop.name} goes on in a chain that another copy uses, in the end")
    held = _held_by_server(world, laptop.device)
    rows = laptop.database.rows("SELECT lane, incarnation, sequence, hash, received, refused FROM frame")
    lost = [row for row in rows if held.get(row[:3], row[3]) != row[3]]
    for lane, incarnation, sequence, _, received, refused in lost:
        place = f"{laptop.name}'s frame {sequence} of lane {lane}, of which the server holds another version,"
        if received is not None:
            raise Violation(f"{place} is shown as received")
        if refused == Refusal.FORK and not _proof(world, laptop.device, lane, incarnation):
            raise Violation(f"{place} was refused, and the server kept no proof")
    if lost and not (laptop.warned or laptop.vault.outbox.stuck()):
        raise Violation(f"{laptop.name} lost a fork and its owner was told nothing")


def _held_by_server(world: World, device: Device) -> dict[tuple[int, bytes, int], bytes]:
    """Hash by (lane, incarnation, sequence) of a device's frames."""
    feeds = world.server.store.durable[world.truth.organisation].feeds
    return {
        (lane, entry.incarnation, parse(entry.raw).sequence): parse(entry.raw).hash
        for lane, feed in feeds.items()
        for entry in feed.values()
        if entry.device == device
    }


def _proof(world: World, device: Device, lane: int, incarnation: bytes) -> bool:
    """Whether the server kept a contradicting frame of a chain."""
    held = world.server.store.durable[world.truth.organisation]
    numbers = [
        number
        for number, (owner, state) in held.chains.items()
        if (owner, state.lane, state.incarnation) == (device, lane, incarnation)
    ]
    return any(held.evidence.get(number) for number in numbers)


def _check_calm(world: World) -> None:
    """Without copies and backups nobody is accused of anything, and nothing is missing anywhere."""
    tidy = not any(event.act in UNTIDY for event in world.history.events)
    for laptop in world.laptops.values():
        vault = laptop.vault
        if found := vault.evidence.all():
            raise Violation(f"{laptop.name} accuses somebody of: {found[0].detail}")
        if tidy and (gaps := vault.inbox.gaps()):
            raise Violation(f"{laptop.name} misses frames: {gaps[0]}")
        if tidy and (refused := vault.inbox.refused()):
            raise Violation(f"{laptop.name} refused a frame: {refused[0].reason}")
        if tidy and (stuck := vault.outbox.stuck()):
            raise Violation(f"{laptop.name} has a record that will not arrive: {stuck[0]}")
