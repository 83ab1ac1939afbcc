"""Signature keys: Ed25519 for devices, directories and logs.

Ed25519 with ML-DSA-65 for roots (docs/protocol.md §1, §6).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey

PUBLIC_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
SEED_BYTES: Final = 32

KEYS_KNOWN: Final = 1_024
"""Public keys whose checked form is remembered: the members of a large organisation."""

ROOT_PUBLIC_BYTES: Final = 32 + 1_952
ROOT_SIGNATURE_BYTES: Final = 64 + 3_309


class SigningKey:
    """An Ed25519 private key (RFC 8032)."""

    __slots__ = ("_key", "public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public: bytes = key.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> SigningKey:
        """A new key from the operating system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_bytes(cls, secret: bytes) -> SigningKey:
        """The key with this 32-byte seed; raise ValueError for another length."""
        return cls(Ed25519PrivateKey.from_private_bytes(secret))

    @property
    def secret(self) -> bytes:
        """The 32-byte seed, for the vault only."""
        return self._key.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """A signature of 64 bytes."""
        return self._key.sign(message)


_FIELD: Final = 2**255 - 19
_SIGN_BIT: Final = 1 << 255
_SMALL_ORDER: Final = frozenset(
    {
        0,
        1,
        _FIELD - 1,
        0x5FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)
"""The y of the eight points whose order divides 8: under such a key one signature fits many messages."""


def is_public_key(public: bytes) -> bool:
    """Whether these 32 bytes may be an Ed25519 key: canonical (RFC 8032 §5.1.3) and not of small order."""
    y = int.from_bytes(public, "little") & ~_SIGN_BIT
    return len(public) == PUBLIC_BYTES and y < _FIELD and y not in _SMALL_ORDER


@lru_cache(KEYS_KNOWN)
def _key(public: bytes) -> Ed25519PublicKey | None:
    """The key, None for bytes that are none."""
    if not is_public_key(public):
        return None
    try:
        return Ed25519PublicKey.from_public_bytes(public)
    except ValueError:
        return None


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is by the Ed25519 key `public` over `message`; False for a key that is none."""
    return verify_all([(public, signature, message)])[0]


def verify_all(asked: Iterable[tuple[bytes, bytes, bytes]]) -> list[bool]:
    """As `verify` for each (public, signature, message).

    The library lets other threads run while it checks; in between nothing is done here that would keep them
    waiting.
    """
    held = []
    for key, signature, message in [
        (_key(public), signature, message) for public, signature, message in asked
    ]:
        try:
            if key is not None:
                key.verify(signature, message)
            held.append(key is not None)
        except (InvalidSignature, ValueError):
            held.append(False)
    return held


class RootKey:
    """An officer's root key: Ed25519 and ML-DSA-65, both needed, so that either may fall."""

    __slots__ = ("_classic", "_lattice", "public")

    def __init__(self, classic: Ed25519PrivateKey, lattice: MLDSA65PrivateKey) -> None:
        self._classic = classic
        self._lattice = lattice
        self.public: bytes = classic.public_key().public_bytes_raw() + lattice.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> RootKey:
        """A new pair of keys from the operating system's randomness."""
        return cls(Ed25519PrivateKey.generate(), MLDSA65PrivateKey.generate())

    @classmethod
    def from_bytes(cls, secret: bytes) -> RootKey:
        """The pair with these two 32-byte seeds; raise ValueError for another length."""
        if len(secret) != 2 * SEED_BYTES:
            raise ValueError(f"expected {2 * SEED_BYTES} bytes, got {len(secret)}")
        classic, lattice = secret[:SEED_BYTES], secret[SEED_BYTES:]
        return cls(Ed25519PrivateKey.from_private_bytes(classic), MLDSA65PrivateKey.from_seed_bytes(lattice))

    @property
    def secret(self) -> bytes:
        """Both seeds, 64 bytes, for the vault only."""
        return self._classic.private_bytes_raw() + self._lattice.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Both signatures, 3,373 bytes."""
        return self._classic.sign(message) + self._lattice.sign(message)


def verify_root(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether both halves of `signature` hold under both halves of `public`."""
    if len(public) != ROOT_PUBLIC_BYTES or len(signature) != ROOT_SIGNATURE_BYTES:
        return False
    if not verify(public[:PUBLIC_BYTES], signature[:SIGNATURE_BYTES], message):
        return False
    try:
        lattice = MLDSA65PublicKey.from_public_bytes(public[PUBLIC_BYTES:])
        lattice.verify(signature[SIGNATURE_BYTES:], message)
    except (InvalidSignature, ValueError):
        return False
    return True
