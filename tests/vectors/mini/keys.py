"""§1 and §5: derivation, the hybrid KEM 0x647a, and HPKE base mode (RFC 9180) over it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from .failure import Failure, Item, need
from .names import labelled

MLKEM_KEY = 1_184
MLKEM_CIPHERTEXT = 1_088
X25519_KEY = 32
ENCAPSULATED = MLKEM_CIPHERTEXT + X25519_KEY
PUBLIC = MLKEM_KEY + X25519_KEY
MODULUS = 3_329

XWING_LABEL = bytes.fromhex("5c2e2f2f5e5c")
# RFC 9180 §5.1: "HPKE", then the KEM, the KDF and the AEAD.
SUITE_ID = b"HPKE" + bytes.fromhex("647a00010003")


def expand_key(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand with SHA-256 (RFC 5869 §2.3)."""
    found, block, counter = b"", b"", 1
    while len(found) < length:
        block = hmac.digest(key, block + info + bytes([counter]), "sha256")
        found += block
        counter += 1
    return found[:length]


def derive(key: bytes, label: str, *fields: Item) -> bytes:
    """§5: derive(K, label, field…)."""
    return expand_key(key, labelled(label, *fields), 32)


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """The private half of an inbox key or a reader key."""

    mlkem: MLKEM768PrivateKey
    x25519: X25519PrivateKey

    @property
    def public(self) -> bytes:
        """The 1,216 bytes that others seal to."""
        half = self.x25519.public_key().public_bytes_raw()
        return self.mlkem.public_key().public_bytes_raw() + half


def inbox(seed: bytes) -> Inbox:
    """The key of a lane's term, from its seed."""
    need(len(seed) == 32, "malformed", "a seed is 32 bytes")
    return Inbox(
        mlkem=MLKEM768PrivateKey.from_seed_bytes(expand_key(seed, labelled("inbox-mlkem"), 64)),
        x25519=X25519PrivateKey.from_private_bytes(derive(seed, "inbox-x25519")),
    )


def check_public(key: bytes) -> None:
    """FIPS 203 §7.2: 256·3 coefficients of 12 bits below the modulus; and an X25519 point that is of use."""
    need(len(key) == PUBLIC, "size", "an inbox key is 1,216 bytes")
    packed = key[: MLKEM_KEY - 32]
    for at in range(0, len(packed), 3):
        a, b, c = packed[at : at + 3]
        need((a | (b & 15) << 8) < MODULUS and (b >> 4 | c << 4) < MODULUS, "sealed", "a coefficient ≥ q")
    exchange(X25519PrivateKey.from_private_bytes(b"\1" * 32), key[MLKEM_KEY:])


def exchange(private: X25519PrivateKey, public: bytes) -> bytes:
    """X25519; a point that makes the all-zero secret is refused (RFC 7748 §6.1)."""
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        raise Failure("sealed", "an X25519 point of small order") from None


def combine(mlkem: bytes, x25519: bytes, ephemeral: bytes, receiver: bytes) -> bytes:
    """§1: the shared secret handed to HPKE."""
    return hashlib.sha3_256(mlkem + x25519 + ephemeral + receiver + XWING_LABEL).digest()


def encapsulate_mlkem(public: bytes) -> tuple[bytes, bytes]:
    """Shared secret and ciphertext of the ML-KEM half; random."""
    try:
        return MLKEM768PublicKey.from_public_bytes(public[:MLKEM_KEY]).encapsulate()
    except ValueError:
        raise Failure("sealed", "no ML-KEM-768 key") from None


def _extract(salt: bytes, label: str, key: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + SUITE_ID + label.encode() + key, "sha256")


def _expand(key: bytes, label: str, info: bytes, length: int) -> bytes:
    labelled_info = length.to_bytes(2, "big") + b"HPKE-v1" + SUITE_ID + label.encode() + info
    return expand_key(key, labelled_info, length)


def schedule(shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    """RFC 9180 §5.1, base mode: AEAD key and base nonce, which is the nonce of the only message."""
    context = b"\0" + _extract(b"", "psk_id_hash", b"") + _extract(b"", "info_hash", info)
    secret = _extract(shared, "secret", b"")
    return _expand(secret, "key", context, 32), _expand(secret, "base_nonce", context, 12)


def hpke_seal(shared: bytes, encapsulated: bytes, info: bytes, plain: bytes) -> bytes:
    """Encapsulated key and ciphertext, empty associated data."""
    key, nonce = schedule(shared, info)
    return encapsulated + ChaCha20Poly1305(key).encrypt(nonce, plain, b"")


def decapsulate(private: Inbox, encapsulated: bytes) -> bytes:
    """The shared secret of an encapsulated key."""
    need(len(encapsulated) == ENCAPSULATED, "size", "an encapsulated key is 1,120 bytes")
    ciphertext, ephemeral = encapsulated[:MLKEM_CIPHERTEXT], encapsulated[MLKEM_CIPHERTEXT:]
    mine = private.x25519.public_key().public_bytes_raw()
    return combine(
        private.mlkem.decapsulate(ciphertext), exchange(private.x25519, ephemeral), ephemeral, mine
    )


def hpke_open(private: Inbox, body: bytes, info: bytes) -> bytes:
    """The plain bytes of a body sealed to this key."""
    key, nonce = schedule(decapsulate(private, body[:ENCAPSULATED]), info)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, body[ENCAPSULATED:], b"")
    except InvalidTag:
        raise Failure("sealed", "not sealed to this key, for this place") from None
