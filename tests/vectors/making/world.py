"""The people, keys and places of the vectors, all from fixed seeds, and how their frames are built."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.vectors.making.book import kept
from tests.vectors.mini import bodies, frames, keys, names, sealing, signing
from tests.vectors.mini.cbor import encode
from tests.vectors.mini.frames import Place
from tests.vectors.mini.padding import pad

Map = dict[Any, Any]


def drawn(name: str, length: int = 32) -> bytes:
    """Bytes that look random and are the same for ever."""
    return keys.expand_key(names.sha256(b"fieldkit vectors"), name.encode(), length)


ORGANISATION, OTHER_ORGANISATION = drawn("organisation", 16), drawn("other organisation", 16)
REPORTER, COORDINATOR, SECOND, NEWCOMER = (
    drawn(f"device {name}") for name in ("reporter", "coordinator", "second", "newcomer")
)
LOG = drawn("log key")
MAIN_SEED, SOURCES_SEED, ADMIN_SEED, READER_SEED = (
    drawn(f"seed {name}") for name in ("main", "sources", "admin", "reader key")
)
INCARNATION, OTHER_INCARNATION = drawn("incarnation", 8), drawn("other incarnation", 8)
ZEROS = bytes(32)


def public(seed: bytes) -> bytes:
    """The Ed25519 public key of one of them."""
    return signing.public_key(seed)


def device(seed: bytes) -> bytes:
    """The device id of one of them."""
    return names.device_id(public(seed))


MAIN = Place(organisation=ORGANISATION, lane=1, device=device(REPORTER), incarnation=INCARNATION)
SOURCES = replace(MAIN, lane=2)
ADMIN = replace(MAIN, lane=3, device=device(COORDINATOR))


def at(place: Place) -> Map:
    """A place as fields of a vector."""
    return {
        "organisation": place.organisation,
        "lane": place.lane,
        "device": place.device,
        "incarnation": place.incarnation,
    }


def frame(
    kind: int, header: Map | bytes, body: bytes = b"", place: Place = MAIN, by: bytes = REPORTER
) -> bytes:
    """A signed frame."""
    return frames.build(kind, header, body, place, by)


def squeezed(plain: bytes) -> bytes:
    """One zstd frame of a plain body, made once: versions of zstd differ."""
    return kept.get("zstd", plain, lambda: (bodies.squeeze(plain),))[0]


def encapsulated(seed: bytes, name: str) -> tuple[bytes, bytes, bytes]:
    """ML-KEM shared secret, X25519 shared secret, encapsulated key, for the inbox of a seed."""
    receiver = keys.inbox(seed).public
    secret, ciphertext = kept.get(
        "ML-KEM-768", receiver + name.encode(), lambda: keys.encapsulate_mlkem(receiver)
    )
    ephemeral = X25519PrivateKey.from_private_bytes(drawn(f"ephemeral {name}"))
    point = ephemeral.public_key().public_bytes_raw()
    return secret, keys.exchange(ephemeral, receiver[keys.MLKEM_KEY :]), ciphertext + point


def sealed_to(seed: bytes, info: bytes, plain: bytes, name: str) -> bytes:
    """The HPKE body for the inbox of a seed."""
    first, second, enc = encapsulated(seed, name)
    receiver = keys.inbox(seed).public[keys.MLKEM_KEY :]
    return keys.hpke_seal(
        keys.combine(first, second, enc[keys.MLKEM_CIPHERTEXT :], receiver), enc, info, plain
    )


K0 = drawn("K0")


def epoch(place: Place = MAIN, seed: bytes = MAIN_SEED, k0: bytes = K0, by: bytes = REPORTER) -> bytes:
    """An epoch frame, first of its chain."""
    commit = sealing.commitment(k0)
    body = sealed_to(seed, sealing.epoch_info(place, 1, commit), k0, f"epoch {place.lane}")
    return frame(2, {1: 1, 2: ZEROS, 7: 1, 8: commit}, body, place, by)


def record(
    plain: bytes | None,
    place: Place = MAIN,
    *,
    step: int = 0,
    kind: int = 3,
    padded: bytes | None = None,
    first: bytes | None = None,
    epoch_id: bytes | None = None,
    by: bytes = REPORTER,
) -> bytes:
    """A record frame, after the epoch of its place; `padded` replaces what a plain body would become."""
    first = first or epoch(place, by=by)
    epoch_id = epoch_id or names.sha256(first)[:16]
    seal_id = drawn(f"seal {place.lane} {step} {kind}", 16)
    header = encode({1: 2 + step, 2: names.sha256(first), 3: epoch_id, 4: step, 5: seal_id})
    if padded is None:
        padded = pad(squeezed(plain or b""))
    key = sealing.record_key(sealing.ratchet(K0, step), place, epoch_id, step, seal_id)
    return frame(kind, header, sealing.seal(key, padded, header), place, by)


def root_key(number: int) -> tuple[bytes, MLDSA65PrivateKey]:
    """Both private halves of a root key."""
    return drawn(f"root {number}"), MLDSA65PrivateKey.from_seed_bytes(drawn(f"root {number} ML-DSA"))


def root_public(number: int) -> bytes:
    """The 1,984 bytes of a root key."""
    seed, other = root_key(number)
    return public(seed) + other.public_key().public_bytes_raw()


def root_sign(number: int, message: bytes) -> bytes:
    """Both signatures; the ML-DSA half is drawn once and kept."""
    seed, other = root_key(number)
    second = kept.get("ML-DSA-65", bytes([number]) + message, lambda: (other.sign(message),))[0]
    return signing.sign(seed, message) + second


REVISION: Map = {
    1: "incident",
    2: 3,
    4: {"what": "Two windows of the school were broken.", "when": ["2026-02-03"], "people": 12},
    5: 1_770_100_000,
    6: 60,
    7: 1,
    8: "en",
    9: 1,
    10: "Reporter 7",
}
