"""The vault: one home, unlocked. Everything a program does with it goes through the parts named here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from fieldkit.vault import attempts, keyslots, locks, migrations
from fieldkit.vault.db import Database
from fieldkit.vault.errors import (
    DamagedVault,
    PracticeVault,
    VaultError,
    VaultLocked,
    WrongPassphrase,
)
from fieldkit.vault.home import Home
from fieldkit.vault.keyslots import Cost, KeySlots, SlotKind
from fieldkit.vault.openings import Openings
from fieldkit.vault.parts import VaultParts
from fieldkit.vault.platform import write_durably
from fieldkit.vault.words import readings

Random = Callable[[int], bytes]

CLOSING_MILLISECONDS: Final = 500
"""How long a lock waits for another process: somebody may be at the door."""


class Vault(VaultParts):
    """An unlocked vault. Use it as a context manager: leaving the block locks it.

    Every method that changes something is one transaction and durable when it returns; `transaction()` joins
    several into one.
    """

    def __init__(self, home: Home, database: Database, slots: KeySlots, key: bytes) -> None:
        super().__init__(database)
        self.home = home
        self._database = database
        self.openings = Openings(database, home)
        self._slots = slots
        self._key: bytes | None = key
        self.opened_by: SlotKind | None = None
        """What it was unlocked with; None when it has just been made."""

    @classmethod
    def create(
        cls, folder: Path, passphrase: str, *, cost: Cost, random: Random, practice: bool = False
    ) -> Self:
        """Make a vault in a new home and leave it unlocked; one for practice never becomes another.

        The key slots come last: a vault is there whole or not at all. Raises VaultExists, UnsafeHome.
        """
        home = Home(folder)
        home.prepare()
        slots, key = keyslots.create(passphrase, cost, random, practice=practice)
        database = Database.create(home.database, key, slots.vault_id)
        try:
            migrations.migrate(database)
            database.checkpoint()
            write_durably(home.slots, keyslots.write(slots), temporary=home.new_slots)
            home.creating.unlink()
        except BaseException:
            database.close()
            raise
        return cls(home, database, slots, key)

    @classmethod
    def unlock(cls, folder: Path, passphrase: str, *, now: int) -> Self:
        """Open the vault of a home; creates nothing, and a failure changes nothing but the count of failures.

        Raises NoVault, UnsafeHome, NotAVault, WrongVault, DamagedVault, NewerVault, TooSoon, WrongPassphrase.
        """
        home = Home(folder)
        home.check_present()
        slots = keyslots.parse(_read(home.slots))
        attempts.check(home.attempts, now)
        try:
            unlocked = keyslots.unlock(slots, *readings(passphrase))
        except WrongPassphrase:
            attempts.count_failure(home.attempts, now)
            raise
        attempts.forget(home.attempts)
        database = Database.open(home.database, unlocked.key, slots.vault_id)
        try:
            migrations.check(database)
            migrations.migrate(database)
        except BaseException:
            database.close()
            raise
        vault = cls(home, database, slots, unlocked.key)
        vault.opened_by = unlocked.slot.kind
        return vault

    def transaction(self) -> AbstractContextManager[None]:
        """Join everything stored inside the block into one transaction: all or nothing."""
        return self._database.transaction()

    def exchange(self, verb: str, *, now: int) -> AbstractContextManager[locks.Holder]:
        """Hold the home for one exchange; raises Busy, naming who else does. Reading goes on beside it.

        Raises PracticeVault for a vault that never exchanges.
        """
        self.must_be_real("exchange with a server")
        return locks.exclusive(self.home.lock, verb=verb, now=now)

    def clear_traces(self) -> None:
        """Empty the write-ahead log, so that used ratchet keys are gone from the vault's files.

        To be called at the end of every exchange; `lock` does it too. Raises VaultError when another process
        reads.
        """
        self._database.checkpoint()

    def check_integrity(self) -> None:
        """Verify every page; raises DamagedVault."""
        self._database.check_integrity()

    def copy_database(self, target: Path) -> None:
        """Write the database as it is now to a new file, under the vault's own key, and verify it."""
        self._database.copy_to(target, self._live_key(), self._slots.vault_id)

    @property
    def slots(self) -> KeySlots:
        """The key slots as they stand."""
        return self._slots

    @property
    def practice(self) -> bool:
        """Whether this vault is for practice: nothing in it is ever sent."""
        return self._slots.practice

    def must_be_real(self, what: str) -> None:
        """Raise PracticeVault in a vault for practice; `what` completes "… cannot"."""
        if self.practice:
            raise PracticeVault(
                f"this is practice: it cannot {what}, and never sends anything",
                "leave it, and do this in a vault of your own",
            )

    def add_slot(self, kind: SlotKind, secret: str, *, cost: Cost, random: Random) -> bytes:
        """Let one more secret open the vault; returns the new slot's id."""
        slots = keyslots.add(self._slots, self._live_key(), kind, secret, cost, random)
        self._write_slots(slots)
        return slots.slots[-1].id

    def remove_slot(self, slot_id: bytes) -> None:
        """Let one secret open it no longer. Copies of slots.cbor made before still open it."""
        self._write_slots(keyslots.remove(self._slots, self._live_key(), slot_id))

    def _write_slots(self, slots: KeySlots) -> None:
        # An open vault must not bring back what somebody has erased, or replaced, in the meantime.
        if not self.home.slots.is_file() or _read(self.home.slots) != keyslots.write(self._slots):
            raise VaultError(
                "the key slots are no longer those this vault was opened with: nothing was changed",
                "lock and open it again",
            )
        write_durably(self.home.slots, keyslots.write(slots), temporary=self.home.new_slots)
        self._slots = slots

    def _live_key(self) -> bytes:
        if self._key is None:
            raise VaultLocked("the vault is locked", "unlock it and try again")
        return self._key

    @property
    def locked(self) -> bool:
        """Whether it was locked."""
        return self._database.closed

    def stored_elsewhere(self) -> int:
        """Another number once another program has stored something. Cheap: no table is read."""
        return int(self._database.value("PRAGMA data_version"))

    def hurry(self) -> None:
        """It is about to be locked: what is still stored waits for other processes only a moment."""
        self._database.rows(f"PRAGMA busy_timeout = {CLOSING_MILLISECONDS}")

    def lock(self) -> None:
        """Clear traces, close the database, let go of the key. Locking twice does nothing."""
        self._key = None
        if self._database.closed:
            return
        self.hurry()
        try:
            self._database.checkpoint()
        except VaultError:
            # Another process reads: it clears the traces when it locks. Staying open would be worse.
            pass
        finally:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lock()


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(keyslots.FILE_BYTES + 1)
    if len(data) > keyslots.FILE_BYTES:
        raise DamagedVault(
            f"{path.name} is larger than any key slots are: expected at most {keyslots.FILE_BYTES} bytes",
            "put slots.cbor back from a backup",
        )
    return data
