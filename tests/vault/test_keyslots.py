"""Key slots: three different messages, one key, and nothing a tamperer can do to them (R2, R3)."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from itertools import product

import pytest

from fieldkit.vault import keyslots
from fieldkit.vault.errors import DamagedVault, NewerVault, VaultError, WrongPassphrase
from fieldkit.vault.keyslots import FLOOR_COST, MIB, Cost, KeySlots, SlotKind
from sync.protocol.encoding import decode, encode

SECRET = "lid coat five mouse sixty useful"


@pytest.fixture(scope="module")
def made() -> tuple[KeySlots, bytes]:
    """Slots of a new vault and its key."""
    return keyslots.create(SECRET, FLOOR_COST, os.urandom)


def test_round_trip(made: tuple[KeySlots, bytes]) -> None:
    """What is written reads back, and the passphrase gives the key."""
    slots, key = made
    read = keyslots.parse(keyslots.write(slots))
    assert read == slots
    assert keyslots.unlock(read, SECRET).key == key
    assert len(key) == keyslots.KEY_BYTES


def test_wrong_passphrase(made: tuple[KeySlots, bytes]) -> None:
    """Another passphrase is told as such."""
    with pytest.raises(WrongPassphrase):
        keyslots.unlock(made[0], SECRET + " ")


def test_composed_letters_count_as_one(made: tuple[KeySlots, bytes]) -> None:
    """A passphrase typed with combining accents is the same passphrase."""
    salt = bytes(16)
    assert keyslots.derive("caf\u00e9", salt, FLOOR_COST) == keyslots.derive("cafe\u0301", salt, FLOOR_COST)


def test_every_flipped_bit_is_damage(made: tuple[KeySlots, bytes]) -> None:
    """Damage anywhere in the file is damage, never a wrong passphrase and never another vault."""
    data = keyslots.write(made[0])
    for at, bit in product(range(len(data)), range(8)):
        damaged = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
        with pytest.raises(DamagedVault):
            keyslots.parse(damaged)


@pytest.mark.parametrize("length", [0, 1, 16, 100])
def test_a_cut_file_is_damage(made: tuple[KeySlots, bytes], length: int) -> None:
    """So is a file that lost its end, or everything."""
    with pytest.raises(DamagedVault):
        keyslots.parse(keyslots.write(made[0])[:length])


def test_a_newer_version_is_told() -> None:
    """A later format is neither damage nor a wrong passphrase, whatever its body looks like."""
    body = b"\xffwhatever comes"
    newer = encode([keyslots.MAGIC, 2, body, keyslots._checksum(2, body)])
    with pytest.raises(NewerVault, match="format 2"):
        keyslots.parse(newer)


def _rewritten(slots: KeySlots, **changes: object) -> bytes:
    """What somebody writes who knows the format but no secret: checksum and shape are right."""
    changed = replace(slots, slots=(replace(slots.slots[0], **changes),))  # type: ignore[arg-type]
    return keyslots.write(changed)


def test_a_moved_slot_does_not_open(made: tuple[KeySlots, bytes]) -> None:
    """The slot's own fields are authenticated: kind, id, vault."""
    for changed in ({"kind": SlotKind.RECOVERY}, {"id": bytes(16)}):
        with pytest.raises(WrongPassphrase):
            keyslots.unlock(keyslots.parse(_rewritten(made[0], **changed)), SECRET)
    elsewhere = keyslots.parse(keyslots.write(replace(made[0], vault_id=bytes(12))))
    with pytest.raises(WrongPassphrase):
        keyslots.unlock(elsewhere, SECRET)


def test_an_added_slot_is_noticed(made: tuple[KeySlots, bytes]) -> None:
    """The MAC under the vault key covers the set: a slot added or removed from outside is told."""
    slots, key = made
    two = keyslots.add(slots, key, SlotKind.RECOVERY, "printed words", FLOOR_COST, os.urandom)
    assert keyslots.unlock(two, "printed words").key == key
    with pytest.raises(DamagedVault, match="added, removed or exchanged"):
        keyslots.unlock(replace(two, slots=two.slots[:1]), SECRET)
    with pytest.raises(DamagedVault, match="added, removed or exchanged"):
        keyslots.unlock(replace(slots, slots=two.slots), SECRET)
    with pytest.raises(DamagedVault, match="added, removed or exchanged"):
        keyslots.unlock(replace(two, slots=two.slots[::-1]), SECRET)


@pytest.mark.parametrize(
    ("memory", "passes", "lanes"),
    [
        (4 * 1024 * MIB, 3, 4),
        (2**63, 3, 4),
        (64 * MIB, 11, 4),
        (64 * MIB, 2**40, 4),
        (64 * MIB, 3, 2**20),
        (1, 1, 1),
        (64 * MIB, 0, 1),
    ],
)
def test_a_tampered_cost_cannot_hang(
    made: tuple[KeySlots, bytes], memory: int, passes: int, lanes: int
) -> None:
    """A header that asks for endless work, or for too little, is damage, told at once."""
    outer = decode(keyslots.write(made[0]))
    assert isinstance(outer, list)
    body = decode(outer[2])
    assert isinstance(body, dict)
    body[2][0][3:6] = [memory, passes, lanes]
    again = encode(body)
    start = time.perf_counter()
    with pytest.raises(DamagedVault):
        keyslots.parse(encode([keyslots.MAGIC, 1, again, keyslots._checksum(1, again)]))
    assert time.perf_counter() - start < 1


def test_the_last_slot_stays(made: tuple[KeySlots, bytes]) -> None:
    """Without a slot the vault is lost, so the last one is not given up."""
    slots, key = made
    with pytest.raises(VaultError, match="only key slot"):
        keyslots.remove(slots, key, slots.slots[0].id)


@pytest.mark.parametrize(
    ("seconds", "memory"),
    [(0.05, 512), (0.19, 512), (0.5, 192), (1.4, 64), (30.0, 64)],
)
def test_calibration_gives_what_the_machine_bears(seconds: float, memory: int) -> None:
    """A fast machine gets the default, a slow one less memory, none less than the floor."""
    ticks = iter([0.0, seconds])
    assert keyslots.calibrate(lambda: next(ticks)) == Cost(memory=memory * MIB, passes=3, lanes=4)


def test_secrets_do_not_print(made: tuple[KeySlots, bytes]) -> None:
    """Neither key nor wrapped key shows in a text of these objects."""
    slots, key = made
    text = repr(slots) + repr(keyslots.unlock(slots, SECRET))
    assert repr(key) not in text
    assert repr(slots.slots[0].wrapped) not in text
