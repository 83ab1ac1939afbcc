"""The reporter's own copy of the vault, and a home made from one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldkit.actions.errors import in_plain_words
from fieldkit.actions.named_files import named_file
from fieldkit.actions.session import Session
from fieldkit.actions.unlock import enough_memory
from fieldkit.vault import copying
from fieldkit.vault.platform import harden_process

KEPT = (
    "It opens with the passphrase of today, or recovery words made before; panic erase does not reach it.",
    "Keep it away from this laptop and from that paper. Who finds it can guess the passphrase, for ever.",
)
"""What somebody who makes a backup has to know."""

RESTORED = (
    "It holds what was in the vault when the backup was made, and nothing that was written after that.",
    "Use one of the two laptops from now on. When both send, nothing is lost, and both are told of it.",
)
"""What somebody who put one back has to know (docs/adr/0013-new-incarnation-by-signed-evidence.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A backup that was written and read back."""

    file: Path
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A home that was made from a backup."""

    home: Path
    file: Path
    size: int
    """Bytes of the backup."""


def back_up(session: Session, file: Path) -> BackedUp:
    """Write the vault as it is now to a new file, encrypted, and read it back. Raises InputProblem."""
    whole = named_file(file)
    with in_plain_words():
        return BackedUp(file=whole, size=copying.back_up(session.vault, whole))


def restore(home: Path, file: Path, passphrase: str) -> Restored:
    """Make a home from a backup, where there is none.

    Raises LockedProblem for a wrong passphrase and where a vault is, InputProblem for a bad file.
    """
    harden_process()
    whole = named_file(file)
    with in_plain_words(), enough_memory():
        copying.restore(whole, home, passphrase)
    return Restored(home=home, file=whole, size=whole.stat().st_size)


def check(file: Path) -> None:
    """Read a backup from one end to the other, before a passphrase is asked for. Raises InputProblem."""
    with in_plain_words():
        copying.look(named_file(file))
