"""The door of a home on disk. What is behind it is imported when it opens."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.tui.desks.care import HomeCare
from fieldkit.tui.desks.telling import told
from fieldkit.vault.errors import VaultError
from fieldkit.vault.home import Home, beside

if TYPE_CHECKING:
    from fieldkit.tui.desks.entry import HomeFirstRun
    from fieldkit.tui.desks.vault import VaultDesk


class HomeDoor:
    """The door of a home on disk. Imports what opening needs only when it is asked to."""

    def __init__(self, home: Path, *, real: HomeDoor | None = None) -> None:
        self._home = home
        self._real = real
        self.care = HomeCare(home)

    @property
    def first(self) -> HomeFirstRun:
        """What is asked where there is no vault; most starts are where there is one."""
        from fieldkit.tui.desks.entry import HomeFirstRun

        return HomeFirstRun()

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._home)

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self._home.name

    @property
    def practice(self) -> bool:
        """Whether this home is for practice."""
        home = Home(self._home)
        return home.for_practice() if home.slots.exists() else self._real is not None

    def exists(self) -> bool:
        """Whether a vault is there. Light: it runs before the first paint."""
        return Home(self._home).slots.exists()

    def obstacle(self) -> str:
        """Why no vault can be made here."""
        home = Home(self._home)
        try:
            home.check_free()
        except VaultError as error:
            return f"{error}; {error.hint}"
        return ""

    def rehearsal(self) -> HomeDoor:
        """The door of the practice vault beside this home."""
        return self if self.practice else HomeDoor(beside(self._home), real=self)

    def real(self) -> HomeDoor | None:
        """The door this is the rehearsal of."""
        return self._real

    def wait(self) -> int:
        """Seconds until the next passphrase may be tried."""
        from fieldkit.vault import attempts

        return attempts.load(Home(self._home).attempts).wait(int(time.time()))

    def recovery_words(self) -> bool:
        """Whether some key slot is of recovery words; of slots that cannot be read, opening tells."""
        from fieldkit.actions import unlock

        return unlock.recoverable(self._home)

    def create(self, passphrase: str) -> VaultDesk:
        """Make a vault and open it. Raises Trouble."""
        with told():
            from fieldkit.actions import practice, unlock
            from fieldkit.tui.desks.vault import VaultDesk

            if self.practice:
                return VaultDesk.of(practice.begin(self._home))
            return VaultDesk.of(unlock.initialise(self._home, passphrase))

    def throw_away(self) -> None:
        """Remove a practice vault. Raises Trouble."""
        with told():
            from fieldkit.actions import practice

            practice.throw_away(self._home)

    def prepare(self) -> None:
        """Load the actions and the libraries under them."""
        import fieldkit.actions.records
        import fieldkit.actions.status
        import fieldkit.actions.unlock
        import fieldkit.actions.wiping
        import fieldkit.tui.desks.vault  # noqa: F401

    def open(self, passphrase: str) -> VaultDesk:
        """Open the vault. Raises Trouble."""
        with told():
            from fieldkit.actions import unlock
            from fieldkit.tui.desks.vault import VaultDesk

            return VaultDesk.of(unlock.unlock(self._home, passphrase))
