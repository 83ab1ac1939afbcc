"""The file of the encrypted database as it is looked at before anything opens it: docs/vault-format.md §3."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fieldkit.vault.errors import NotAVault, WrongVault

MAGIC: Final = b"fkv1"
"""First bytes of vault.db; the vault id follows. Together they are the salt SQLCipher keeps there."""

HEADER_BYTES: Final = 16


def header_of(vault_id: bytes) -> bytes:
    """The first 16 bytes of the vault.db that belongs to a vault id."""
    return MAGIC + vault_id


def check_header(path: Path, vault_id: bytes) -> None:
    """Look at a file before SQLCipher does: it would take an empty file for a new, empty vault (R1).

    Raises NotAVault for an empty or foreign file, WrongVault for the database of another vault.
    """
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    if not head:
        raise NotAVault(
            f"{path.name} is empty: expected an encrypted database", "put vault.db back from a backup"
        )
    if not head.startswith(MAGIC):
        raise NotAVault(
            f"{path.name} is not a vault's database: it begins differently; it was not touched",
            "put vault.db back from a backup",
        )
    if head != header_of(vault_id):
        raise WrongVault(
            f"{path.name} belongs to another vault than slots.cbor",
            "put back the two files of one vault, from the same backup",
        )
