"""The key schedule of docs/protocol.md §5 a second time, from hashlib, hmac and the bare primitives."""

from __future__ import annotations

import hashlib
import hmac

import cbor2
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEM, KDF, AEAD = 0x647A, 1, 3
ENCAPSULATED = 1_120
LATTICE_CIPHERTEXT = 1_088
LATTICE_PUBLIC = 1_184
X_WING = bytes.fromhex("5c2e2f2f5e5c")


def labelled(label: str, *fields: object) -> bytes:
    """E([label, 1, field…])."""
    return cbor2.dumps([label, 1, *fields])


def derive(secret: bytes, label: str, *fields: object, length: int = 32) -> bytes:
    """HKDF-Expand (RFC 5869 §2.3)."""
    block, output, counter = b"", b"", 0
    while len(output) < length:
        counter += 1
        block = hmac.digest(secret, block + labelled(label, *fields) + bytes([counter]), "sha256")
        output += block
    return output[:length]


def hpke_open(seed: bytes, public: bytes, sealed: bytes, info: bytes) -> bytes:
    """HPKE base mode, single shot, with the inbox key of a seed."""
    encapsulated, ciphertext = sealed[:ENCAPSULATED], sealed[ENCAPSULATED:]
    lattice = MLKEM768PrivateKey.from_seed_bytes(derive(seed, "fieldkit/inbox-mlkem", length=64))
    curve = X25519PrivateKey.from_private_bytes(derive(seed, "fieldkit/inbox-x25519"))
    lattice_secret = lattice.decapsulate(encapsulated[:LATTICE_CIPHERTEXT])
    curve_public = encapsulated[LATTICE_CIPHERTEXT:]
    curve_secret = curve.exchange(X25519PublicKey.from_public_bytes(curve_public))
    combined = lattice_secret + curve_secret + curve_public + public[LATTICE_PUBLIC:] + X_WING
    return _schedule_and_open(hashlib.sha3_256(combined).digest(), ciphertext, info)


def _schedule_and_open(shared: bytes, ciphertext: bytes, info: bytes) -> bytes:
    """KeySchedule of RFC 9180 §5.1 for mode 0, then Open at sequence number 0."""
    context = b"\0" + _extract(b"", b"psk_id_hash", b"") + _extract(b"", b"info_hash", info)
    secret = _extract(shared, b"secret", b"")
    key = _expand(secret, b"key", context, 32)
    nonce = _expand(secret, b"base_nonce", context, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, b"")


_SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (KEM, KDF, AEAD))


def _extract(salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + _SUITE + label + material, "sha256")


def _expand(secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    head = length.to_bytes(2, "big") + b"HPKE-v1" + _SUITE
    return hmac.digest(secret, head + label + info + b"\1", "sha256")[:length]
