"""§7: lane tree, receipts, checkpoints, cover."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.vectors.making import section7_generations
from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.world import (
    INCARNATION,
    LOG,
    ORGANISATION,
    OTHER_INCARNATION,
    OTHER_ORGANISATION,
    REPORTER,
    SECOND,
    ZEROS,
    Map,
    device,
    drawn,
    public,
)
from tests.vectors.mini import signing
from tests.vectors.mini.cbor import decode, encode
from tests.vectors.mini.documents import put_together
from tests.vectors.mini.names import first_generation, key_id
from tests.vectors.mini.receipts import range_hash

HASHES = [drawn(f"frame {number}") for number in range(1, 11)]
NONCE = drawn("nonce", 16)
EXPECTED = {
    **{"organisation": ORGANISATION, "device": device(REPORTER), "incarnation": INCARNATION},
    **{"nonce": NONCE, "log_key": public(LOG)},
}
RANGE = [6, 8, range_hash(HASHES[5:8])]
PAYLOAD: Map = {
    **{1: ORGANISATION, 2: 1, 3: first_generation(ORGANISATION, 1), 4: device(REPORTER), 5: INCARNATION},
    **{6: 4, 7: HASHES[3], 8: [RANGE], 9: 20, 10: 7, 11: 27, 12: drawn("tree root"), 13: NONCE, 14: 491_000},
}
CHECKPOINT: Map = {key: PAYLOAD[key] for key in (1, 2, 3, 11, 12, 13, 14)}


def signed(fields: Map, *by: bytes, label: str = "receipt") -> bytes:
    """A statement under these keys."""
    return put_together(
        label, encode(fields), {key_id(public(one)): partial(signing.sign, one) for one in by}
    )


PAYLOAD_BAD: list[tuple[str, str, Map]] = [
    ("other-organisation", "Another organisation.", {1: OTHER_ORGANISATION}),
    ("other-device", "Another device.", {4: device(SECOND)}),
    ("other-incarnation", "Another incarnation.", {5: OTHER_INCARNATION}),
    ("other-nonce", "Another exchange's nonce: a receipt shown again.", {13: drawn("other nonce", 16)}),
    ("hash-without-head", "A head hash and no head.", {6: 0, 8: []}),
    ("range-at-head", "A range that begins at h + 1 and would be the head's.", {8: [[5, 8, RANGE[2]]]}),
    ("range-below-head", "A range that begins below the head.", {8: [[3, 8, RANGE[2]]]}),
    ("ranges-adjacent", "Ranges 6-8 and 9-9.", {8: [RANGE, [9, 9, drawn("range")]]}),
    ("ranges-overlap", "Ranges 6-8 and 8-9.", {8: [RANGE, [8, 9, drawn("range")]]}),
    ("ranges-descending", "Ranges 10-10 and 6-8.", {8: [[10, 10, drawn("range")], RANGE]}),
    ("range-backwards", "A range from 8 to 6.", {8: [[8, 6, RANGE[2]]]}),
    ("range-without-hash", "A range without its hash.", {8: [[6, 8]]}),
    ("ranges-65", "65 ranges.", {8: [[6 + 2 * at, 6 + 2 * at, ZEROS] for at in range(65)]}),
    ("beyond-tree", "First index and count go beyond the tree.", {9: 21}),
    ("key-missing", "No time.", {14: None}),
    ("key-extra", "A key the table does not have.", {15: 0}),
    ("generation-16", "A generation of 16 bytes.", {3: bytes(16)}),
    ("root-31", "A tree root of 31 bytes.", {12: bytes(31)}),
    ("head-negative", "Head -1.", {6: -1}),
]


def _receipts() -> Iterator[Vector]:
    raw = signed(PAYLOAD, LOG)
    yield good("receipt", "A receipt of this exchange.", "open_receipt", receipt=raw, **EXPECTED)
    nothing = signed({**PAYLOAD, 6: 0, 7: ZEROS, 8: [], 10: 0}, LOG)
    yield good("receipt-nothing", "Nothing is held.", "open_receipt", receipt=nothing, **EXPECTED)
    idle = signed({**PAYLOAD, 9: PAYLOAD[11], 10: 0}, LOG)
    about = "Nothing was committed: the first index is the size of the tree."
    yield good("receipt-idle", about, "open_receipt", receipt=idle, **EXPECTED)
    to_2 = signed({**PAYLOAD, 6: 0, 7: ZEROS, 8: [[2, 3, drawn("range")]]}, LOG)
    yield good("receipt-from-2", "No head, and a range from 2.", "open_receipt", receipt=to_2, **EXPECTED)
    for name, about, change in PAYLOAD_BAD:
        fields = {key: value for key, value in {**PAYLOAD, **change}.items() if value is not None}
        octets = signed(fields, LOG)
        yield bad(
            "document|malformed|signature",
            f"receipt-{name}",
            about,
            "open_receipt",
            receipt=octets,
            **EXPECTED,
        )
    octets = signed({**PAYLOAD, 2: 4}, LOG)
    yield bad(
        "lane|document|malformed",
        "receipt-lane-4",
        "A reserved lane.",
        "open_receipt",
        receipt=octets,
        **EXPECTED,
    )
    payload, [[key, signature]] = decode(raw)
    entry = [key, signature]
    stranger = decode(signed(PAYLOAD, SECOND))[1][0]
    shapes: list[tuple[str, str, Any]] = [
        ("other-key", "Signed by another key, named as such.", [payload, [stranger]]),
        ("other-key-hidden", "Signed by another key, named as the log key.", [payload, [[key, stranger[1]]]]),
        ("unsigned", "Not signed.", [payload, []]),
        ("two-signatures", "A second signature, by an unknown key.", [payload, sorted([entry, stranger])]),
        ("payload-bit", "A bit of the payload.", [payload[:-1] + bytes([payload[-1] ^ 1]), [entry]]),
        ("checkpoint-label", "Signed as a checkpoint.", decode(signed(PAYLOAD, LOG, label="checkpoint"))),
    ]
    for name, about, item in shapes:
        octets = encode(item)
        bad_signature = name in ("other-key-hidden", "payload-bit", "checkpoint-label")
        expect = "signature|document" if bad_signature else "document|signature"
        yield bad(expect, f"receipt-{name}", about, "open_receipt", receipt=octets, **EXPECTED)
    octets = encode([bytes(8_190), []])
    yield bad(
        "size|document|malformed",
        "receipt-8192",
        "More than 8,192 bytes.",
        "open_receipt",
        receipt=octets,
        **EXPECTED,
    )


def _checkpoints() -> Iterator[Vector]:
    given = {"organisation": ORGANISATION, "nonce": NONCE, "log_key": public(LOG)}
    raw = signed(CHECKPOINT, LOG, label="checkpoint")
    yield good("checkpoint", "A checkpoint of this exchange.", "open_checkpoint", checkpoint=raw, **given)
    wrong = [
        ("document|malformed", "keys", "A receipt's keys.", signed(PAYLOAD, LOG, label="checkpoint")),
        (
            "document|malformed",
            "nonce",
            "Another exchange's nonce.",
            signed({**CHECKPOINT, 13: bytes(16)}, LOG, label="checkpoint"),
        ),
        ("signature|document", "label", "Signed as a receipt.", signed(CHECKPOINT, LOG)),
        (
            "document|signature",
            "key",
            "Signed by another key.",
            signed(CHECKPOINT, SECOND, label="checkpoint"),
        ),
    ]
    for expect, name, about, octets in wrong:
        yield bad(expect, f"checkpoint-{name}", about, "open_checkpoint", checkpoint=octets, **given)


def _cover() -> Iterator[tuple[str, str, Map, list[bytes], list[int]]]:
    yield "all", "The head covers 1 to 4, the range 6 to 8.", {}, HASHES, []
    yield "voided", "A voided sequence is never received.", {}, HASHES, [2, 7]
    yield "head-other", "Another hash at the head: the head covers nothing.", {7: drawn("other")}, HASHES, []
    yield "head-beyond", "A head beyond what the sender wrote covers nothing.", {6: 12, 8: []}, HASHES, []
    yield (
        "range-other",
        "Another hash of the range: the range covers nothing.",
        {8: [[6, 8, drawn("range")]]},
        HASHES,
        [],
    )
    yield (
        "range-beyond",
        "A range beyond what the sender wrote.",
        {8: [[9, 11, range_hash(HASHES[8:])]]},
        HASHES,
        [],
    )
    huge = [[6, 2**63 - 1, drawn("range")]]
    yield "range-huge", "A range of 2^63 sequences, as it says, costs nothing.", {8: huge}, HASHES, []
    yield "nothing", "Nothing is held.", {6: 0, 7: ZEROS, 8: []}, HASHES, []
    yield "single", "A range of one frame.", {8: [[6, 6, range_hash(HASHES[5:6])]]}, HASHES, []


def vectors() -> Iterator[Vector]:
    """Every vector of this section."""
    entries = [[frame, device(REPORTER if at % 2 else SECOND)] for at, frame in enumerate(HASHES)]
    for count in (0, 1, 2, 3, 4, 7, 8, 10):
        yield good(f"tree-{count}", f"A tree of {count} leaves.", "tree_root", entries=entries[:count])
    yield from _receipts()
    yield from _checkpoints()
    for name, about, change, hashes, voided in _cover():
        octets = signed({**PAYLOAD, **change}, LOG)
        yield good(
            f"covered-{name}", about, "covered", receipt=octets, hashes=hashes, voided=voided, **EXPECTED
        )
    yield from section7_generations.vectors()
