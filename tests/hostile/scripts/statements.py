"""Receipts that are not true, items nobody should believe, in answer to a sync (docs/protocol.md §7, §9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.chain import Range
from sync.protocol.encoding import SequenceReader, encode
from sync.protocol.errors import Refusal
from sync.protocol.frames import Frame, parse
from sync.protocol.ids import (
    MAIN,
    Device,
    FrameHash,
    Incarnation,
    Lane,
    Organisation,
    first_generation,
)
from sync.protocol.messages import (
    ContradictionItem,
    EndItem,
    ErrorItem,
    ReceiptItem,
    RefusedItem,
    ReplyItem,
    encode_reply,
    parse_upload,
)
from sync.protocol.receipts import Receipt, open_receipt, sign_receipt
from sync.protocol.shapes import UINT_MAX
from sync.protocol.signing import SigningKey
from tests.hostile.scene import Scene
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.said import MISTRUST, NOT_COVERED, STAYS, error, hint, unreadable
from tests.hostile.villain import Asked, Deed, saying, spoilt, tampered
from tests.hostile.wire import Act, http

RECEIPT = "sync/client/reply.py::ReplyRules._take_receipt"
ANSWERS = "sync/client/reply.py::ReplyRules._answers_us"
COVERS = "sync/protocol/receipts.py::covered"
OPENS = "sync/protocol/receipts.py::open_receipt"
SCAN = "sync/protocol/encoding.py::Scanner.run"
HOLDS_NOT = "the server's answer does not hold: "
END = EndItem(request_limit=65_536, more=False)
OTHER = SigningKey.generate()


def receipts(items: list[ReplyItem]) -> list[ReceiptItem]:
    """The receipts among items."""
    return [item for item in items if isinstance(item, ReceiptItem)]


def restated(change: Callable[[Receipt], Receipt], key: SigningKey | None = None) -> Deed:
    """Takes what was sent, and signs receipts in which something is another."""

    def changed(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
        log_key = asked.site.log_key
        told = [open_receipt(item.receipt, log_key.public) for item in receipts(items)]
        signed = [sign_receipt(change(receipt), key or log_key) for receipt in told]
        return [*(ReceiptItem(receipt=raw) for raw in signed), END]

    return tampered(changed)


def elsewhere(**changes: Any) -> Deed:
    """Receipts for another chain."""
    return restated(lambda receipt: replace(receipt, chain=replace(receipt.chain, **changes)))


def beyond(*ranges: tuple[int, int]) -> Callable[[Receipt], Receipt]:
    """Nothing but ranges of invented hashes."""
    made = tuple(Range(first=first, last=last, hash=b"\7" * 32) for first, last in ranges)
    return lambda receipt: replace(receipt, head=0, head_hash=FrameHash(bytes(32)), beyond=made)


def replaying() -> Deed:
    """Answers with the receipt of a request made before."""
    kept: list[ReplyItem] = []

    def deed(asked: Asked) -> Act:
        if not kept:
            # A request nobody answers is refused as seen: only the frames count here.
            kept.extend(receipts(asked.items()))
            old = [open_receipt(item.receipt, asked.site.log_key.public) for item in receipts(kept)]
            kept[:] = [
                ReceiptItem(receipt=sign_receipt(replace(one, nonce=bytes(16)), asked.site.log_key))
                for one in old
            ]
        return [saying(*kept, END)]

    return deed


def refusing(code: Refusal, *places: tuple[int, int]) -> Callable[[Asked, list[ReplyItem]], list[ReplyItem]]:
    """Refuses frames beside the true answer."""

    def changed(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
        hello = asked.hello
        lies = [
            RefusedItem(
                lane=lane,
                device=hello.device,
                incarnation=hello.incarnation,
                sequence=sequence,
                code=code,
            )
            for lane, sequence in places
        ]
        return [*lies, *items]

    return changed


def unsent(asked: Asked) -> Act:
    """Throws away what came and refuses it all, for good."""
    places = ((int(lane), frame.sequence) for lane, frame in uploads(asked))
    return [saying(*refusing(Refusal.MALFORMED, *places)(asked, []), END)]


def uploads(asked: Asked) -> list[tuple[Lane, Frame]]:
    """What was sent: lane and frame."""
    values = [value for value, _ in SequenceReader().feed(asked.body)][1:]
    return [(one.lane, parse(one.frame)) for one in map(parse_upload, values)]


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


def whole(code: Refusal) -> Deed:
    """Refuses everything at once."""
    return lambda asked: [http(encode_reply(ErrorItem(code=code)), status="403 Refused")]


def _lie(name: str, does: str, deed: Deed, why: str, check: str, *, section: str = "§7") -> Script:
    return Script(
        name=name,
        does=does,
        check=check,
        section=section,
        verb=Verb.SYNC,
        exit=ExitCode.VERIFICATION,
        told=(error(why), MISTRUST),
        deed=deed,
    )


def _uncovered(name: str, does: str, deed: Deed, *, takes_back: bool = False) -> Script:
    return Script(
        name=name,
        does=does,
        check=COVERS,
        section="§7",
        verb=Verb.SYNC,
        exit=ExitCode.VERIFICATION,
        told=(NOT_COVERED, STAYS),
        deed=deed,
        takes_back=takes_back,
    )


def _unread(name: str, does: str, raw: bytes, why: str, check: str = SCAN) -> Script:
    return Script(
        name=name,
        does=does,
        check=check,
        section="§1",
        verb=Verb.SYNC,
        exit=ExitCode.VERIFICATION,
        told=(unreadable(why), MISTRUST),
        deed=spoilt(lambda body: raw + body),
    )


def _harmless(name: str, does: str, deed: Deed, check: str, *told: str) -> Script:
    return Script(
        name=name,
        does=does,
        check=check,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.OK,
        told=("still waiting             0 frames", *told),
        deed=deed,
    )


def _refused(name: str, code: Refusal, words: str, advice: str) -> Script:
    return Script(
        name=name,
        does=f"refuses every request with code {int(code)}",
        check="sync/client/reply.py::ReplyRules._take_error",
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.REFUSED,
        told=(error(words), hint(advice)),
        deed=whole(code),
        takes_back=code is Refusal.DEVICE,
    )


RECEIPTS = (
    _lie(
        "replayed receipt",
        "answers with a receipt for another nonce",
        replaying(),
        "the server sent an old receipt: it does not answer this request",
        ANSWERS,
    ),
    _lie(
        "receipt of another organisation",
        "signs for somebody else",
        elsewhere(organisation=Organisation(bytes(16))),
        "the server sent a receipt of another organisation",
        ANSWERS,
    ),
    _lie(
        "receipt for another device",
        "signs for somebody else's frames",
        elsewhere(device=Device(bytes(16))),
        "the server sent a receipt for frames this laptop did not send",
        RECEIPT,
    ),
    _lie(
        "receipt for another incarnation",
        "signs for another copy of the vault",
        elsewhere(incarnation=Incarnation(bytes(8))),
        "the server sent a receipt for frames this laptop did not send",
        RECEIPT,
    ),
    _uncovered("receipt for another lane", "signs the same for the sources lane", elsewhere(lane=Lane(2))),
    _uncovered(
        "receipt with a wrong head hash",
        "signs for another frame",
        restated(lambda one: replace(one, head_hash=FrameHash(b"\1" * 32))),
    ),
    _uncovered(
        "receipt above what was sent",
        "signs for frames nobody wrote",
        restated(lambda one: replace(one, head=one.head + 40, head_hash=FrameHash(b"\1" * 32))),
    ),
    _uncovered(
        "receipt of nothing new",
        "signs that it holds what it held",
        restated(lambda one: replace(one, head=0, head_hash=FrameHash(bytes(32)))),
        takes_back=True,
    ),
    _uncovered(
        "ranges with a wrong hash",
        "signs for ranges of other frames",
        restated(beyond((2, 3), (5, 9))),
        takes_back=True,
    ),
    _uncovered(
        "range without end",
        "signs for all sequences there can be",
        restated(beyond((2, UINT_MAX))),
        takes_back=True,
    ),
    _lie(
        "ranges that overlap",
        "signs what no chain can be",
        restated(beyond((2, 5), (4, 9))),
        HOLDS_NOT + "a receipt's ranges overlap, touch, or end before they begin",
        OPENS,
    ),
    _lie(
        "receipt by another key",
        "forges the signature",
        restated(lambda one: one, OTHER),
        HOLDS_NOT + "not signed by the server's log key: expected signatures by 1 known keys, got 0",
        OPENS,
    ),
    _lie(
        "receipt of noise",
        "sends no receipt but noise",
        tampered(lambda asked, items: [ReceiptItem(receipt=b"\xff" * 200), END]),
        HOLDS_NOT + "a float or simple value other than false, true, null",
        OPENS,
    ),
    _uncovered("no receipt", "takes everything and says nothing", tampered(lambda asked, items: [END])),
    _uncovered(
        "more, but nothing",
        "says that more waits and gives none",
        tampered(lambda asked, items: [EndItem(request_limit=0, more=True)]),
    ),
    _harmless(
        "absurd clock",
        "dates its receipt in the year 1e15",
        restated(lambda one: replace(one, hours=UINT_MAX)),
        "fieldkit/actions/status.py::_clock",
    ),
    _harmless(
        "clock of 1970",
        "dates its receipt at the beginning",
        restated(lambda one: replace(one, hours=0)),
        "fieldkit/actions/status.py::_clock",
    ),
    _harmless(
        "absurd tree",
        "signs for a tree of all frames there can be",
        restated(lambda one: replace(one, size=UINT_MAX)),
        "fieldkit/vault/losses.py::Losses.judge",
    ),
)

ITEMS = (
    _unread(
        "huge length",
        "announces a string of 2^63 bytes",
        b"\x5b\x7f" + b"\xff" * 7 + bytes(140_000),
        "expected an item of at most 131072 bytes, got more",
    ),
    _unread(
        "long item",
        "announces half a megabyte",
        b"\x5a\x00\x08\x00\x00" + bytes(200_000),
        "expected an item of at most 131072 bytes, got more",
    ),
    _unread("deep nesting", "nests arrays a thousandfold", b"\x81" * 1_000, "nested deeper than 8"),
    _unread(
        "an array of millions",
        "announces 2^32 items",
        b"\x9a\xff\xff\xff\xff" + bytes(140_000),
        "expected an item of at most 131072 bytes, got more",
    ),
    _unread("a tag", "sends a tagged item", b"\xc0\x01", "a tag"),
    _unread(
        "indefinite length", "sends what has no length", b"\x9f", "an indefinite length or reserved head"
    ),
    _unread(
        "a long head",
        "sends a head longer than it need be",
        b"\x18\x01",
        "a head that is not in its shortest form",
    ),
    _unread(
        "an unknown item",
        "sends an item of no meaning",
        encode([77, 1]),
        "expected a reply item",
        "sync/protocol/messages.py::parse_reply",
    ),
    _unread(
        "an unknown code",
        "refuses with a code of no meaning",
        encode([9, 99]),
        "expected a known refusal code",
        "sync/protocol/messages.py::parse_reply",
    ),
    _lie(
        "items after the end",
        "goes on after its last item",
        tampered(lambda asked, items: [*items, END]),
        "the server went on after the end of its answer",
        "sync/client/reply.py::ReplyRules.take",
        section="§9",
    ),
    _lie(
        "refusal in the middle",
        "refuses the request it has answered",
        tampered(lambda asked, items: [*items[:-1], ErrorItem(code=Refusal.BUSY)]),
        "the server refused the request after it had begun to answer it",
        "sync/client/reply.py::ReplyRules._take_error",
        section="§9",
    ),
    _harmless(
        "request limit of nothing",
        "says that requests hold no byte",
        tampered(lambda asked, items: [*items[:-1], EndItem(request_limit=0, more=False)]),
        "sync/client/pace.py::Pace.limited",
    ),
    _harmless(
        "absurd request limit",
        "says that requests hold anything",
        tampered(lambda asked, items: [*items[:-1], EndItem(request_limit=UINT_MAX, more=False)]),
        "sync/client/pace.py::Pace.limited",
    ),
    _harmless(
        "refuses what it signed for",
        "refuses the very frames its receipt covers",
        tampered(refusing(Refusal.SIGNATURE, *((1, number) for number in range(1, 9)))),
        "sync/client/reply.py::ReplyRules._keep_refusal",
    ),
    _harmless(
        "refuses what nobody sent",
        "refuses frames of other lanes and numbers",
        tampered(refusing(Refusal.SIZE, (9, 1), (UINT_MAX, UINT_MAX), (0, 0))),
        "sync/client/reply.py::ReplyRules._keep_refusal",
        "Tell a coordinator: the server refused a frame that was not sent, or could not read one",
    ),
    _refused(
        "says it knows nobody",
        Refusal.DEVICE,
        "the server took this laptop's join once and does not know it now:"
        " it was probably restored from an older backup",
        "nothing is lost, everything stays waiting: ask a coordinator to sync, then sync again",
    ),
    _refused(
        "says the invite is used",
        Refusal.INVITE,
        "the server took this laptop's join once and does not know it now:"
        " it was probably restored from an older backup",
        "nothing is lost, everything stays waiting: ask a coordinator to sync, then sync again",
    ),
    _refused(
        "says it is another",
        Refusal.LOG_KEY,
        "the server refused: it is not the server this laptop expects",
        "ask a coordinator for the newest directory; do not change the server by hand",
    ),
    _refused(
        "says the organisation is gone",
        Refusal.ORGANISATION,
        "the server refused: it does not know the organisation",
        "ask a coordinator for the right server",
    ),
    Script(
        name="busy for ever",
        does="is always busy",
        check="sync/client/engine.py::Engine._after_break",
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(error("the server is busy"), hint("sync again in a few minutes")),
        deed=whole(Refusal.BUSY),
    ),
    Script(
        name="calls every nonce seen",
        does="says that each request came before",
        check="sync/client/engine.py::Engine._after_break",
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(error("the server is busy"), hint("sync again in a few minutes")),
        deed=whole(Refusal.NONCE),
    ),
)

WORDS = (
    Script(
        name="signs for what it threw away",
        does="gives receipts and stores nothing",
        check="fieldkit/vault/losses.py::Losses.judge",
        section="§7",
        verb=Verb.SYNC,
        exit=ExitCode.OK,
        told=("newly held by the server  1 frame",),
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
        told=(
            "refused                   lane 1, number 4: it could not read this;"
            " report this as a fault of the program",
        ),
        deed=unsent,
        refuses=True,
    ),
    replace(
        _harmless(
            "proof of a copy: an own frame",
            "shows the laptop what it wrote itself",
            tampered(contradicting),
            "fieldkit/vault/copies.py::Copies.take",
        ),
        prepare=proof("north"),
    ),
    replace(
        _lie(
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

SCRIPTS = (*RECEIPTS, *ITEMS, *WORDS)
