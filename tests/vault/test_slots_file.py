"""slots.cbor byte by byte, made and opened here from docs/vault-format.md §2 alone."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from fieldkit.vault import keyslots
from fieldkit.vault.errors import DamagedVault, NewerVault
from fieldkit.vault.home import Home
from fieldkit.vault.keyslots import FLOOR_COST, SlotKind
from fieldkit.vault.vault import Vault

SECRET = "caf\u00e9 synthetic"
KEY, VAULT_ID, SLOT_ID, SALT = b"k" * 32, b"v" * 12, b"i" * 16, b"s" * 16
COST = [65_536, 3, 4]


def expected_file() -> bytes:
    """The file for these values, as the page says it is made; cbor2 writes such values canonically."""
    derived = Argon2id(salt=SALT, length=32, memory_cost=COST[0], iterations=COST[1], lanes=COST[2])
    data = cbor2.dumps(["fieldkit/vault-slot", 1, VAULT_ID, 1, SLOT_ID, SALT, *COST])
    wrapped = ChaCha20Poly1305(derived.derive(SECRET.encode())).encrypt(bytes(12), KEY, data)
    slot = [1, SLOT_ID, SALT, *COST, wrapped]
    mac_key = hmac.digest(KEY, cbor2.dumps(["fieldkit/vault-slots-key", 1]), "sha256")
    mac = hmac.digest(mac_key, cbor2.dumps(["fieldkit/vault-slots", 1, VAULT_ID, [slot]]), "sha256")
    return envelope({1: VAULT_ID, 2: [slot], 3: mac})


def envelope(body: Any, *, magic: Any = "fieldkit-vault", version: Any = 1) -> bytes:
    """A body with a checksum that holds."""
    raw = cbor2.dumps(body)
    checksum = hashlib.sha256(cbor2.dumps(["fieldkit/vault-checksum", version, raw])).digest()
    return cbor2.dumps([magic, version, raw, checksum])


def changed(place: int, value: object) -> bytes:
    """A file one field of whose slot is another."""
    body = cbor2.loads(cbor2.loads(expected_file())[2])
    body[2][0][place] = value
    return envelope(body)


def test_the_page_makes_the_same_file() -> None:
    """What is written and what the page says are the same bytes, and each opens the other's."""
    given = iter((KEY, VAULT_ID, SLOT_ID, SALT))
    slots, key = keyslots.create(SECRET, FLOOR_COST, lambda size: next(given))
    assert (keyslots.write(slots), key) == (expected_file(), KEY)
    unlocked = keyslots.unlock(keyslots.parse(expected_file()), "cafe\u0301 synthetic")
    assert (unlocked.key, unlocked.slot.kind) == (KEY, SlotKind.PASSPHRASE)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 0), (0, 3), (0, True), (1, b"i" * 15), (1, "i" * 16), (2, b"s" * 17), (3, True), (3, "65536"),
        (4, True), (4, b""), (5, True), (5, None), (6, b"w" * 47), (6, b"w" * 49), (6, 48),
    ],
)  # fmt: skip
def test_a_field_of_another_type_or_length_is_damage(place: int, value: object) -> None:
    """Also `true` where 1 is meant, which Python takes for equal; the checksum holds each time."""
    assert keyslots.parse(changed(0, 2)).slots[0].kind is SlotKind.RECOVERY
    with pytest.raises(DamagedVault):
        keyslots.parse(changed(place, value))


@pytest.mark.parametrize(
    "body",
    [
        [], {}, {1: VAULT_ID, 2: []}, {1: VAULT_ID, 2: [], 3: b"m" * 31}, {1: VAULT_ID, 2: {}, 3: b"m" * 31},
        {1: b"v" * 11, 2: [], 3: b"m" * 32}, {1: VAULT_ID, 2: [], 3: b"m" * 32, 4: 0},
        {1: VAULT_ID, 2: [[]], 3: b"m" * 32}, {1: VAULT_ID, 2: 7, 3: b"m" * 32},
    ],
)  # fmt: skip
def test_another_body_is_damage(body: object) -> None:
    """Whatever is not these three fields, under a checksum that holds."""
    with pytest.raises(DamagedVault):
        keyslots.parse(envelope(body))


def test_the_envelope_decides_first() -> None:
    """Another magic is damage; another version is a newer vault, whatever its body is."""
    with pytest.raises(DamagedVault):
        keyslots.parse(envelope({}, magic="fieldkit-vaulx"))
    with pytest.raises(NewerVault, match="format 2, this fieldkit knows format 1"):
        keyslots.parse(envelope("of another kind", version=2))
    with pytest.raises(DamagedVault):
        keyslots.parse(envelope({}, version=True))
    long = {1: VAULT_ID, 2: [[1, SLOT_ID, SALT, *COST, b"w" * 48]] * 200, 3: b"m" * 32}
    with pytest.raises(DamagedVault):
        keyslots.parse(envelope(long))


def test_the_largest_file_is_read() -> None:
    """16,384 bytes, not one more."""
    slot = [1, SLOT_ID, SALT, *COST, b"w" * 48]
    sizes = {}
    for count in range(140, 180):
        raw = envelope({1: VAULT_ID, 2: [slot] * count, 3: b"m" * 32})
        sizes[len(raw)] = raw
    taken = [size for size, raw in sizes.items() if _reads(raw)]
    assert taken == [size for size in sizes if size <= keyslots.FILE_BYTES]
    assert taken and len(taken) < len(sizes)


def test_a_file_of_another_size_is_told(tmp_path: Path) -> None:
    """No more than the largest is read into memory: a file put in its place may be endless."""
    place = Home(tmp_path / "home")
    place.prepare()
    place.database.touch()
    for size, told in ((keyslots.FILE_BYTES + 1, "is larger than any"), (keyslots.FILE_BYTES, "is damaged")):
        place.slots.write_bytes(bytes(size))
        with pytest.raises(DamagedVault, match=told):
            Vault.unlock(place.folder, SECRET, now=0)


def _reads(raw: bytes) -> bool:
    try:
        keyslots.parse(raw)
    except DamagedVault:
        return False
    return True
