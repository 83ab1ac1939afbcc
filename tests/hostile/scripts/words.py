"""The word of a server that keeps nothing, and proofs that are none (docs/protocol.md §7, §9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.encoding import SequenceReader
from sync.protocol.errors import Refusal
from sync.protocol.frames import Frame, parse
from sync.protocol.ids import (
    MAIN,
    Device,
    Incarnation,
    Lane,
    first_generation,
)
from sync.protocol.messages import (
    ContradictionItem,
    ReceiptItem,
    ReplyItem,
    parse_upload,
)
from sync.protocol.receipts import Receipt, sign_receipt
from tests.hostile.scene import Scene
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.syncs import END, HOLDS_NOT, harmless, lie, refusing
from tests.hostile.villain import Asked, saying, tampered
from tests.hostile.wire import Act


def uploads(asked: Asked) -> list[tuple[Lane, Frame]]:
    """What was sent: lane and frame."""
    values = [value for value, _ in SequenceReader().feed(asked.body)][1:]
    return [(one.lane, parse(one.frame)) for one in map(parse_upload, values)]


def unsent(asked: Asked) -> Act:
    """Throws away what came and refuses it all, for good."""
    places = ((int(lane), frame.sequence) for lane, frame in uploads(asked))
    return [saying(*refusing(Refusal.MALFORMED, *places)(asked, []), END)]


def false_word(asked: Asked) -> Act:
    """Signs for everything that came, and throws it away."""
    hello, out = asked.hello, []
    tops = {lane: frame for lane, frame in sorted(uploads(asked), key=lambda one: one[1].sequence)}
    for lane, frame in tops.items():
        receipt = Receipt(
            chain=replace(hello.chain, lane=lane),
            generation=first_generation(hello.organisation, lane),
            head=frame.sequence,
            head_hash=frame.hash,
            beyond=(),
            first_index=0,
            count=0,
            size=1_000,
            root=bytes(32),
            nonce=hello.nonce,
            hours=0,
        )
        out.append(ReceiptItem(receipt=sign_receipt(receipt, asked.site.log_key)))
    return [saying(*out, END)]


def proof(whose: str) -> Callable[[Scene], None]:
    """Has a frame ready that is said to prove a copy of the reporter's vault."""

    def prepare(scene: Scene) -> None:
        session = scene.laptop(whose)
        raw, incarnation = session.vault._database.rows(
            "SELECT raw, incarnation FROM frame WHERE lane = 1 AND sequence = 1"
        )[0]
        device = scene.north.vault.identities.require().device
        scene.villain.bag.update(device=device, incarnation=incarnation, frame=raw)

    return prepare


def contradicting(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
    """Shows the frame beside the true answer."""
    bag = asked.bag
    item = ContradictionItem(
        lane=MAIN,
        device=Device(bag["device"]),
        incarnation=Incarnation(bag["incarnation"]),
        frame=bag["frame"],
    )
    return [item, *items]


SCRIPTS = (
    Script(
        name="signs for what it threw away",
        does="gives receipts and stores nothing",
        check="fieldkit/vault/losses.py::Losses.judge",
        section="§7",
        verb=Verb.SYNC,
        exit=ExitCode.OK,
        told=("newly held by the server  1 sealed part",),
        deed=false_word,
        false_word=True,
    ),
    Script(
        name="refuses everything for good",
        does="throws away what came and says that it cannot be read",
        check="sync/client/reply.py::ReplyRules._keep_refusal",
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.PARTIAL,
        told=("refused  lane 1, number 4: it could not read this; report this as a fault of the program",),
        deed=unsent,
        refuses=True,
    ),
    replace(
        harmless(
            "proof of a copy: an own frame",
            "shows the laptop what it wrote itself",
            tampered(contradicting),
            "fieldkit/vault/copies.py::Copies.take",
        ),
        prepare=proof("north"),
    ),
    replace(
        lie(
            "proof of a copy: another's frame",
            "shows the laptop what somebody else wrote",
            tampered(contradicting),
            HOLDS_NOT + "the signature does not hold for this organisation, lane and device",
            "fieldkit/vault/copies.py::Copies.take",
            section="§9",
        ),
        prepare=proof("first"),
    ),
)
