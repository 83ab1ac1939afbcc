"""Key slots: the vault's random key, wrapped once for every secret that opens it (docs/vault-format.md §2).

The file proves itself twice. A plain checksum tells damage from a wrong passphrase before any secret is
tried; after unlocking, a MAC under the vault key shows that nobody added, removed or exchanged a slot.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import product
from typing import Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from fieldkit.vault.errors import DamagedVault, NewerVault, VaultError, WrongPassphrase
from sync.protocol.encoding import decode, encode
from sync.protocol.errors import ProtocolError

MAGIC: Final = "fieldkit-vault"
VERSION: Final = 1
"""Of the body's layout. The envelope `[magic, version, body, checksum]` stays, to tell newer ones."""

KEY_BYTES: Final = 32
VAULT_ID_BYTES: Final = 12
PRACTICE_ID: Final = b"practice"
"""A vault whose id begins so is for practice and can never send. The id is bound into every slot, the MAC and
the database's own header: without making everything anew no vault changes sides, and chance takes 2⁻⁶⁴.
"""
SALT_BYTES: Final = 16
SLOT_ID_BYTES: Final = 16
TAG_BYTES: Final = 16
MAC_BYTES: Final = 32

FILE_BYTES: Final = 16_384
"""Largest slots file read: room for over 100 slots."""

MIB: Final = 1_024
"""Argon2 counts memory in KiB."""

_NONCE: Final = bytes(12)
"""Every wrapping key comes from a fresh salt and is used once: the nonce is constant, not a counter (R12)."""


class SlotKind(IntEnum):
    """What opens a slot."""

    PASSPHRASE = 1
    RECOVERY = 2
    """Printed words, kept away from the laptop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one guess costs: Argon2id parameters (RFC 9106)."""

    memory: int
    """KiB."""
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        if not (FLOOR_MEMORY <= self.memory <= CAP_MEMORY and 1 <= self.passes <= CAP_PASSES):
            raise ValueError(f"memory must be 64 MiB to 2 GiB and passes 1 to {CAP_PASSES}, got {self}")
        if not 1 <= self.lanes <= CAP_LANES:
            raise ValueError(f"lanes must be 1 to {CAP_LANES}, got {self.lanes}")


FLOOR_MEMORY: Final = 64 * MIB
"""KiB. Below this, guessing fits the fast memory of cheap machines."""
CAP_MEMORY: Final = 2_048 * MIB
CAP_PASSES: Final = 10
CAP_LANES: Final = 16
"""A reader goes no further: a tampered header must not hang or fill the machine."""

DEFAULT_COST: Final = Cost(memory=512 * MIB, passes=3, lanes=4)
"""About 1.5 s on a machine of 2020."""
FLOOR_COST: Final = Cost(memory=FLOOR_MEMORY, passes=3, lanes=4)
RECOVERY_COST: Final = FLOOR_COST
"""Recovery words have 134 bits: the derivation adds nothing they need."""

UNLOCK_SECONDS: Final = 1.5
"""What calibration aims at: bearable many times a day, dear to guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The vault key under one secret."""

    kind: SlotKind
    id: bytes
    salt: bytes = field(repr=False)
    cost: Cost
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySlots:
    """All slots of one vault, as they stand in slots.cbor."""

    vault_id: bytes
    slots: tuple[Slot, ...]
    mac: bytes = field(repr=False)

    @property
    def practice(self) -> bool:
        """Whether this vault is for practice: nothing in it is ever sent."""
        return self.vault_id.startswith(PRACTICE_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """A vault key and the slot it came from."""

    key: bytes = field(repr=False)
    slot: Slot


def calibrate(clock: Callable[[], float]) -> Cost:
    """A cost of about 1.5 s on this machine: measured at the floor, then scaled between 64 and 512 MiB.

    `clock` counts seconds. A slow or small machine gets less memory, never less than the floor.
    """
    start = clock()
    derive("calibration", bytes(SALT_BYTES), FLOOR_COST)
    taken = max(clock() - start, 1e-6)
    fits = int(FLOOR_MEMORY * UNLOCK_SECONDS / taken)
    # A third short is let through: the floor's measurement says little about a run eight times as long.
    if 3 * fits >= 2 * DEFAULT_COST.memory:
        return DEFAULT_COST
    whole = max(1, fits // FLOOR_MEMORY) * FLOOR_MEMORY
    return replace(FLOOR_COST, memory=whole)


def create(
    secret: str, cost: Cost, random: Callable[[int], bytes], *, practice: bool = False
) -> tuple[KeySlots, bytes]:
    """A new vault's slots with one passphrase slot, and its 32-byte key. Practice is for ever."""
    key = random(KEY_BYTES)
    mark = PRACTICE_ID if practice else b""
    empty = KeySlots(vault_id=mark + random(VAULT_ID_BYTES - len(mark)), slots=(), mac=b"")
    return add(empty, key, SlotKind.PASSPHRASE, secret, cost, random), key


def add(
    slots: KeySlots, key: bytes, kind: SlotKind, secret: str, cost: Cost, random: Callable[[int], bytes]
) -> KeySlots:
    """The slots with one more for `secret`."""
    slot = Slot(kind=kind, id=random(SLOT_ID_BYTES), salt=random(SALT_BYTES), cost=cost, wrapped=b"")
    cipher = ChaCha20Poly1305(derive(secret, slot.salt, cost))
    wrapped = cipher.encrypt(_NONCE, key, _slot_data(slots.vault_id, slot))
    return _sealed(slots.vault_id, (*slots.slots, replace(slot, wrapped=wrapped)), key)


def remove(slots: KeySlots, key: bytes, slot_id: bytes) -> KeySlots:
    """The slots without one; raises VaultError when it is the last, which would lose the vault."""
    left = tuple(slot for slot in slots.slots if slot.id != slot_id)
    if not left:
        raise VaultError("this is the only key slot: without it the vault is lost", "add another one first")
    return _sealed(slots.vault_id, left, key)


def unlock(slots: KeySlots, *secrets: str) -> Unlocked:
    """Try every slot with each secret. Raises WrongPassphrase when none opens, DamagedVault when slots were
    tampered with.
    """
    for secret, slot in product(secrets, slots.slots):
        cipher = ChaCha20Poly1305(derive(secret, slot.salt, slot.cost))
        try:
            key = cipher.decrypt(_NONCE, slot.wrapped, _slot_data(slots.vault_id, slot))
        except InvalidTag:
            continue
        if not hmac.compare_digest(slots.mac, _mac(slots.vault_id, slots.slots, key)):
            raise DamagedVault(
                "the passphrase is right, but somebody without it added, removed or exchanged key slots",
                "put slots.cbor back from a backup, and find out who had this laptop",
            )
        return Unlocked(key=key, slot=slot)
    raise WrongPassphrase(
        "that passphrase does not open this vault",
        "check the keyboard layout, Caps Lock and blanks, then try again; nothing is erased by wrong tries",
    )


def derive(secret: str, salt: bytes, cost: Cost) -> bytes:
    """Argon2id of a typed secret: 32 bytes. Composed and decomposed letters count as the same (NFC)."""
    typed = unicodedata.normalize("NFC", secret).encode()
    kdf = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    )
    return kdf.derive(typed)


def write(slots: KeySlots) -> bytes:
    """The bytes of slots.cbor."""
    body = encode({1: slots.vault_id, 2: [_slot_row(slot) for slot in slots.slots], 3: slots.mac})
    return encode([MAGIC, VERSION, body, _checksum(VERSION, body)])


def parse(data: bytes) -> KeySlots:
    """Read slots.cbor. Raises DamagedVault for anything that is not whole, NewerVault for a later version."""
    try:
        return _parse(data)
    except (ProtocolError, ValueError, TypeError, KeyError):
        raise DamagedVault(
            "slots.cbor is damaged: expected the key slots of a vault, got bytes that do not hold together",
            "put slots.cbor back from a backup; without it the vault cannot be opened",
        ) from None


def _parse(data: bytes) -> KeySlots:
    magic, version, body, checksum = cast("list[object]", decode(data, limit=FILE_BYTES))
    if magic != MAGIC or type(version) is not int or type(body) is not bytes or type(checksum) is not bytes:
        raise ValueError
    if not hmac.compare_digest(checksum, _checksum(version, body)):
        raise ValueError
    if version != VERSION:
        raise NewerVault(
            f"these key slots have format {version}, this fieldkit knows format {VERSION}",
            "use a newer fieldkit",
        )
    fields = cast("dict[int, object]", decode(body, limit=FILE_BYTES))
    if set(fields) != {1, 2, 3} or type(fields[2]) is not list:
        raise ValueError
    slots = tuple(_parse_slot(row) for row in cast("list[object]", fields[2]))
    return KeySlots(
        vault_id=_octets(fields[1], VAULT_ID_BYTES), slots=slots, mac=_octets(fields[3], MAC_BYTES)
    )


def _parse_slot(row: object) -> Slot:
    kind, slot_id, salt, memory, passes, lanes, wrapped = cast("list[object]", row)
    if type(memory) is not int or type(passes) is not int or type(lanes) is not int or type(kind) is not int:
        raise ValueError
    return Slot(
        kind=SlotKind(kind),
        id=_octets(slot_id, SLOT_ID_BYTES),
        salt=_octets(salt, SALT_BYTES),
        cost=Cost(memory=memory, passes=passes, lanes=lanes),
        wrapped=_octets(wrapped, KEY_BYTES + TAG_BYTES),
    )


def _octets(value: object, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise ValueError
    return value


def _slot_row(slot: Slot) -> list[object]:
    cost = slot.cost
    return [int(slot.kind), slot.id, slot.salt, cost.memory, cost.passes, cost.lanes, slot.wrapped]


def _slot_data(vault_id: bytes, slot: Slot) -> bytes:
    """Associated data: a slot moved to another vault, or given other parameters, does not open."""
    return encode(["fieldkit/vault-slot", VERSION, vault_id, *_slot_row(slot)[:-1]])


def _sealed(vault_id: bytes, slots: tuple[Slot, ...], key: bytes) -> KeySlots:
    return KeySlots(vault_id=vault_id, slots=slots, mac=_mac(vault_id, slots, key))


def _mac(vault_id: bytes, slots: tuple[Slot, ...], key: bytes) -> bytes:
    # Its own key: the vault key itself opens the database and must have no second use (R11).
    mac_key = hmac.digest(key, encode(["fieldkit/vault-slots-key", VERSION]), "sha256")
    told = encode(["fieldkit/vault-slots", VERSION, vault_id, [_slot_row(slot) for slot in slots]])
    return hmac.digest(mac_key, told, "sha256")


def _checksum(version: int, body: bytes) -> bytes:
    return hashlib.sha256(encode(["fieldkit/vault-checksum", version, body])).digest()
