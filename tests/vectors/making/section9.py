"""§9: requests and replies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.section3 import sample
from tests.vectors.making.section3_hello import PULL, hello
from tests.vectors.making.world import INCARNATION, ORGANISATION, REPORTER, device, drawn
from tests.vectors.mini.cbor import encode

WHERE: list[Any] = [device(REPORTER), INCARNATION]
ROOT, DIRECTORY, RECEIPT = (drawn(f"sealed {name}", 64) for name in ("root", "directory", "receipt"))
LAST: list[Any] = [8, 1_048_576, False]
MAIL: list[Any] = [2, 5, 1, 9, *WHERE, sample(8)]
ENTRY: list[Any] = [6, 1, 9, *WHERE, sample(3)]

ITEMS: list[tuple[str, str, Any]] = [
    ("receipt", "A receipt.", [1, RECEIPT]),
    ("mail", "A frame from the mailbox.", MAIL),
    ("root", "A root.", [3, ROOT]),
    ("directory", "A directory.", [4, DIRECTORY]),
    ("refused", "A refused upload.", [5, 1, *WHERE, 7, 6]),
    ("refused-unread", "A refused item that could not be read: lane 0, sequence 0.", [5, 0, *WHERE, 0, 1]),
    ("entry", "An entry of a feed.", ENTRY),
    ("checkpoint", "A checkpoint.", [7, RECEIPT]),
    ("last", "The last item.", LAST),
    ("whole-refused", "The whole request was refused.", [9, 12]),
    ("generation", "How a lane began anew.", [10, *WHERE, sample(20)]),
]
ITEM_BAD: list[tuple[str, str, str, Any]] = [
    ("malformed", "0", "Item 0.", [0, RECEIPT]),
    ("malformed", "12", "An item of no known sort.", [12, RECEIPT]),
    ("malformed", "generation-lane", "A generation item that names a lane.", [10, 3, *WHERE, sample(20)]),
    ("malformed", "generation-bare", "A generation frame that is not wrapped.", [10, *WHERE, [20, 0]]),
    ("malformed", "empty", "An empty item.", []),
    ("malformed", "map", "An item that is a map.", {1: RECEIPT}),
    ("malformed", "receipt-two", "A receipt item with something more.", [1, RECEIPT, 0]),
    ("malformed", "receipt-text", "A receipt that is a text.", [1, "receipt"]),
    ("malformed", "mail-short", "Mail without the frame.", MAIL[:-1]),
    ("malformed", "mail-device", "Mail from a device of 15 bytes.", [*MAIL[:4], bytes(15), *MAIL[5:]]),
    (
        "malformed",
        "mail-incarnation",
        "Mail from an incarnation of 16 bytes.",
        [*MAIL[:5], bytes(16), MAIL[6]],
    ),
    ("malformed", "mail-index", "A mail index of -1.", [2, -1, *MAIL[2:]]),
    ("lane|malformed", "mail-lane-0", "Mail from lane 0.", [2, 5, 0, *MAIL[3:]]),
    ("lane|malformed", "entry-lane-4", "An entry of a reserved lane.", [6, 4, *ENTRY[2:]]),
    ("malformed", "entry-frame-bare", "A frame that is not wrapped.", [*ENTRY[:-1], [1, 2]]),
    ("size|malformed", "entry-frame-long", "A frame of 65,537 bytes.", [*ENTRY[:-1], bytes(65_537)]),
    ("size|malformed|document", "receipt-long", "A receipt of 8,193 bytes.", [1, bytes(8_193)]),
    ("size|malformed|document", "root-long", "A root of 61,441 bytes.", [3, bytes(61_441)]),
    ("size|malformed|document", "directory-long", "A directory of 16,385 bytes.", [4, bytes(16_385)]),
    ("malformed", "code-0", "Code 0.", [9, 0]),
    ("malformed", "more-number", "1 for true.", [8, 1_048_576, 1]),
    ("malformed", "more-missing", "A last item without more.", [8, 1_048_576]),
    ("size|malformed", "item-long", "An item beyond 131,072 bytes.", [1, bytes(131_072)]),
]


def body(*items: Any) -> bytes:
    """A sequence of items; bytes are put in as they are."""
    return b"".join(item if isinstance(item, bytes) else encode(item) for item in items)


REPLIES: list[tuple[str, str, bytes]] = [
    (
        "whole",
        "Receipt, root, directory, mail, last.",
        body([1, RECEIPT], [3, ROOT], [4, DIRECTORY], MAIL, LAST),
    ),
    (
        "pull",
        "Checkpoint, entries, last.",
        body([7, RECEIPT], ENTRY, [*ENTRY[:2], 10, *ENTRY[3:]], [8, 65_536, True]),
    ),
    ("only-last", "Nothing to say.", body(LAST)),
    ("refused", "The whole request was refused.", body([9, 15])),
    ("cut-item", "Cut within the last item: the receipt counts.", body([1, RECEIPT], LAST)[:-1]),
    ("cut-between", "Cut between two items.", body([1, RECEIPT])),
    ("cut-head", "Cut within the head of a byte string.", body([1, RECEIPT], b"\x82\x01\x58")),
    ("nothing", "A reply cut before it began.", b""),
]
REPLY_BAD: list[tuple[str, str, bytes]] = [
    ("after-last", "An item after the last.", body(LAST, [1, RECEIPT])),
    ("two-lasts", "Two last items.", body(LAST, LAST)),
    ("refused-not-alone", "A refusal of the whole after the directory.", body([4, DIRECTORY], [9, 15])),
    ("bytes-after-last", "A byte after the last item.", body(LAST, b"\x82")),
    ("tag", "A tag before an item.", body(b"\xc1", LAST)),
]


def _uploads() -> Iterator[Vector]:
    raw = sample(3)
    yield good("upload", "A frame of the sender's own.", "upload", item_bytes=encode([1, raw]))
    yield good(
        "upload-carried", "A frame carried for somebody else.", "upload", item_bytes=encode([1, *WHERE, raw])
    )
    wrong: list[tuple[str, str, str, Any]] = [
        ("malformed", "three", "Three elements.", [1, WHERE[0], raw]),
        ("malformed", "five", "Five elements.", [1, *WHERE, raw, 0]),
        ("malformed", "map", "A map.", {1: raw}),
        ("malformed", "bare", "A frame that is not wrapped.", [1, [3, b"", b"", b""]]),
        ("malformed", "device-15", "A device of 15 bytes.", [1, bytes(15), INCARNATION, raw]),
        ("malformed", "incarnation-7", "An incarnation of 7 bytes.", [1, WHERE[0], bytes(7), raw]),
        ("malformed", "trailing", "A byte after the frame, within its byte string.", [1, raw + b"\0"]),
        ("kind|malformed|lane", "hello", "A hello as an upload.", [1, hello()]),
    ]
    for expect, name, about, item in wrong:
        yield bad(expect, f"upload-{name}", about, "upload", item_bytes=encode(item))


def _requests() -> Iterator[Vector]:
    raw = encode([1, sample(3)])
    void = encode([1, sample(4)])
    worse = encode([1, sample(4, {12: 9})])
    yield good("request", "A hello and two items.", "request", body=body(hello(), raw, void))
    yield good("request-bare", "A hello by itself.", "request", body=hello())
    yield good("request-pull", "A pull.", "request", body=hello({34: 2, 41: PULL[:2]}))
    yield good(
        "request-bad-item",
        "One item is refused, the next one stands.",
        "request",
        body=body(hello(), raw, worse, void),
    )
    yield good(
        "request-cut",
        "The body breaks off: what came whole stands.",
        "request",
        body=body(hello(), raw, void)[:-1],
    )
    yield good(
        "request-damaged",
        "No item can begin here: what came before stands.",
        "request",
        body=body(hello(), raw, b"\xff", void),
    )
    wrong: list[tuple[str, str, str, bytes]] = [
        ("malformed", "nothing", "No byte.", b""),
        ("malformed", "hello-cut", "A hello cut short.", hello()[:-1]),
        ("kind|malformed", "no-hello", "A record where the hello should be.", sample(3)),
        ("malformed|kind", "hello-wrapped", "A hello wrapped in a byte string.", encode(hello())),
        (
            "malformed|not permitted",
            "pull-upload",
            "A pull with an upload.",
            body(hello({34: 2, 41: PULL[:2]}), raw),
        ),
    ]
    for expect, name, about, octets in wrong:
        yield bad(expect, f"request-{name}", about, "request", body=octets)


def _others() -> Iterator[Vector]:
    invite: list[Any] = ["fieldkit/invite", 1, ORGANISATION, drawn("invite", 16)]
    yield good("invite-request", "A request with an invite.", "invite_request", body=encode(invite))
    wrong = [
        ("label", "Another label.", ["fieldkit/ticket", *invite[1:]]),
        ("suite", "Suite 2.", [invite[0], 2, *invite[2:]]),
        ("short", "An invite id of 8 bytes.", [*invite[:3], bytes(8)]),
        ("five", "Something more.", [*invite, 0]),
    ]
    for name, about, item in wrong:
        yield bad("malformed|invite", f"invite-request-{name}", about, "invite_request", body=encode(item))
    organisation = ["fieldkit/organisation", 1, drawn("code", 16), ROOT, DIRECTORY]
    about = "A request for a new organisation."
    yield good("organisation-request", about, "organisation_request", body=encode(organisation))
    wrong = [
        ("label", "Another label.", ["fieldkit/invite", *organisation[1:]]),
        ("code", "A code of 15 bytes.", [*organisation[:2], bytes(15), ROOT, DIRECTORY]),
        ("root", "A root that is not wrapped.", [*organisation[:3], {1: 1}, DIRECTORY]),
    ]
    for name, about, item in wrong:
        expect = "malformed|invite|document"
        yield bad(expect, f"organisation-request-{name}", about, "organisation_request", body=encode(item))
    trailing = encode(organisation) + b"\0"
    about = "A byte after the request."
    yield bad("malformed", "organisation-request-trailing", about, "organisation_request", body=trailing)


def _contradictions() -> Iterator[Vector]:
    held: list[Any] = [11, 1, *WHERE, sample(3)]
    about = "A frame of the sender's own chain that contradicts the one refused."
    yield good("item-contradiction", about, "reply_item", item_bytes=encode(held))
    refused = [5, 1, *WHERE, 2, 6]
    about = "The proof comes before the refusal."
    yield good("reply-contradiction", about, "reply", body=body([1, RECEIPT], held, refused, LAST))
    wrong: list[tuple[str, str, str, Any]] = [
        ("malformed", "short", "It does not name its chain.", [11, 1, sample(3)]),
        ("malformed", "device", "A device of 15 bytes.", [11, 1, bytes(15), *held[3:]]),
        ("malformed", "incarnation", "An incarnation of 16 bytes.", [*held[:3], bytes(16), held[4]]),
        ("lane|malformed", "lane-0", "Lane 0: a hello is in no chain.", [11, 0, *held[2:]]),
        ("malformed", "bare", "A frame that is not wrapped.", [*held[:-1], [3, b"", b"", b""]]),
        ("size|malformed", "long", "A frame of 65,537 bytes.", [*held[:-1], bytes(65_537)]),
    ]
    for expect, name, about, item in wrong:
        yield bad(expect, f"item-contradiction-{name}", about, "reply_item", item_bytes=encode(item))


def vectors() -> Iterator[Vector]:
    """Every vector of this section."""
    yield from _uploads()
    yield from _requests()
    for name, about, item in ITEMS:
        yield good(f"item-{name}", about, "reply_item", item_bytes=encode(item))
    for expect, name, about, item in ITEM_BAD:
        yield bad(expect, f"item-{name}", about, "reply_item", item_bytes=encode(item))
    for name, about, octets in REPLIES:
        yield good(f"reply-{name}", about, "reply", body=octets)
    for name, about, octets in REPLY_BAD:
        yield bad("malformed", f"reply-{name}", about, "reply", body=octets)
    yield from _others()
    yield from _contradictions()
