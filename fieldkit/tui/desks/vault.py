"""The desk behind the door of a home on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.tui.desks.care import VaultKeeping
from fieldkit.tui.desks.entry import VaultEntry
from fieldkit.tui.desks.link import VaultLink
from fieldkit.tui.desks.reports import VaultReports
from fieldkit.tui.desks.telling import told
from fieldkit.tui.desks.writing import VaultWriting

if TYPE_CHECKING:
    from fieldkit.actions.recovered import Watched
    from fieldkit.actions.session import Session


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
