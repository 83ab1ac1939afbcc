"""The door of a home on disk, and the desk behind it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.tui.desks.care import HomeCare
from fieldkit.tui.desks.reports import VaultReports
from fieldkit.tui.desks.telling import told
from fieldkit.tui.desks.writing import VaultWriting

if TYPE_CHECKING:
    from fieldkit.actions.session import Session


class HomeDoor:
    """The door of a home on disk. Imports what opening needs only when it is asked to."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.care = HomeCare(home)

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._home)

    def exists(self) -> bool:
        """Whether a vault is there. Light: it runs before the first paint."""
        from fieldkit.vault.home import Home

        return Home(self._home).slots.exists()

    def prepare(self) -> None:
        """Load the actions and the libraries under them."""
        import fieldkit.actions.records
        import fieldkit.actions.status
        import fieldkit.actions.unlock
        import fieldkit.actions.wiping  # noqa: F401

    def open(self, passphrase: str) -> VaultDesk:
        """Open the vault. Raises Trouble."""
        with told():
            from fieldkit.actions import unlock

            return VaultDesk(unlock.unlock(self._home, passphrase))


class VaultDesk:
    """An open vault."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.reports = VaultReports(session)
        self.writing = VaultWriting(session)

    def lock(self) -> None:
        """Close the vault and drop its keys."""
        with told():
            self._session.lock()
