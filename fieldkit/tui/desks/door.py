"""The door of a home on disk, and the desk behind it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.tui.desks.care import HomeCare, VaultKeeping
from fieldkit.tui.desks.entry import HomeFirstRun, VaultEntry
from fieldkit.tui.desks.link import VaultLink
from fieldkit.tui.desks.reports import VaultReports
from fieldkit.tui.desks.telling import told
from fieldkit.tui.desks.writing import VaultWriting
from fieldkit.vault.errors import VaultError
from fieldkit.vault.home import Home, beside

if TYPE_CHECKING:
    from fieldkit.actions.recovered import Watched
    from fieldkit.actions.session import Session


class HomeDoor:
    """The door of a home on disk. Imports what opening needs only when it is asked to."""

    def __init__(self, home: Path, *, real: HomeDoor | None = None) -> None:
        self._home = home
        self._real = real
        self.care = HomeCare(home)
        self.first = HomeFirstRun()

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

    def create(self, passphrase: str) -> VaultDesk:
        """Make a vault and open it. Raises Trouble."""
        with told():
            from fieldkit.actions import practice, unlock

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
        import fieldkit.actions.wiping  # noqa: F401

    def open(self, passphrase: str) -> VaultDesk:
        """Open the vault. Raises Trouble."""
        with told():
            from fieldkit.actions import unlock

            return VaultDesk.of(unlock.unlock(self._home, passphrase))


class VaultDesk:
    """An open vault."""

    def __init__(self, session: Session, watched: Watched | None = None) -> None:
        self._session = session
        self._watched = watched
        self.reports = VaultReports(session)
        self.writing = VaultWriting(session)
        self.keeping = VaultKeeping(session)
        self.link = VaultLink(session)
        self.entry = VaultEntry(session, watched.left if watched else None)

    @classmethod
    def of(cls, session: Session) -> VaultDesk:
        """The desk for a vault that somebody is going to write in: from now on a crash is noticed."""
        from fieldkit.actions.recovered import begin

        try:
            return cls(session, begin(session))
        except BaseException:
            session.lock()
            raise

    def lock(self, *, orderly: bool = True) -> None:
        """Close the vault and drop its keys."""
        self.link.close()
        with told():
            from fieldkit.actions.recovered import close

            watched, self._watched = self._watched, None
            if watched is not None:
                close(self._session, watched.held, orderly=orderly)
            self._session.lock()
