"""Lanes set back on the server: noticed, remembered, begun anew only where an officer signed for it (§7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.vault.generations import SetBack
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.vault import Vault
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import build
from sync.protocol.generations import Restart
from sync.protocol.ids import ADMIN, MAIN, NO_HASH, SOURCES, Chain, Generation, Incarnation, device_id
from sync.protocol.kinds import Key, Kind
from sync.protocol.log import EMPTY_ROOT
from sync.protocol.messages import GenerationItem
from sync.protocol.root import parse_root
from sync.protocol.signing import SigningKey
from tests.vault.test_feeds import GENERATION, checkpoint, item, keep, tree
from tests.vault.world import NOW, ORGANISATION, World, seal_all, write

RUN = Incarnation(b"c" * 8)
SECOND, THIRD = Generation(b"second.."), Generation(b"third...")


@pytest.fixture
def pulled(vault: Vault, world: World) -> Vault:
    """A vault that knows who is an officer, and holds four entries of the main lane."""
    root = world.root()
    vault.documents.adopt([root], parse_root(root).hash, world.directory(root=root), now=NOW)
    keep(vault, *(item(n) for n in range(4)), told=checkpoint(4))
    return vault


def signed(key: SigningKey, said: Restart) -> GenerationItem:
    """A generation frame as the server gives it."""
    device = device_id(key.public)
    chain = Chain(organisation=ORGANISATION, lane=ADMIN, device=device, incarnation=RUN)
    header = {Key.SEQUENCE: 1, Key.PREVIOUS: NO_HASH, **said.header()}
    frame = build(chain, key, Kind.GENERATION, header)
    return GenerationItem(device=device, incarnation=RUN, frame=frame.raw)


def test_what_was_verified_is_what_a_restart_says(pulled: Vault) -> None:
    """How far the tree was computed here, with its root; of a lane never pulled, nothing."""
    assert pulled.generations.restart(MAIN, SECOND) == Restart(
        lane=MAIN, ends=GENERATION, size=4, root=tree(4).root(), begins=SECOND
    )
    other = pulled.generations.restart(SOURCES, SECOND)
    assert (other.size, other.root) == (0, EMPTY_ROOT)


def test_a_lane_set_back_is_remembered(pulled: Vault) -> None:
    """Fewer entries, none at all, or another root; a checkpoint that agrees with all of it ends it."""
    generations = pulled.generations
    assert generations.set_back() == []
    generations.note(MAIN, 0)
    assert generations.set_back() == [SetBack(lane=MAIN, held=4, given=0)]
    generations.note(SOURCES, 7)
    generations.note(MAIN, 3)
    assert generations.set_back() == [
        SetBack(lane=MAIN, held=4, given=3), SetBack(lane=SOURCES, held=0, given=7),
    ]  # fmt: skip
    keep(pulled, told=checkpoint(3))
    generations.judge(checkpoint(3))
    assert len(generations.set_back()) == 2
    generations.judge(checkpoint(4))
    assert generations.set_back() == [SetBack(lane=SOURCES, held=0, given=7)]


def test_another_root_is_a_log_set_back(pulled: Vault) -> None:
    """As many entries, but not these; a checkpoint that nobody compared says nothing."""
    other = checkpoint(4, root=bytes(32))
    pulled.generations.judge(other)
    assert pulled.generations.set_back() == []
    keep(pulled, told=other)
    pulled.generations.judge(other)
    assert pulled.generations.set_back() == [SetBack(lane=MAIN, held=4, given=4)]


def test_an_officer_lets_a_lane_begin_anew(pulled: Vault, world: World) -> None:
    """Step by step to the generation of the checkpoint; then it is pulled from its beginning, and told."""
    pulled.generations.note(MAIN, 2)
    first = pulled.generations.restart(MAIN, SECOND)
    items = [signed(world.coordinator, one) for one in (first, replace(first, ends=SECOND, begins=THIRD))]
    pulled.generations.take(items, checkpoint(0, generation=THIRD), at=NOW)
    assert pulled.feeds.cursor(ORGANISATION, MAIN) == (THIRD, 0)
    assert pulled.generations.set_back() == []
    (found,) = pulled.evidence.all()
    assert (found.lane, found.device, found.raw) == (MAIN, items[-1].device, items[-1].frame)
    assert "4 entries were pulled before, the server has 0 now" in found.detail


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("a stranger", Refusal.NOT_PERMITTED),
        ("another lane", Refusal.MALFORMED),
        ("another beginning", Refusal.GENERATION),
        ("another end", Refusal.GENERATION),
        ("a forged signature", Refusal.SIGNATURE),
    ],
)
def test_nobody_else_does(pulled: Vault, world: World, case: str, code: Refusal) -> None:
    """Whatever does not lead from what is held to what is stated changes nothing."""
    said = pulled.generations.restart(MAIN, SECOND)
    one = signed(world.laptop if case == "a stranger" else world.coordinator, said)
    if case == "another lane":
        one = signed(world.coordinator, replace(said, lane=SOURCES))
    if case == "another beginning":
        one = signed(world.coordinator, replace(said, ends=THIRD))
    if case == "a forged signature":
        one = replace(signed(world.laptop, said), device=one.device)
    stated = THIRD if case == "another end" else SECOND
    with pytest.raises(ProtocolError) as refused:
        pulled.generations.take([one], checkpoint(0, generation=stated), at=NOW)
    assert refused.value.code == code
    assert pulled.feeds.cursor(ORGANISATION, MAIN) == (GENERATION, 4)
    assert pulled.evidence.all() == []


def test_what_is_missing_is_offered_once(pulled: Vault, world: World) -> None:
    """Frames of others that the new generation lacks, in their order, each once; own and refused ones not."""
    write(pulled, world, "mine")
    seal_all(pulled, world)
    frames = [frame.raw for frame in pulled.delivery.pending(10**6) if frame.lane == MAIN]
    others = [replace(item(4 + n), frame=raw, device=item(0).device) for n, raw in enumerate(frames)]
    mine = replace(item(6), frame=frames[0], device=world.device)
    keep(pulled, *others, mine)
    entries = pulled.inbox.entries(MAIN, EntryState.NEW)
    pulled.inbox.settle([(entry.id, EntryState.REFUSED, "no") for entry in entries[:4]])
    assert pulled.generations.missing(MAIN) == []

    said = pulled.generations.restart(MAIN, SECOND)
    pulled.generations.take([signed(world.coordinator, said)], checkpoint(0, generation=SECOND), at=NOW)
    missing = pulled.generations.missing(MAIN)
    assert [(frame.raw, frame.sequence) for frame in missing] == [(frames[0], 1), (frames[1], 2)]
    assert {(frame.lane, frame.device) for frame in missing} == {(MAIN, item(0).device)}
    keep(pulled, replace(item(0), frame=frames[1]))
    assert [frame.raw for frame in pulled.generations.missing(MAIN)] == frames[:1]
    pulled.generations.offered(MAIN)
    assert pulled.generations.missing(MAIN) == []


def test_what_was_read_before_is_not_read_again(pulled: Vault, world: World) -> None:
    """The same frame of the same author, settled under an earlier generation; from a position on."""
    entries = pulled.inbox.entries(MAIN, EntryState.NEW)
    states = (EntryState.OPENED, EntryState.HANDLED, EntryState.AWAITING_KEY)
    pulled.inbox.settle([(entry.id, state, "") for entry, state in zip(entries, states, strict=False)])
    said = pulled.generations.restart(MAIN, SECOND)
    pulled.generations.take([signed(world.coordinator, said)], checkpoint(0, generation=SECOND), at=NOW)
    again = [replace(item(position), frame=f"frame {n}".encode()) for position, n in enumerate((3, 0, 2, 1))]
    keep(pulled, *again, replace(item(4, "frame 0"), device=world.device), item(5, "frame 9"))
    pulled.generations.settle_known(MAIN, 2)
    states_now = {
        int(position): EntryState(state)
        for position, state in pulled._database.rows(
            "SELECT position, state FROM feed_entry WHERE generation = ? ORDER BY position", (SECOND,)
        )
    }
    assert states_now == {n: EntryState.NEW for n in (0, 1, 2, 4, 5)} | {3: EntryState.HANDLED}
    pulled.generations.settle_known(MAIN, 0)
    assert [entry.position for entry in pulled.inbox.entries(MAIN, EntryState.NEW)][-4:] == [0, 2, 4, 5]
