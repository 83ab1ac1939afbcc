"""What the words of the library mean for a person: a disk that fails, or a file that is damaged."""

from __future__ import annotations

from pathlib import Path

from fieldkit.vault.errors import DamagedVault, VaultError


def disk_trouble(text: str) -> VaultError | None:
    """What to say when the disk, not the vault, is at fault; None when it is not the disk."""
    if "disk I/O" in text or "readonly" in text or "unable to open" in text:
        return VaultError(
            f"the disk could not be read or written ({text}); what was saved before stays saved",
            "make sure that the disk is there, writable and not full, then try again",
        )
    if "disk is full" in text:
        return VaultError("the disk is full: nothing of this was stored", "free some space, then try again")
    return None


def damaged(path: Path, detail: str) -> DamagedVault:
    """What to say of a file whose pages do not authenticate, or do not fit together."""
    return DamagedVault(
        f"{path.name} is damaged or was changed from outside ({detail})",
        "work on a copy; put vault.db and slots.cbor back from a backup",
    )
