"""A home: the one folder a reporter's fieldkit keeps everything in (docs/vault-format.md §1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from fieldkit.vault.errors import NoVault, UnsafeHome, VaultExists
from fieldkit.vault.platform import PRIVATE_FILE, PRIVATE_FOLDER, others_may_enter, sync_folder

PRACTICE_MARK = b"\x01\x4cpractice"
"""How a practice vault's id stands in its key slots (docs/vault-format.md §2): key 1, twelve bytes."""

ERASED_MARK = b"fieldkit-erased\n"
"""Begins what is written over key slots, so that an erase that was cut short is told from damage."""

RUNNING = "open-"
"""Begins the name of the file that a running program holds a lock on; a token of 16 hex digits follows."""

_RUNNING = re.compile(f"{RUNNING}[0-9a-f]{{16}}")

PRACTICE_SUFFIX = "-practice"

PRACTICE_WITHIN = 48
"""The vault's id stands this near to the beginning of the file."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where the files of a home are. Making one touches nothing."""

    folder: Path

    @property
    def slots(self) -> Path:
        """The key slots."""
        return self.folder / "slots.cbor"

    @property
    def new_slots(self) -> Path:
        """Key slots on their way to `slots`; left behind only by a crash."""
        return self.folder / "slots.cbor.new"

    @property
    def creating(self) -> Path:
        """Says that a vault is being made here; without slots.cbor beside it, that nothing is in it yet."""
        return self.folder / "creating"

    @property
    def database(self) -> Path:
        """The encrypted database; SQLite keeps two more files of that name beside it while it is open."""
        return self.folder / "vault.db"

    @property
    def blobs(self) -> Path:
        """Folder of sealed attachments."""
        return self.folder / "blobs"

    @property
    def lock(self) -> Path:
        """Lock file of the exchange."""
        return self.folder / "lock"

    def running(self, token: str) -> Path:
        """Locked by one program for as long as it has the vault open to write in; it holds nothing."""
        return self.folder / f"{RUNNING}{token}"

    @property
    def attempts(self) -> Path:
        """How many passphrases were wrong since the last right one."""
        return self.folder / "attempts"

    @property
    def settings(self) -> Path:
        """Settings of the program, without content."""
        return self.folder / "settings.toml"

    @property
    def keymap(self) -> Path:
        """The reporter's own keys, if there are any; without content."""
        return self.folder / "keymap.toml"

    def prepare(self) -> None:
        """Make the folder for a new vault, private to its owner.

        Raises VaultExists when a vault or what is left of one is there: creating never overwrites. Only what
        an interrupted creation left is cleared away: without key slots nothing can be in it.
        """
        self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        self.check_free()
        for left in self.left_by_a_vault():
            left.unlink(missing_ok=True)
        self.blobs.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        self.creating.touch(mode=PRIVATE_FILE)
        sync_folder(self.folder)

    def check_free(self) -> None:
        """Raise UnsafeHome or VaultExists where no vault can be made; changes nothing."""
        if self.folder.exists():
            self.check_private()
        if self.erased():
            raise VaultExists(
                f"{self.folder} holds what is left of an erased vault", "`fieldkit wipe` goes on with that"
            )
        if self.slots.exists():
            raise VaultExists(
                f"{self.folder} holds a vault already",
                "choose another folder with --home, or use the vault that is there",
            )
        if self.database.exists() and not self.creating.exists():
            raise VaultExists(
                f"{self.folder} holds a vault.db without key slots: erased, or copied without them",
                "put slots.cbor back from a backup, or choose another folder with --home",
            )

    def left_by_a_vault(self) -> tuple[Path, ...]:
        """Everything that without key slots is of no use to anybody."""
        return (self.database, *self._beside_database(), self.new_slots, self.attempts)

    def erased(self) -> bool:
        """Whether the key slots were erased, and the erase of the rest was cut short."""
        try:
            with self.slots.open("rb") as file:
                return file.read(len(ERASED_MARK)) == ERASED_MARK
        except OSError:
            return False

    def for_practice(self) -> bool:
        """Whether the key slots here say that they are of a practice vault.

        Light, to be shown before anything is opened, and no proof: opening the vault is (`Vault.practice`).
        """
        try:
            with self.slots.open("rb") as file:
                return PRACTICE_MARK in file.read(PRACTICE_WITHIN)
        except OSError:
            return False

    def check_present(self) -> None:
        """Raise NoVault unless a vault can be here, UnsafeHome when others may enter. Creates nothing."""
        if not self.slots.is_file():
            left = self.database.exists()
            hint = "put slots.cbor back from a backup" if left else "create one with `fieldkit init`"
            raise NoVault(f"there is no vault in {self.folder}: it has no slots.cbor", hint)
        if self.erased():
            raise NoVault(
                f"the vault in {self.folder} was erased: nothing opens it any more",
                "`fieldkit wipe` goes on with what is left of it; then create a new one",
            )
        if not self.database.is_file():
            raise NoVault(
                f"the vault in {self.folder} has lost its vault.db", "put vault.db back from a backup"
            )
        self.check_private()

    def check_private(self) -> None:
        """Raise UnsafeHome when the folder is open to others."""
        if not self.folder.is_dir():
            raise UnsafeHome(f"{self.folder} is not a folder", "choose another one with --home")
        if others_may_enter(self.folder):
            raise UnsafeHome(
                f"{self.folder} is open to other users of this machine, or not yours",
                f"make it private: chmod 700 {self.folder}",
            )

    def _beside_database(self) -> tuple[Path, Path]:
        return self.database.with_name("vault.db-wal"), self.database.with_name("vault.db-shm")


def of_a_program(name: str) -> bool:
    """Whether a file of a home is called as those that running programs lock, also after a crash."""
    return _RUNNING.fullmatch(name) is not None


def beside(folder: Path) -> Path:
    """Where the practice vault of a home lies: beside it, never in it."""
    return folder.with_name(folder.name + PRACTICE_SUFFIX)
