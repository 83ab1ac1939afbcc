"""Logs made for one reader, and lanes that begin anew on nobody's word (docs/protocol.md §7, §11)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fieldkit.actions import exchange
from fieldkit.actions.enrol import device_key
from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.frames import build
from sync.protocol.generations import Restart
from sync.protocol.ids import (
    ADMIN,
    MAIN,
    NO_HASH,
    Chain,
    Device,
    FrameHash,
    Generation,
    Incarnation,
    Index,
    Organisation,
    device_id,
    first_generation,
    sha256,
)
from sync.protocol.kinds import Key, Kind
from sync.protocol.log import EMPTY_ROOT, leaf_hash
from sync.protocol.messages import CheckpointItem, FeedItem, GenerationItem, ReplyItem
from sync.protocol.signing import SigningKey
from tests.hostile.scene import Scene
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.feeds import checkpoints
from tests.hostile.scripts.pulls import (
    HOLDS_NOT,
    OTHER,
    lane_of,
    lie,
    of_main,
    pulled,
    resigned,
    tree_before,
)
from tests.hostile.scripts.said import error, hint
from tests.hostile.villain import Asked, Deed

RESTART = "fieldkit/vault/generations.py::Generations._verified"
TREE = "fieldkit/vault/feeds.py::Feeds._judge"


def another_log(change: Callable[[Asked, list[FeedItem]], list[FeedItem]]) -> Deed:
    """Other entries of the main lane, numbered without a gap, under a checkpoint of just that log."""

    def changed(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
        true = of_main(items)
        if not true:
            return items
        first = true[0].index
        mine = [replace(item, index=Index(first + place)) for place, item in enumerate(change(asked, true))]
        tree = tree_before(asked, first).extend(
            leaf_hash(FrameHash(sha256(item.frame)), item.device, Index(item.index)) for item in mine
        )
        out: list[ReplyItem] = []
        for item in items:
            if isinstance(item, CheckpointItem) and lane_of(asked, item) == MAIN:
                told = resigned(
                    asked, item.checkpoint, lambda one: replace(one, size=tree.size, root=tree.root())
                )
                out += [CheckpointItem(checkpoint=told), *mine]
            elif item not in true:
                out.append(item)
        return out

    return pulled(changed)


def of_nobody(asked: Asked, organisation: Organisation | None = None) -> FeedItem:
    """A well-signed frame of a device that never joined."""
    key = SigningKey.generate()
    chain = Chain(
        organisation=organisation or asked.hello.organisation,
        lane=MAIN,
        device=device_id(key.public),
        incarnation=Incarnation(bytes(8)),
    )
    header: dict[Key, Any] = {
        Key.SEQUENCE: 1,
        Key.PREVIOUS: NO_HASH,
        Key.EPOCH: bytes(16),
        Key.STEP: 0,
        Key.SEAL: bytes(16),
    }
    frame = build(chain, key, Kind.RECORD, header, os.urandom(272))
    return FeedItem(
        lane=MAIN, index=Index(0), device=chain.device, incarnation=chain.incarnation, frame=frame.raw
    )


def foreign(asked: Asked, true: list[FeedItem]) -> list[FeedItem]:
    """A frame that verifies elsewhere, under a member's name."""
    other = of_nobody(asked, Organisation(bytes(16)))
    return [*true, replace(other, device=true[-1].device, incarnation=true[-1].incarnation)]


def moved(asked: Asked, true: list[FeedItem]) -> list[FeedItem]:
    """The reporter's record, as if the coordinator had written it."""
    hello = asked.hello
    return [*true, replace(true[-1], device=hello.device, incarnation=hello.incarnation)]


def sends_more(scene: Scene) -> None:
    """The reporter has sent another report behind the one that is withheld."""
    exchange.sync(scene.north)


def the_gap_is_shown(scene: Scene) -> None:
    """The reporter's chain has a hole, and who pulls is told which."""
    (gap,) = scene.first.vault.inbox.gaps()
    north = scene.north.vault.identities.require()
    assert (gap.lane, gap.device, gap.first, gap.last) == (MAIN, north.device, 3, 3)


def shrunk() -> Deed:
    """Fewer entries than were pulled before, under a checkpoint of just these."""

    def changed(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
        tree = tree_before(asked, 1)
        out: list[ReplyItem] = []
        for item in items:
            if isinstance(item, CheckpointItem) and lane_of(asked, item) == MAIN:
                told = resigned(asked, item.checkpoint, lambda one: replace(one, size=1, root=tree.root()))
                out.append(CheckpointItem(checkpoint=told))
            elif not (isinstance(item, FeedItem) and item.lane == MAIN):
                out.append(item)
        return out

    return pulled(changed)


def _fork(name: str, does: str, deed: Deed, exit_: ExitCode, *told: str) -> Script:
    """Nothing tells it from the truth at once; the next look at the honest log does."""
    return Script(
        name=name,
        does=does,
        check=TREE,
        section="§7",
        verb=Verb.PULL,
        exit=exit_,
        told=told,
        deed=deed,
        forks=True,
    )


FORKS = (
    replace(
        _fork(
            "newest withheld",
            "gives a shorter log than it holds: for a while nobody can tell",
            another_log(lambda asked, true: true[:-1]),
            ExitCode.OK,
            "came  3 sealed parts",
        ),
        forks=False,
    ),
    _fork(
        "log that forks",
        "signs another root for the same size",
        checkpoints(lambda one: replace(one, root=b"\5" * 32)),
        ExitCode.VERIFICATION,
        "FORK  tree, 00000000: checkpoint: another root for 4 frames than computed here",
    ),
    replace(
        _fork(
            "withheld and renumbered",
            "leaves a report out of the middle of a log made for this reader",
            another_log(lambda asked, true: [true[0], *true[2:]]),
            ExitCode.VERIFICATION,
            "new reports  1",
        ),
        prepare=sends_more,
        then=the_gap_is_shown,
    ),
    _fork(
        "duplicated and renumbered",
        "repeats an entry in a log made for this reader",
        another_log(lambda asked, true: [*true, true[-1]]),
        ExitCode.OK,
        "new reports  1",
    ),
    _fork(
        "frame of an uncertified device",
        "gives a frame of somebody who never joined",
        another_log(lambda asked, true: [of_nobody(asked), *true]),
        ExitCode.OK,
        "of senders nobody has let in yet  1",
    ),
    _fork(
        "foreign frame",
        "gives a frame of another organisation as a member's",
        another_log(foreign),
        ExitCode.PARTIAL,
        "set aside because they do not hold  1",
    ),
    _fork(
        "frame moved to another chain",
        "says that another member wrote it",
        another_log(moved),
        ExitCode.PARTIAL,
        "set aside because they do not hold  1",
    ),
    _fork(
        "entry of noise",
        "gives bytes that are no frame",
        another_log(lambda asked, true: [*true, replace(true[-1], frame=b"\xff" * 99)]),
        ExitCode.PARTIAL,
        "set aside because they do not hold  1",
    ),
    replace(
        _fork(
            "log that shrinks",
            "signs for less than it gave before",
            shrunk(),
            ExitCode.VERIFICATION,
            error(
                "lane 1 has 1 entries where 2 were seen before: the server lost or hides some;"
                " it was probably restored from an older backup"
            ),
            hint(
                "nothing held here is given up; ask the server's keeper, and if a backup was put back,"
                " let the log begin anew: `fieldkit org restart-log`"
            ),
        ),
        forks=False,
    ),
)


def begins_anew(who: Callable[[Scene], tuple[Chain, SigningKey]]) -> Callable[[Scene], None]:
    """Has somebody's frame ready by which the main lane begins anew."""

    def prepare(scene: Scene) -> None:
        chain, key = who(scene)
        restart = Restart(
            lane=MAIN,
            ends=first_generation(chain.organisation, MAIN),
            size=0,
            root=EMPTY_ROOT,
            begins=Generation(b"anew-gen"),
        )
        header = {Key.SEQUENCE: 99, Key.PREVIOUS: NO_HASH, **restart.header()}
        frame = build(chain, key, Kind.GENERATION, header)
        scene.villain.bag.update(device=chain.device, incarnation=chain.incarnation, frame=frame.raw)

    return prepare


def by_reporter(scene: Scene) -> tuple[Chain, SigningKey]:
    """A certified reporter, who may not let lanes begin anew."""
    me = scene.north.vault.identities.require()
    chain = Chain(organisation=me.organisation, lane=ADMIN, device=me.device, incarnation=me.incarnation)
    return chain, device_key(scene.north)


def in_the_officers_name(scene: Scene) -> tuple[Chain, SigningKey]:
    """The coordinator's chain, under another key."""
    me = scene.first.vault.identities.require()
    chain = Chain(organisation=me.organisation, lane=ADMIN, device=me.device, incarnation=me.incarnation)
    return chain, OTHER


def anew(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
    """The main lane from its beginning, in a generation of the server's own."""
    bag = asked.bag
    out: list[ReplyItem] = []
    for item in items:
        if isinstance(item, CheckpointItem) and lane_of(asked, item) == MAIN:
            out.append(
                GenerationItem(
                    device=Device(bag["device"]),
                    incarnation=Incarnation(bag["incarnation"]),
                    frame=bag["frame"],
                )
            )
            told = resigned(
                asked,
                item.checkpoint,
                lambda one: replace(one, generation=Generation(b"anew-gen"), size=0, root=EMPTY_ROOT),
            )
            out.append(CheckpointItem(checkpoint=told))
        elif not (isinstance(item, FeedItem) and item.lane == MAIN):
            out.append(item)
    return out


RESTARTS = (
    replace(
        lie(
            "lane begun anew by a reporter",
            "shows a restart that no officer signed",
            pulled(anew),
            HOLDS_NOT + "only a coordinator who manages members lets a lane begin anew",
            RESTART,
        ),
        prepare=begins_anew(by_reporter),
    ),
    replace(
        lie(
            "forged restart",
            "shows a restart in an officer's name",
            pulled(anew),
            HOLDS_NOT + "the signature does not hold for this organisation, lane and device",
            RESTART,
        ),
        prepare=begins_anew(in_the_officers_name),
    ),
)

SCRIPTS = (*FORKS, *RESTARTS)
