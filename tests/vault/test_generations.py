"""Lanes whose log was set back, and how the vault goes over to another generation (docs/protocol.md §7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.vault.evidence import Finding
from fieldkit.vault.generations import SetBack
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.vault import Vault
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import build
from sync.protocol.generations import Restart
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Chain, Generation, Incarnation, Lane, device_id
from sync.protocol.kinds import Kind
from sync.protocol.log import EMPTY_ROOT
from sync.protocol.messages import GenerationItem
from sync.protocol.root import parse_root
from sync.protocol.signing import SigningKey
from tests.client.laptop import make_frames
from tests.vault.test_feeds import DEVICE, GENERATION, checkpoint, item, keep, tree
from tests.vault.world import NOW, ORGANISATION, World

TWO, THREE = Generation(b"second--"), Generation(b"third---")
ELSEWHERE = Incarnation(b"elsewher")


def step(key: SigningKey, ends: Generation, begins: Generation, lane: Lane = MAIN) -> GenerationItem:
    """A generation frame as the server hands it out."""
    device = device_id(key.public)
    chain = Chain(organisation=ORGANISATION, lane=ADMIN, device=device, incarnation=ELSEWHERE)
    said = Restart(lane=lane, ends=ends, size=9, root=bytes(32), begins=begins)
    frame = build(chain, key, Kind.GENERATION, {1: 1, 2: bytes(32), **said.header()})  # type: ignore[dict-item]
    return GenerationItem(device=device, incarnation=ELSEWHERE, frame=frame.raw)


def adopt(vault: Vault, world: World) -> bytes:
    """Take the first documents; the root."""
    root = world.root()
    vault.documents.adopt([root], parse_root(root).hash, world.directory(root=root), now=NOW)
    return root


def pulled(vault: Vault, *items: object, size: int) -> None:
    """A page with its checkpoint, as an exchange stores it."""
    keep(vault, *items, told=checkpoint(size))  # type: ignore[arg-type]
    vault.generations.judge(checkpoint(size))


def test_a_smaller_log_is_remembered_until_it_is_whole(vault: Vault) -> None:
    """Noted once told; a checkpoint that agrees with the whole tree here takes it back."""
    pulled(vault, *map(item, range(5)), size=5)
    assert vault.generations.set_back() == []
    keep(vault, told=checkpoint(3))
    vault.generations.note(MAIN, 3)
    assert vault.generations.set_back() == [SetBack(lane=MAIN, held=5, given=3)]
    vault.generations.judge(checkpoint(3))
    assert vault.generations.set_back() == [SetBack(lane=MAIN, held=5, given=3)]
    pulled(vault, size=5)
    assert vault.generations.set_back() == []


def test_a_log_that_grew_again_otherwise_is_noted(vault: Vault) -> None:
    """Longer than before, and not the one pulled."""
    pulled(vault, *map(item, range(3)), size=3)
    other = checkpoint(5, tree(4).root())
    keep(vault, item(3), item(4), told=other)
    vault.generations.judge(other)
    assert vault.generations.set_back() == [SetBack(lane=MAIN, held=5, given=5)]


def test_what_a_coordinator_signs(vault: Vault) -> None:
    """How far the tree was verified here, and under which generation; nothing pulled is an empty tree."""
    pulled(vault, *map(item, range(4)), size=4)
    said = vault.generations.restart(MAIN, TWO)
    assert (said.ends, said.size, said.root, said.begins) == (GENERATION, 4, tree(4).root(), TWO)
    nothing = vault.generations.restart(SOURCES, TWO)
    assert (nothing.size, nothing.root) == (0, EMPTY_ROOT)


def test_going_over_keeps_everything(vault: Vault, world: World) -> None:
    """The cursor begins anew, what was held stays, and what was settled is not read again."""
    pulled(vault, *map(item, range(4)), size=4)
    vault.generations.note(MAIN, 2)
    first, second, *_ = vault.inbox.entries(MAIN, EntryState.NEW)
    vault.inbox.settle([(first.id, EntryState.OPENED, ""), (second.id, EntryState.REFUSED, "why")])
    adopt(vault, world)
    steps = [step(world.coordinator, GENERATION, TWO), step(world.coordinator, TWO, THREE)]
    vault.generations.take(steps, checkpoint(2, generation=THREE), at=NOW)
    assert (vault.feeds.cursor(ORGANISATION, MAIN), vault.generations.set_back()) == ((THREE, 0), [])
    (found,) = vault.evidence.all()
    assert (found.kind, found.raw) == (Finding.RESTART, steps[-1].frame)
    assert "4 entries were pulled before, the server has 2 now" in found.detail
    keep(vault, item(0), item(1), told=checkpoint(2, generation=THREE))
    vault.generations.settle_known(MAIN, 0)
    asked = "SELECT state FROM feed_entry WHERE generation = ? ORDER BY position"
    states = vault._database.rows(asked, (THREE,))
    assert states == [(EntryState.OPENED,), (EntryState.NEW,)]
    assert vault._database.rows("SELECT count(*) FROM feed_entry") == [(6,)]


def test_who_never_held_anything_takes_what_there_is(vault: Vault, world: World) -> None:
    """A newcomer has nothing that could be taken away, and who signed then may have left since."""
    adopt(vault, world)
    gone = [step(SigningKey.generate(), GENERATION, TWO)]
    vault.generations.take(gone, checkpoint(3, generation=TWO), at=NOW)
    assert (vault.feeds.cursor(ORGANISATION, MAIN), vault.evidence.all()) == ((TWO, 0), [])
    keep(vault, item(0))
    with pytest.raises(ProtocolError):
        vault.generations.take(gone, checkpoint(3, generation=THREE), at=NOW)


@pytest.mark.parametrize(
    "what", ["stranger", "no officer", "forged", "gap", "other lane", "other end", "kind"]
)
def test_whom_it_does_not_believe(vault: Vault, world: World, what: str) -> None:
    """Only officers of the newest directory, frame by frame from the generation held to the one stated."""
    pulled(vault, item(0), size=1)
    root = adopt(vault, world)
    good = step(world.coordinator, GENERATION, TWO)
    crooked = {
        "stranger": step(world.laptop, GENERATION, TWO),
        "no officer": good,
        "forged": replace(step(world.laptop, GENERATION, TWO), device=good.device),
        "gap": step(world.coordinator, THREE, TWO),
        "other lane": step(world.coordinator, GENERATION, TWO, SOURCES),
        "other end": step(world.coordinator, GENERATION, THREE),
        "kind": replace(good, frame=good.frame.replace(b"\x84\x14", b"\x84\x0f", 1)),
    }[what]
    if what == "no officer":
        vault.documents.keep([], world.directory(2, root=root, roles=0), now=NOW)
    with pytest.raises(ProtocolError) as caught:
        vault.generations.take([crooked], checkpoint(1, generation=TWO), at=NOW)
    expected = {"stranger": Refusal.NOT_PERMITTED, "no officer": Refusal.NOT_PERMITTED}
    expected |= {"forged": Refusal.SIGNATURE, "gap": Refusal.GENERATION, "other end": Refusal.GENERATION}
    assert caught.value.code is expected.get(what, caught.value.code)
    assert (vault.feeds.cursor(ORGANISATION, MAIN), vault.evidence.all()) == ((GENERATION, 1), [])


def test_what_the_new_generation_lacks_is_offered_once(vault: Vault, world: World) -> None:
    """Frames of others, each once, as they came; not what did not hold; nothing after it was done."""
    raws = [replace(item(place), frame=one.raw) for place, one in enumerate(make_frames(1, 4))]
    keep(vault, *raws)
    bad = vault.inbox.entries(MAIN, EntryState.NEW)[3]
    vault.inbox.settle([(bad.id, EntryState.REFUSED, "why")])
    adopt(vault, world)
    assert vault.generations.missing(MAIN) == []
    begun = checkpoint(1, generation=TWO)
    vault.generations.take([step(world.coordinator, GENERATION, TWO)], begun, at=NOW)
    keep(vault, replace(raws[1], index=0))
    missing = vault.generations.missing(MAIN)
    assert [(one.raw, one.sequence, one.device) for one in missing] == [
        (raws[0].frame, 1, DEVICE),
        (raws[2].frame, 3, DEVICE),
    ]
    vault.generations.offered(MAIN)
    assert vault.generations.missing(MAIN) == []
