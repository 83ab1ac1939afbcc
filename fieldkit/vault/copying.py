"""A vault in one file, and a home made from it: docs/vault-format.md §5.

Neither writes over anything, and a crash on the way leaves nothing that looks finished.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from fieldkit.vault import keyslots, migrations
from fieldkit.vault.db import Database
from fieldkit.vault.db_file import MAGIC, check_header
from fieldkit.vault.errors import Busy, DamagedVault, NotAVault, VaultError, VaultExists, WrongVault
from fieldkit.vault.home import Home
from fieldkit.vault.locks import only_one
from fieldkit.vault.openings import Openings
from fieldkit.vault.platform import PRIVATE_FILE, open_file, sync_folder, write_durably
from fieldkit.vault.vault import Vault
from fieldkit.vault.words import readings

BACKUP_MAGIC: Final = b"fieldkit-backup\n"
TRAILER: Final = struct.Struct(">16sQQ32s")
"""Magic, bytes of the database, bytes of the key slots, SHA-256 of both; at the end of the file."""

CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A whole backup file, as it was read."""

    database_bytes: int
    slots: keyslots.KeySlots = field(repr=False)
    raw_slots: bytes = field(repr=False)


def back_up(vault: Vault, target: Path) -> int:
    """Write the vault as it is now to a new file, read it back and compare; returns its bytes.

    Everything in it is encrypted; it opens with the secrets that open the vault now. Raises VaultError:
    when the file is there already, and when the disk does not take it or gives something else back.
    """
    vault.must_be_real("be backed up")
    if target.exists():
        raise VaultExists(f"{target} is there already: nothing was changed", "choose another name")
    if target.absolute().parent.resolve().is_relative_to(vault.home.folder.resolve()):
        raise VaultError(
            "a backup in the vault's own folder would be lost with it", "choose another folder, or a stick"
        )
    with _disk_told(target), _alone(target) as sure:
        part = target.with_name(f"{target.name}.part")
        _clear_part(part, left=sure)
        try:
            vault.copy_database(part)
            size = _seal(part, _slots_of(vault))
            _publish(part, target)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    return size


@contextmanager
def _alone(target: Path) -> Iterator[bool]:
    """Two backups to one name would write into one file. Whether it is sure that nobody else writes one."""
    with ExitStack() as stack:
        try:
            sure = stack.enter_context(only_one(target.with_name(f"{target.name}.lock")))
        except Busy:
            raise Busy(
                f"{target} is being written by another backup: nothing was changed",
                "wait until it is done, or choose another name",
            ) from None
        yield sure


def look(path: Path) -> Backup:
    """Read a backup file from one end to the other. Raises NotAVault, DamagedVault; needs no passphrase."""
    with _disk_told(path), open_file(path) as file:
        return _look(file, path.name)


def restore(path: Path, folder: Path, secret: str) -> None:
    """Make a home from a backup file, where there is none. The key slots come last, as in any new vault.

    Raises VaultExists, UnsafeHome, NotAVault, DamagedVault, NewerVault, WrongPassphrase; after any of them
    the folder is as it was.
    """
    home = Home(folder)
    home.check_free()
    found = look(path)
    key = keyslots.unlock(found.slots, *readings(secret)).key
    was_there = folder.exists()
    home.prepare()
    try:
        with _disk_told(folder), open_file(path) as source:
            _copy(source, home.database, found.database_bytes)
            sync_folder(folder)
        _check(home, key, found.slots.vault_id)
        write_durably(home.slots, found.raw_slots, temporary=home.new_slots)
    except BaseException:
        _undo(home, keep=was_there)
        raise
    home.creating.unlink()


def _look(file: IO[bytes], name: str) -> Backup:
    whole = file.seek(0, os.SEEK_END)
    file.seek(max(0, whole - TRAILER.size))
    raw = file.read(TRAILER.size)
    if len(raw) < TRAILER.size or not raw.startswith(BACKUP_MAGIC):
        raise NotAVault(f"{name} is no whole backup of a vault", "choose the file that `backup` wrote")
    _, database, slots, digest = TRAILER.unpack(raw)
    if database + slots + TRAILER.size != whole or slots > keyslots.FILE_BYTES:
        raise _damaged(name)
    file.seek(0)
    if _hash(file, database + slots) != digest:
        raise _damaged(name)
    file.seek(0)
    head = file.read(len(MAGIC) + keyslots.VAULT_ID_BYTES)
    file.seek(database)
    raw_slots = file.read(slots)
    parsed = keyslots.parse(raw_slots)
    if head != MAGIC + parsed.vault_id:
        raise WrongVault(f"{name} holds the parts of two vaults", "choose another backup")
    return Backup(database_bytes=database, slots=parsed, raw_slots=raw_slots)


def _damaged(name: str) -> DamagedVault:
    return DamagedVault(
        f"{name} is damaged: it is not what was written", "choose another backup; this one was not touched"
    )


def _slots_of(vault: Vault) -> bytes:
    """As they stand on the disk: another program may have changed the passphrase."""
    raw = vault.home.slots.read_bytes()
    if keyslots.parse(raw).vault_id != vault.slots.vault_id:
        raise VaultError("the key slots belong to another vault now", "lock and open it again")
    return raw


def _seal(part: Path, slots: bytes) -> int:
    """Put the key slots and the digest behind the database, wait for the disk, and read all of it again."""
    with part.open("r+b") as file:
        database = file.seek(0, os.SEEK_END)
        file.write(slots)
        file.seek(0)
        digest = _hash(file, database + len(slots))
        file.write(TRAILER.pack(BACKUP_MAGIC, database, len(slots), digest))
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            # What is read next has to come from the disk, not from memory.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    with part.open("rb", buffering=0) as file:
        _look(file, part.name)
    return database + len(slots) + TRAILER.size


def _hash(file: IO[bytes], size: int) -> bytes:
    digest = hashlib.sha256()
    for chunk in _chunks(file, size):
        digest.update(chunk)
    return digest.digest()


def _chunks(file: IO[bytes], size: int) -> Iterator[bytes]:
    """So many bytes from here on; fewer when the file ends before."""
    while size > 0 and (chunk := file.read(min(CHUNK_BYTES, size))):
        size -= len(chunk)
        yield chunk


def _publish(part: Path, target: Path) -> None:
    """Give the file its name, unless something has got it in the meantime."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise VaultExists(f"{target} is there already: nothing was changed", "choose another name") from None
    except OSError:
        # Sticks often know no second names.
        if target.exists():
            raise VaultExists(
                f"{target} is there already: nothing was changed", "choose another name"
            ) from None
        part.rename(target)
    sync_folder(target.absolute().parent)


def _clear_part(part: Path, *, left: bool) -> None:
    """Remove what a backup that was cut short left; never a file of anybody else's, nor one that may not be
    left but be being written.
    """
    try:
        with part.open("rb") as file:
            head = file.read(len(MAGIC))
    except FileNotFoundError:
        return
    except OSError:
        head = b"?"
    if not left or head not in (b"", MAGIC):
        raise VaultExists(f"{part} is there already: nothing was changed", "choose another name")
    part.unlink()


def _copy(source: IO[bytes], target: Path, size: int) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        for chunk in _chunks(source, size):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _check(home: Home, key: bytes, vault_id: bytes) -> None:
    """Verify every page, bring the schema up to date, forget which programs had the other copy open."""
    check_header(home.database, vault_id)
    database = Database.open(home.database, key, vault_id)
    try:
        migrations.check(database)
        database.check_integrity()
        migrations.migrate(database)
        openings = Openings(database, home)
        openings.forget(openings.left())
        database.checkpoint()
    finally:
        database.close()


def _undo(home: Home, *, keep: bool) -> None:
    """Take away what was made of a home that did not come to be."""
    for left in (*home.left_by_a_vault(), home.creating):
        with suppress(OSError):
            left.unlink(missing_ok=True)
    with suppress(OSError):
        home.blobs.rmdir()
        if not keep:
            home.folder.rmdir()


@contextmanager
def _disk_told(place: Path) -> Iterator[None]:
    """Inside: what a disk refuses is told as such."""
    try:
        yield
    except FileNotFoundError as error:
        raise VaultError(f"{place} is not there: {error.strerror}", "check the name, and the stick") from None
    except OSError as error:
        raise VaultError(
            f"{place} could not be read or written: {error.strerror or error}",
            "check that the disk is there, writable and not full; nothing was changed",
        ) from None
