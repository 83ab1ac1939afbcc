"""Receipts that are not true, in answer to a sync (docs/protocol.md §7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.chain import Range
from sync.protocol.ids import (
    Device,
    FrameHash,
    Incarnation,
    Lane,
    Organisation,
)
from sync.protocol.messages import (
    EndItem,
    ReceiptItem,
    ReplyItem,
)
from sync.protocol.receipts import Receipt, open_receipt, sign_receipt
from sync.protocol.shapes import UINT_MAX
from sync.protocol.signing import SigningKey
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.said import NOT_COVERED, STAYS
from tests.hostile.scripts.syncs import END, HOLDS_NOT, harmless, lie
from tests.hostile.villain import Asked, Deed, saying, tampered
from tests.hostile.wire import Act

RECEIPT = "sync/client/reply.py::ReplyRules._take_receipt"
ANSWERS = "sync/client/reply.py::ReplyRules._answers_us"
COVERS = "sync/protocol/receipts.py::covered"
OPENS = "sync/protocol/receipts.py::open_receipt"
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


SCRIPTS = (
    lie(
        "replayed receipt",
        "answers with a receipt for another nonce",
        replaying(),
        "the server sent an old receipt: it does not answer this request",
        ANSWERS,
    ),
    lie(
        "receipt of another organisation",
        "signs for somebody else",
        elsewhere(organisation=Organisation(bytes(16))),
        "the server sent a receipt of another organisation",
        ANSWERS,
    ),
    lie(
        "receipt for another device",
        "signs for somebody else's frames",
        elsewhere(device=Device(bytes(16))),
        "the server sent a receipt for frames this laptop did not send",
        RECEIPT,
    ),
    lie(
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
    lie(
        "ranges that overlap",
        "signs what no chain can be",
        restated(beyond((2, 5), (4, 9))),
        HOLDS_NOT + "a receipt's ranges overlap, touch, or end before they begin",
        OPENS,
    ),
    lie(
        "receipt by another key",
        "forges the signature",
        restated(lambda one: one, OTHER),
        HOLDS_NOT + "not signed by the server's log key: expected signatures by 1 known keys, got 0",
        OPENS,
    ),
    lie(
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
    harmless(
        "absurd clock",
        "dates its receipt in the year 1e15",
        restated(lambda one: replace(one, hours=UINT_MAX)),
        "fieldkit/actions/findings.py::_clock",
    ),
    harmless(
        "clock of 1970",
        "dates its receipt at the beginning",
        restated(lambda one: replace(one, hours=0)),
        "fieldkit/actions/findings.py::_clock",
    ),
    harmless(
        "absurd tree",
        "signs for a tree of all frames there can be",
        restated(lambda one: replace(one, size=UINT_MAX)),
        "fieldkit/vault/losses.py::Losses.judge",
    ),
)
