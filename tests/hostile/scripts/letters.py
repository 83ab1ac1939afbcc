"""Mail that proves nothing, is for somebody else, or never ends (docs/protocol.md §8, §9 item 2)."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import replace

from fieldkit.actions import status
from fieldkit.actions.enrol import device_key
from fieldkit.actions.session import Session
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.vault.inbox import EntryState
from sync.protocol.acknowledgement import build_acknowledgement
from sync.protocol.frames import build
from sync.protocol.ids import MAIN, NO_HASH, Chain, Incarnation, Index, Lane, device_id
from sync.protocol.kinds import Key, Kind
from sync.protocol.messages import EndItem, MailItem, ReplyItem
from sync.protocol.shapes import UINT_MAX
from sync.protocol.signing import SigningKey
from tests.hostile.scene import Scene
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.papers import directory, held, publish
from tests.hostile.scripts.said import MISTRUST, error
from tests.hostile.villain import Asked, Deed, tampered

READ = "fieldkit/actions/trust.py::Trust._read_letter"
PROOF = "fieldkit/actions/trust.py::Trust._take_acknowledgement"
MAIL = "sync/client/reply.py::ReplyRules._take_mail"
AGAIN = "fieldkit/vault/mailbox.py::Mailbox.begin_again"
KEPT = "fieldkit/vault/mailbox.py::Mailbox.keep"
NEVER_ENDS = "sync/client/tasks.py::_Letters.add"


def chain_of(session: Session, lane: Lane = MAIN) -> Chain:
    """A laptop's own chain."""
    me = session.vault.identities.require()
    return Chain(organisation=me.organisation, lane=lane, device=me.device, incarnation=me.incarnation)


def forged(scene: Scene, own: Chain, key: SigningKey, *, proof: bytes | None = None) -> bytes:
    """An acknowledgement of the reporter's newest frames; with a proof that holds unless one is given."""
    target = chain_of(scene.north)
    highest = scene.north.vault.delivery.highest(MAIN, target.incarnation)
    opened = scene.north.vault.delivery.opened_frames(MAIN, target.incarnation, [highest])
    place = {"sequence": 900, "previous": NO_HASH}
    frame = build_acknowledgement(own, key, target=target, opened=opened, **place)  # type: ignore[arg-type]
    if proof is not None:
        frame = build(own, key, Kind.ACKNOWLEDGEMENT, {**frame.header, Key.PROOF: proof})  # type: ignore[dict-item]
    return frame.raw


def deliver(scene: Scene, own: Chain, frame: bytes) -> None:
    """Have a letter of some chain ready."""
    bag = {"device": own.device, "incarnation": own.incarnation, "frame": frame, "lane": bytes([own.lane])}
    scene.villain.bag.update(bag)


def letter(asked: Asked, index: int) -> MailItem:
    """The letter that is ready, at a position."""
    bag = asked.bag
    return MailItem(
        mail_index=index,
        lane=Lane(bag["lane"][0]),
        index=Index(0),
        device=bag["device"],  # type: ignore[arg-type]
        incarnation=Incarnation(bag["incarnation"]),
        frame=bag["frame"],
    )


def at(*offsets: int) -> Deed:
    """Puts the letter at these positions behind the cursor, with the true answer."""

    def changed(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
        cursor = asked.hello.mail_cursor
        return [*items[:-1], *(letter(asked, cursor + offset) for offset in offsets), items[-1]]

    return tampered(changed)


def placed(index: int) -> Deed:
    """Puts the letter at this very position."""
    return tampered(lambda asked, items: [*items[:-1], letter(asked, index), items[-1]])


def for_ever() -> Deed:
    """New letters with every answer, and always more; nobody has time to sign them."""
    numbers: Iterator[int] = itertools.count()

    def changed(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
        one, cursor = letter(asked, asked.hello.mail_cursor), asked.hello.mail_cursor
        mail = [
            replace(one, mail_index=cursor + place, frame=one.frame[:-8] + next(numbers).to_bytes(8, "big"))
            for place in range(800)
        ]
        return [*items[:-1], *mail, EndItem(request_limit=65_536, more=True)]

    return tampered(changed)


def stranger(scene: Scene) -> tuple[Chain, SigningKey]:
    """Somebody whom nobody knows."""
    key = SigningKey.generate()
    return replace(chain_of(scene.first), device=device_id(key.public)), key


def by_a_stranger(scene: Scene) -> None:
    """A right proof by a device that the directory does not name."""
    own, key = stranger(scene)
    deliver(scene, own, forged(scene, own, key))


def by_a_non_reader(scene: Scene) -> None:
    """A right proof by a coordinator who does not read the lane."""
    lanes = tuple(
        replace(lane, readers=()) if lane.lane == MAIN else lane for lane in held(scene.first).lanes
    )
    publish(scene, directory(scene, 2, lanes=lanes))
    own = chain_of_first(scene)
    deliver(scene, own, forged(scene, own, device_key(scene.first)))


def reads_again(scene: Scene) -> None:
    """The next directory lets the coordinator read again, so that honest work can go on."""
    lanes = tuple(
        replace(lane, readers=(chain_of_first(scene).device,)) if lane.lane == MAIN else lane
        for lane in held(scene.first).lanes
    )
    publish(scene, directory(scene, 3, lanes=lanes))


def chain_of_first(scene: Scene) -> Chain:
    """The coordinator's chain in the main lane."""
    return chain_of(scene.first)


def made_up(scene: Scene) -> None:
    """A coordinator's word without the proof."""
    own, key = chain_of_first(scene), device_key(scene.first)
    deliver(scene, own, forged(scene, own, key, proof=os.urandom(32)))


def by_the_sender(scene: Scene) -> None:
    """The reporter's own word about its own frames."""
    own = chain_of(scene.north)
    deliver(scene, own, forged(scene, own, device_key(scene.north)))


def broken(scene: Scene) -> None:
    """A letter whose signature was changed."""
    own = chain_of_first(scene)
    true = forged(scene, own, device_key(scene.first))
    deliver(scene, own, true[:-1] + bytes([true[-1] ^ 1]))


def noise(scene: Scene) -> None:
    """A letter that is no frame at all."""
    deliver(scene, chain_of_first(scene), b"\xff" * 90)


def others_mail(scene: Scene) -> None:
    """A true letter to somebody else."""
    south = scene.world.reporter(scene.first, "south")
    true = south.vault.mailbox.letters(EntryState.HANDLED)[0]
    own = Chain(
        organisation=chain_of_first(scene).organisation,
        lane=true.lane,
        device=true.device,
        incarnation=true.incarnation,
    )
    deliver(scene, own, true.raw)


def read_before(scene: Scene) -> None:
    """A true letter that came long ago."""
    true = scene.north.vault.mailbox.letters(EntryState.HANDLED)[0]
    own = replace(chain_of_first(scene), lane=true.lane, device=true.device, incarnation=true.incarnation)
    deliver(scene, own, true.raw)


def the_doctor_tells(scene: Scene) -> None:
    """Whoever asks what is wrong is told of the letter."""
    (told,) = [found for found in status.doctor(scene.world.folder, scene.north) if found.title == "mail"]
    assert "does not prove that the frames were opened" in told.detail and told.hint


def _idle(
    name: str, prepare: Callable[[Scene], None], *, check: str = READ, deed: Deed | None = None
) -> Script:
    """The letter is set aside; the exchange goes on."""
    return Script(
        name=name,
        does=(prepare.__doc__ or "").rstrip("."),
        check=check,
        section="§8",
        verb=Verb.SYNC,
        exit=ExitCode.OK,
        told=("newly delivered  0 reports",),
        deed=deed or at(0),
        prepare=prepare,
    )


def _lie(name: str, does: str, deed: Deed, why: str, check: str = MAIL) -> Script:
    return Script(
        name=name,
        does=does,
        check=check,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.VERIFICATION,
        told=(error(why), MISTRUST),
        deed=deed,
        prepare=by_a_stranger,
    )


SCRIPTS = (
    replace(_idle("forged acknowledgement", made_up, check=PROOF), then=the_doctor_tells),
    _idle("acknowledgement by a stranger", by_a_stranger),
    _idle("acknowledgement by the sender", by_the_sender),
    replace(_idle("acknowledgement by a non-reader", by_a_non_reader), then=reads_again),
    _idle("letter with a changed signature", broken),
    _idle("letter of noise", noise),
    _idle("mail for another", others_mail),
    replace(_idle("a letter read before", read_before, check=AGAIN), heals_after_days=8),
    _lie(
        "mail backwards", "goes back in the mailbox", at(1, 0), "the server sent mail twice or out of order"
    ),
    _lie(
        "mail twice",
        "puts one letter at one place twice",
        at(0, 0),
        "the server sent mail twice or out of order",
    ),
    _idle("mail at the end of all numbers", by_a_stranger, check=KEPT, deed=placed(UINT_MAX)),
    _idle("mail that skips", by_a_stranger, check=KEPT, deed=at(3)),
    _lie(
        "mail without end",
        "has new letters with every answer",
        for_ever(),
        "the server sends mail without end",
        NEVER_ENDS,
    ),
)
