"""§1, suite 1: Ed25519 as RFC 8032 has it, and ML-DSA-65 beside it for roots."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493

# The points whose order divides 8, without the sign bit of x. Under one, a signature fits any message.
SMALL_ORDER_Y = {
    0,
    1,
    P - 1,
    int.from_bytes(
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
    ),
    int.from_bytes(
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"
    ),
}

ED25519_KEY = 32
ED25519_SIGNATURE = 64
MLDSA_KEY = 1_952
MLDSA_SIGNATURE = 3_309


def sign(seed: bytes, message: bytes) -> bytes:
    """An Ed25519 signature, which is deterministic."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def public_key(seed: bytes) -> bytes:
    """The Ed25519 public key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def verifies(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature holds: S reduced, the key canonical and not of small order."""
    if len(key) != ED25519_KEY or len(signature) != ED25519_SIGNATURE:
        return False
    y = int.from_bytes(key, "little") & (2**255 - 1)
    if y >= P or y in SMALL_ORDER_Y or int.from_bytes(signature[32:], "little") >= ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def both_verify(key: bytes, signature: bytes, message: bytes) -> bool:
    """§6: whether both halves of a root key's signature hold."""
    if len(key) != ED25519_KEY + MLDSA_KEY or len(signature) != ED25519_SIGNATURE + MLDSA_SIGNATURE:
        return False
    try:
        MLDSA65PublicKey.from_public_bytes(key[ED25519_KEY:]).verify(signature[ED25519_SIGNATURE:], message)
    except (InvalidSignature, ValueError):
        return False
    return verifies(key[:ED25519_KEY], signature[:ED25519_SIGNATURE], message)
