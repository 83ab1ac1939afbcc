"""Signature keys: round trips, and every half of a root signature counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.protocol.signing import (
    PUBLIC_BYTES,
    ROOT_PUBLIC_BYTES,
    ROOT_SIGNATURE_BYTES,
    SIGNATURE_BYTES,
    RootKey,
    SigningKey,
    is_public_key,
    verify,
    verify_root,
)
from tests.protocol.samples import KEY, OTHER_KEY, ROOT_KEYS, octets

MESSAGE = b"a message"

# RFC 8032 §7.1, tests 1 to 3: secret, public, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]

FIELD = 2**255 - 19
ROOT = pow(2, (FIELD - 1) // 4, FIELD)
"""A square root of -1."""
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the Ed25519 group."""


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_published_signatures(secret: str, public: str, message: str, signature: str) -> None:
    """The RFC's keys make the RFC's signatures."""
    key = SigningKey.from_bytes(bytes.fromhex(secret))
    assert key.public.hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    assert verify(key.public, bytes.fromhex(signature), bytes.fromhex(message))


def test_keys_come_back_from_their_bytes() -> None:
    """A stored key signs as the one that was made."""
    made, made_root = SigningKey.generate(), RootKey.generate()
    assert SigningKey.from_bytes(made.secret).public == made.public
    assert RootKey.from_bytes(made_root.secret).public == made_root.public
    assert (len(made.public), len(made_root.public)) == (PUBLIC_BYTES, ROOT_PUBLIC_BYTES)
    assert (len(made.sign(b"")), len(made_root.sign(b""))) == (SIGNATURE_BYTES, ROOT_SIGNATURE_BYTES)
    assert SigningKey.generate().public != made.public


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65])
def test_keys_of_another_length(length: int) -> None:
    """A seed that was cut or doubled makes no key."""
    with pytest.raises(ValueError, match=r"."):
        SigningKey.from_bytes(bytes(length))
    with pytest.raises(ValueError, match=r"."):
        RootKey.from_bytes(bytes(length))


def test_a_signature_holds_for_one_key_and_message() -> None:
    """Another key, another message, a changed or cut signature: no."""
    signature = KEY.sign(MESSAGE)
    assert verify(KEY.public, signature, MESSAGE)
    assert not verify(OTHER_KEY.public, signature, MESSAGE)
    assert not verify(KEY.public, signature, MESSAGE + b"!")
    assert not verify(KEY.public, signature[:-1], MESSAGE)
    assert not verify(KEY.public[:-1], signature, MESSAGE)
    assert not verify(b"", b"", b"")
    for at in range(SIGNATURE_BYTES):
        changed = bytearray(signature)
        changed[at] ^= 1
        assert not verify(KEY.public, bytes(changed), MESSAGE)


def test_the_same_signature_cannot_be_written_twice() -> None:
    """S plus the group order, which the equation would take, is refused: a frame has one hash."""
    signature = KEY.sign(MESSAGE)
    larger = int.from_bytes(signature[32:], "little") + ORDER
    assert not verify(KEY.public, signature[:32] + larger.to_bytes(32, "little"), MESSAGE)


IDENTITY = (0, 1)
CURVE = -121_665 * pow(121_666, -1, FIELD) % FIELD
"""d of the curve -x² + y² = 1 + d·x²·y² (RFC 8032 §5.1)."""


def add(left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    """The sum of two points, by the definition."""
    (x1, y1), (x2, y2) = left, right
    both = CURVE * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + both, -1, FIELD)
    y = (y1 * y2 + x1 * x2) * pow(1 - both, -1, FIELD)
    return x % FIELD, y % FIELD


def times(scalar: int, point: tuple[int, int]) -> tuple[int, int]:
    """A multiple of a point, by doubling."""
    result = IDENTITY
    while scalar:
        result = add(result, point) if scalar & 1 else result
        point = add(point, point)
        scalar >>= 1
    return result


def points() -> Iterator[tuple[int, int]]:
    """Points of the whole curve, from the lowest y up."""
    for y in range(2, 60):
        square = (y * y - 1) * pow(CURVE * y * y + 1, -1, FIELD) % FIELD
        for x in (pow(square, (FIELD + 3) // 8, FIELD), pow(square, (FIELD + 3) // 8, FIELD) * ROOT % FIELD):
            if x * x % FIELD == square:
                yield x, y
                break


def small_points() -> set[tuple[int, int]]:
    """The eight points whose order divides 8: multiples by the group order of points of the curve."""
    return {times(ORDER, point) for point in points()}


def test_keys_of_small_order_are_none() -> None:
    """Each of the eight points, found by arithmetic, is refused in every way it can be written."""
    small = small_points()
    assert len(small) == 8
    for x, y in small:
        for written in {y | (x & 1) << 255, y, y | 1 << 255}:
            public = written.to_bytes(32, "little")
            assert not is_public_key(public)
            assert not verify(public, public + bytes(32), MESSAGE)
    assert is_public_key(KEY.public)


def test_keys_that_are_not_canonical() -> None:
    """A y of the field's size or more is a second way to write a point, and is refused."""
    for y in (FIELD, FIELD + 1, FIELD + 3, 2**255 - 1):
        for sign in (0, 1 << 255):
            assert not is_public_key((y | sign).to_bytes(32, "little"))
    for public in (b"", KEY.public[:-1], KEY.public + b"\0"):
        assert not is_public_key(public)


def test_both_halves_of_a_root_signature_count() -> None:
    """A root signature with one half by another key, or cut, does not hold; whole, it does."""
    key, other = ROOT_KEYS[:2]
    own, foreign = key.sign(MESSAGE), other.sign(MESSAGE)
    assert verify_root(key.public, own, MESSAGE)
    assert not verify_root(key.public, own[:64] + foreign[64:], MESSAGE)
    assert not verify_root(key.public, foreign[:64] + own[64:], MESSAGE)
    assert not verify_root(other.public, own, MESSAGE)
    assert not verify_root(key.public[:32] + other.public[32:], own, MESSAGE)
    assert not verify_root(other.public[:32] + key.public[32:], own, MESSAGE)
    assert not verify_root(key.public, own, MESSAGE + b"!")
    assert not verify_root(key.public, own[:-1], MESSAGE)
    assert not verify_root(key.public[:-1], own, MESSAGE)
    assert not verify_root(octets("no key", ROOT_PUBLIC_BYTES), own, MESSAGE)
