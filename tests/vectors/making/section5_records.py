"""§5: records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.section4 import INVITE, MEMBER, PART, by_hand, zeros
from tests.vectors.making.world import (
    ADMIN,
    ADMIN_SEED,
    COORDINATOR,
    K0,
    MAIN,
    REPORTER,
    REVISION,
    SOURCES,
    SOURCES_SEED,
    at,
    drawn,
    epoch,
    frame,
    record,
)
from tests.vectors.mini import names, sealing
from tests.vectors.mini.bodies import plain_body
from tests.vectors.mini.cbor import decode
from tests.vectors.mini.padding import pad

EPOCH_ID = names.sha256(epoch())[:16]


def flipped(octets: bytes, place: int, mask: int = 1) -> bytes:
    """One byte changed."""
    return octets[:place] + bytes([octets[place] ^ mask]) + octets[place + 1 :]


def vectors() -> Iterator[Vector]:
    common: dict[str, bytes] = {"epoch": EPOCH_ID, "k0": K0}
    revision = plain_body(1, REVISION)
    for step in (0, 1, 1_023):
        about = f"A revision at step {step}."
        yield good(
            f"record-{step}", about, "open_record", frame=record(revision, step=step), **at(MAIN), **common
        )
    beat = record(plain_body(6, {1: 491_000}), kind=5)
    yield good("heartbeat", "A heartbeat.", "open_record", frame=beat, **at(MAIN), **common)
    part_epoch = epoch(SOURCES, SOURCES_SEED)
    for place, first, sort, content, by in (
        (SOURCES, part_epoch, 2, PART, REPORTER),
        (ADMIN, epoch(ADMIN, ADMIN_SEED, by=COORDINATOR), 4, MEMBER, COORDINATOR),
        (ADMIN, epoch(ADMIN, ADMIN_SEED, by=COORDINATOR), 5, INVITE, COORDINATOR),
    ):
        raw = record(plain_body(sort, content), place, first=first, by=by)
        given = {**at(place), "epoch": names.sha256(first)[:16], "k0": K0}
        yield good(f"record-type-{sort}", f"A record of type {sort}.", "open_record", frame=raw, **given)
    yield from _crooked_records(revision)


def _crooked_records(revision: bytes) -> Iterator[Vector]:
    raw = record(revision, step=1)
    kind, header, body, _ = decode(raw)
    given: dict[str, Any] = {**at(MAIN), "epoch": EPOCH_ID, "k0": K0}

    def changed(change: dict[int, Any], octets: bytes = body) -> bytes:
        return frame(kind, {**decode(header), **change}, octets)

    longer = pad(_raw(drawn("longer", 300)))
    crooked = [
        ("other-step", "A record that says another step.", changed({4: 2})),
        ("other-seal", "A record that says another seal id.", changed({5: drawn("other seal", 16)})),
        ("other-epoch", "A record of another epoch.", changed({3: drawn("other epoch", 16)})),
        (
            "other-sequence",
            "A record that says another sequence: the header is associated data.",
            changed({1: 9}),
        ),
        ("body-bit", "A bit of the body.", changed({}, flipped(body, 0))),
        ("tag-bit", "A bit of the tag.", changed({}, flipped(body, len(body) - 1))),
        (
            "smaller",
            "The body cut to a smaller size of the list.",
            changed({}, decode(record(None, step=1, padded=longer))[2][:272]),
        ),
    ]
    for name, about, octets in crooked:
        yield bad("sealed", f"record-{name}", about, "open_record", frame=octets, **given)
    for name in ("organisation", "device", "incarnation"):
        moved = {**given, name: drawn("elsewhere", len(given[name]))}
        yield bad(
            "sealed",
            f"record-other-{name}",
            f"A record opened for another {name}.",
            "open_record",
            frame=raw,
            **moved,
        )
    yield bad(
        "sealed",
        "record-other-lane",
        "A record opened in another lane.",
        "open_record",
        frame=raw,
        **{**given, "lane": 2},
    )
    yield bad(
        "sealed",
        "record-other-k0",
        "Another K0.",
        "open_record",
        frame=raw,
        **{**given, "k0": drawn("other K0")},
    )
    yield from _sealed_wrong(given, raw)
    inside = [
        ("padding", "No marker behind the tag.", bytes(256)),
        (
            "padding-long",
            "More padding than needed behind the tag.",
            pad(by_hand(zeros(3))).ljust(320, b"\0"),
        ),
        ("bomb", "A bomb behind the tag.", pad(by_hand(zeros(64 << 20)))),
        ("no-cbor", "A plain body that is no CBOR.", pad(by_hand(b"\x21\0\0" + b"\xff" * 4))),
        ("lane-3-type", "A member's name in lane 1.", pad(_raw(plain_body(4, MEMBER)))),
        ("beat-type", "Type 6 in a record.", pad(_raw(plain_body(6, {1: 1})))),
    ]
    for name, about, padded in inside:
        octets = record(None, step=1, padded=padded)
        expect = "size|malformed" if name == "bomb" else "malformed|size|lane|kind"
        yield bad(expect, f"record-inside-{name}", about, "open_record", frame=octets, **given)


def _raw(plain: bytes) -> bytes:
    return by_hand((1 | len(plain) << 3).to_bytes(3, "little") + plain)


def _sealed_wrong(given: dict[str, Any], raw: bytes) -> Iterator[Vector]:
    """Records sealed in almost the right way."""
    header = decode(raw)[1]
    fields = decode(header)
    padded = pad(_raw(plain_body(1, REVISION)))
    right = (MAIN, EPOCH_ID, 1, fields[5])
    cipher = ChaCha20Poly1305
    key = sealing.record_key(sealing.ratchet(K0, 1), *right)
    wrong = [
        ("no-data", "Sealed without associated data.", cipher(key).encrypt(bytes(12), padded, b"")),
        (
            "nonce",
            "Sealed with the step for a nonce.",
            cipher(key).encrypt(b"\1".rjust(12, b"\0"), padded, header),
        ),
        (
            "chain-key",
            "Sealed with K(i) itself.",
            cipher(sealing.ratchet(K0, 1)).encrypt(bytes(12), padded, header),
        ),
        (
            "k0-key",
            "Sealed with a key of K(0) at step 1.",
            cipher(sealing.record_key(K0, *right)).encrypt(bytes(12), padded, header),
        ),
    ]
    for name, about, body in wrong:
        yield bad(
            "sealed", f"record-sealed-{name}", about, "open_record", frame=frame(3, header, body), **given
        )
