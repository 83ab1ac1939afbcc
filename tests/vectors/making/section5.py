"""§5: keys, epochs, the ratchet, grants."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.vectors.making import section5_records
from tests.vectors.making.book import Vector, bad, good
from tests.vectors.making.section5_records import flipped
from tests.vectors.making.world import (
    ADMIN,
    ADMIN_SEED,
    COORDINATOR,
    K0,
    MAIN,
    MAIN_SEED,
    NEWCOMER,
    OTHER_INCARNATION,
    OTHER_ORGANISATION,
    READER_SEED,
    REPORTER,
    SOURCES,
    SOURCES_SEED,
    ZEROS,
    at,
    device,
    drawn,
    encapsulated,
    epoch,
    frame,
    sealed_to,
)
from tests.vectors.mini import keys, names, sealing
from tests.vectors.mini.cbor import decode

USELESS_POINT = (
    "An X25519 public key that makes the shared secret all zeros is refused (RFC 7748 §6.1), "
    "by whoever seals and by whoever opens."
)
WRONG_MODULUS = (
    "Whoever takes in an inbox or reader key, and whoever seals to one, refuses an ML-KEM key "
    "with a coefficient of 3,329 or more (FIPS 203 §7.2)."
)
EPOCH = epoch()
EPOCH_ID = names.sha256(EPOCH)[:16]
COMMIT = sealing.commitment(K0)
X = keys.MLKEM_CIPHERTEXT


def epoch_of(body: bytes, commit: bytes = COMMIT) -> bytes:
    """An epoch frame with any body."""
    return frame(2, {1: 1, 2: ZEROS, 7: 1, 8: commit}, body)


def _inboxes() -> Iterator[Vector]:
    yield good("inbox", "The public key of a seed.", "inbox", seed=MAIN_SEED)
    public = keys.inbox(MAIN_SEED).public
    yield good("inbox-public", "A key that can be sealed to.", "inbox_public", public=public)
    yield good(
        "inbox-bit-255",
        "The top bit of an X25519 key is passed over (RFC 7748).",
        "inbox_public",
        public=flipped(public, 1215, 128),
    )
    low = [("zero", ZEROS), ("one", b"\1".ljust(32, b"\0"))]
    low.append(("order-8", bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")))
    for name, point in low:
        about = f"The X25519 half is a point of small order ({name})."
        vector = bad(
            "sealed|document|malformed",
            f"inbox-x25519-{name}",
            about,
            "inbox_public",
            public=public[:-32] + point,
        )
        yield replace(vector, proposed=USELESS_POINT)
    q = (3_329).to_bytes(2, "little")
    broken = [
        ("q", "A coefficient that is the modulus.", bytes([q[0], q[1] | public[1] & 0xF0]) + public[2:]),
        ("4095", "A coefficient of 4,095.", b"\xff" + bytes([public[1] | 0x0F]) + public[2:]),
        (
            "last",
            "The last coefficient is 4,095.",
            public[:1150] + bytes([public[1150] | 0xF0, 0xFF]) + public[1152:],
        ),
        ("halves-swapped", "The X25519 half stands first.", public[-32:] + public[:-32]),
    ]
    for name, about, octets in broken:
        vector = bad("sealed|document|malformed", f"inbox-{name}", about, "inbox_public", public=octets)
        yield replace(vector, proposed=WRONG_MODULUS)
    about = "A key of 1,215 bytes."
    yield bad("size|sealed|document|malformed", "inbox-1215", about, "inbox_public", public=public[:-1])


def _ratchets() -> Iterator[Vector]:
    given = {**at(MAIN), "k0": K0, "epoch": EPOCH_ID, "seal": drawn("seal", 16)}
    for step in (0, 1, 1_023):
        yield good(f"ratchet-{step}", f"Every key and token of step {step}.", "ratchet", step=step, **given)
    yield bad("malformed|size|sealed", "ratchet-1024", "Step 1,024.", "ratchet", step=1_024, **given)
    lane_2: dict[str, Any] = {**given, "lane": 2}
    yield good("ratchet-lane-2", "The record key is another in another lane.", "ratchet", step=1, **lane_2)


def _epochs() -> Iterator[Vector]:
    for place, seed, by in (
        (MAIN, MAIN_SEED, None),
        (SOURCES, SOURCES_SEED, REPORTER),
        (ADMIN, ADMIN_SEED, COORDINATOR),
    ):
        raw = epoch(place, seed, by=by) if by else epoch(place, seed)
        yield good(
            f"epoch-lane-{place.lane}",
            f"An epoch of lane {place.lane}.",
            "open_epoch",
            frame=raw,
            **at(place),
            seed=seed,
        )
    about = "The seed of another lane."
    yield bad("sealed", "epoch-other-seed", about, "open_epoch", frame=EPOCH, **at(MAIN), seed=SOURCES_SEED)
    for name, place in (
        ("organisation", replace(MAIN, organisation=OTHER_ORGANISATION)),
        ("lane", replace(MAIN, lane=2)),
        ("device", replace(MAIN, device=device(COORDINATOR))),
        ("incarnation", replace(MAIN, incarnation=OTHER_INCARNATION)),
    ):
        about = f"An epoch opened for another {name}."
        yield bad(
            "sealed", f"epoch-other-{name}", about, "open_epoch", frame=EPOCH, **at(place), seed=MAIN_SEED
        )
    body = decode(EPOCH)[2]
    raw = frame(2, {1: 1, 2: ZEROS, 7: 2, 8: COMMIT}, body)
    yield bad(
        "sealed",
        "epoch-other-term",
        "An epoch that says another term.",
        "open_epoch",
        frame=raw,
        **at(MAIN),
        seed=MAIN_SEED,
    )
    yield bad(
        "sealed",
        "epoch-other-commit",
        "An epoch that says another commitment.",
        "open_epoch",
        frame=epoch_of(body, drawn("commit")),
        **at(MAIN),
        seed=MAIN_SEED,
    )
    lie = drawn("lie")
    lied = sealed_to(MAIN_SEED, sealing.epoch_info(MAIN, 1, lie), K0, "epoch 1")
    about = "The commitment in the header and the info is not that of the K0 inside."
    yield bad(
        "sealed",
        "epoch-wrong-commitment",
        about,
        "open_epoch",
        frame=epoch_of(lied, lie),
        **at(MAIN),
        seed=MAIN_SEED,
    )
    for name, about, changed in _bodies(body):
        yield bad(
            "sealed",
            f"epoch-{name}",
            about,
            "open_epoch",
            frame=epoch_of(changed),
            **at(MAIN),
            seed=MAIN_SEED,
        )
    zero = _with_point(ZEROS, bytes(32))
    vector = bad(
        "sealed",
        "epoch-x25519-zero",
        "The X25519 half is zero, and all else fits the all-zero shared secret.",
        "open_epoch",
        frame=epoch_of(zero),
        **at(MAIN),
        seed=MAIN_SEED,
    )
    yield replace(vector, proposed=USELESS_POINT)


def _info() -> bytes:
    return sealing.epoch_info(MAIN, 1, COMMIT)


def _with_point(point: bytes, secret: bytes) -> bytes:
    first, _, enc = encapsulated(MAIN_SEED, "epoch 1")
    shared = keys.combine(first, secret, point, keys.inbox(MAIN_SEED).public[-32:])
    return keys.hpke_seal(shared, enc[:X] + point, _info(), K0)


def _bodies(body: bytes) -> Iterator[tuple[str, str, bytes]]:
    first, second, enc = encapsulated(MAIN_SEED, "epoch 1")
    mine = keys.inbox(MAIN_SEED).public[-32:]
    yield "mlkem-bit", "A bit of the ML-KEM ciphertext.", flipped(body, 0)
    yield "mlkem-last-bit", "The last bit of the ML-KEM ciphertext.", flipped(body, X - 1, 128)
    yield "x25519-bit", "A bit of the X25519 half.", flipped(body, X)
    yield (
        "x25519-bit-255",
        "The top bit of the X25519 half: the same point, another shared secret.",
        flipped(body, X + 31, 128),
    )
    yield "ciphertext-bit", "A bit of the ciphertext.", flipped(body, 1_120)
    yield "tag-bit", "A bit of the tag.", flipped(body, 1_167)
    yield "halves-swapped", "The X25519 half stands first.", body[X : X + 32] + body[:X] + body[1_120:]
    sealed = [
        (
            "secrets-swapped",
            "The X25519 secret was combined first.",
            keys.combine(second, first, enc[X:], mine),
        ),
        (
            "keys-swapped",
            "The receiver's key was combined before the ephemeral.",
            keys.combine(first, second, mine, enc[X:]),
        ),
        ("mlkem-only", "The ML-KEM secret by itself.", first),
        ("x25519-only", "The X25519 secret by itself.", second),
        (
            "no-label",
            "Combined without the label of X-Wing.",
            hashlib.sha3_256(first + second + enc[X:] + mine).digest(),
        ),
    ]
    for name, about, shared in sealed:
        yield name, about, keys.hpke_seal(shared, enc, _info(), K0)
    good_secret = keys.combine(first, second, enc[X:], mine)
    yield "no-info", "Sealed with an empty info.", keys.hpke_seal(good_secret, enc, b"", K0)
    other = _info().replace(b"fieldkit/epoch", b"fieldkit/grant")
    yield "other-label", "Sealed under the label of a grant.", keys.hpke_seal(good_secret, enc, other, K0)


def _grants() -> Iterator[Vector]:
    to = device(NEWCOMER)

    def grant(lane: int, term: int, info: bytes, to_: bytes = to) -> bytes:
        body = sealed_to(READER_SEED, info, MAIN_SEED, "grant")
        return frame(13, {1: 1, 2: ZEROS, 6: to_, 7: term, 18: lane}, body, ADMIN, COORDINATOR)

    given = {"organisation": MAIN.organisation, "reader_seed": READER_SEED}
    info = sealing.grant_info(MAIN.organisation, 1, 1, to)
    yield good(
        "grant", "The seed of lane 1 for a new reader.", "open_grant", frame=grant(1, 1, info), **given
    )
    wrong = [
        ("to", "A grant that says another device.", grant(1, 1, info, device(COORDINATOR))),
        ("term", "A grant that says another term.", grant(1, 2, info)),
        ("lane", "A grant that says another lane.", grant(2, 1, info)),
        (
            "frame-lane",
            "The info has the lane of the frame, not the one granted.",
            grant(1, 1, sealing.grant_info(MAIN.organisation, 3, 1, to)),
        ),
        (
            "organisation",
            "Sealed for another organisation.",
            grant(1, 1, sealing.grant_info(OTHER_ORGANISATION, 1, 1, to)),
        ),
    ]
    for name, about, raw in wrong:
        yield bad("sealed", f"grant-other-{name}", about, "open_grant", frame=raw, **given)
    other = {**given, "reader_seed": MAIN_SEED}
    yield bad(
        "sealed",
        "grant-other-reader",
        "Another reader's key.",
        "open_grant",
        frame=grant(1, 1, info),
        **other,
    )


def vectors() -> Iterator[Vector]:
    """Every vector of this section."""
    yield from _inboxes()
    yield from _ratchets()
    yield from _epochs()
    yield from section5_records.vectors()
    yield from _grants()
