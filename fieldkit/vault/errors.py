"""What can go wrong with a vault, one class for each thing a person does about it.

Every error says what was expected, what came, and (in `hint`) what to do next.
"""

from __future__ import annotations

JOIN_FIRST = "join one with `fieldkit join -`, or make one with `fieldkit org create`"
"""What to do while a vault belongs to no organisation."""


class VaultError(Exception):
    """Something about the vault or its home; the message is for people, `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class NoVault(VaultError):
    """There is no vault in this home."""


class VaultExists(VaultError):
    """A vault is there already; creating never overwrites."""


class UnsafeHome(VaultError):
    """The home is open to other people of this machine, or is not a folder."""


class NotAVault(VaultError):
    """A file is where the vault should be, but it is empty or something else. It was not touched."""


class WrongVault(VaultError):
    """The database and the key slots belong to different vaults."""


class DamagedVault(VaultError):
    """Key slots or database were a vault's and no longer hold together."""


class NewerVault(VaultError):
    """Written by a newer fieldkit than this one."""


class WrongPassphrase(VaultError):
    """No key slot opens with what was typed."""


class WeakPassphrase(VaultError):
    """A new passphrase that would be guessed."""


class TooSoon(VaultError):
    """After several failures the next try has to wait; `seconds` says how long."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"the passphrase was wrong several times: the next try is possible in {seconds} s",
            "wait, then try again; nothing is erased by wrong tries",
        )
        self.seconds = seconds


class PracticeVault(VaultError):
    """The vault is for practice: what was asked leaves the laptop, or belongs to a real one."""


class Busy(VaultError):
    """Another fieldkit holds the lock of this home."""


class VaultLocked(VaultError):
    """The vault was locked while something still wanted to use it."""


class NotErased(VaultError):
    """A key slot is still there: nothing may be called erased."""


class Overtaken(VaultError):
    """A draft was changed by another since it was opened here; nothing was written over."""


class UnsafeEngine(VaultError):
    """The SQLite or SQLCipher library here does not give the guarantees a vault needs."""


class NoSuchRecord(VaultError):
    """Nothing here has that number or id."""


class AmbiguousRecord(VaultError):
    """Several records begin with those digits."""


class OutOfStep(VaultError):
    """What was to be stored does not continue what is stored: the program's mistake; nothing was written."""
