"""Answers the screens out of a vault: the only place of this package where actions are called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.tui.ports import Cursor, Page, Reading, Summary, Trouble
from fieldkit.tui.report_text import passages

if TYPE_CHECKING:
    from fieldkit.actions.records import RecordView
    from fieldkit.actions.session import Session


class HomeDoor:
    """The door of a home on disk. Imports what opening needs only when it is asked to."""

    def __init__(self, home: Path) -> None:
        self._home = home

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
        import fieldkit.actions.unlock  # noqa: F401

    def open(self, passphrase: str) -> VaultDesk:
        """Open the vault. Raises Trouble."""
        with _told():
            from fieldkit.actions import unlock

            return VaultDesk(unlock.unlock(self._home, passphrase))


class VaultDesk:
    """An open vault."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def summary(self) -> Summary:
        """What is always visible. Raises Trouble."""
        with _told():
            from fieldkit.actions import copies, status

            found, alarm = status.status(self._session), copies.alarm(self._session)
        return Summary(
            who=found.pseudonym or "",
            drafts=found.drafts,
            waiting=found.waiting,
            last_sync=found.last_sync,
            troubles=len(found.problems),
            alarm=alarm,
        )

    def page(self, after: Cursor | None, limit: int, query: str = "") -> Page:
        """Lines after a cursor. Raises Trouble."""
        with _told():
            from fieldkit.actions import records

            lines = records.list_records(self._session, limit=limit, after=after, query=query)
        return Page(lines=lines, following=lines[-1].row if len(lines) == limit else None)

    def read(self, number: int) -> Reading:
        """One report, without its sources lane. Raises Trouble."""
        with _told():
            from fieldkit.actions import records

            view = records.show(self._session, str(number))
        line = view.line
        return Reading(
            heading=f"{line.glyph} {line.state}  {line.number:04d}  {line.title or '(no title)'}",
            notes=(*((view.doubt,) if view.doubt else ()), *view.problems, *_withdrawals(view)),
            passages=passages(view.form, view.answers, "en"),
        )

    def lock(self) -> None:
        """Close the vault and drop its keys."""
        with _told():
            self._session.lock()


def _withdrawals(view: RecordView) -> Iterator[str]:
    """Who took the report back, and why."""
    for line in view.revisions:
        if line.withdraws:
            yield f"withdrawn by {line.author}: {line.withdraws}"


@contextmanager
def _told() -> Iterator[None]:
    """Expected trouble in the screens' own words."""
    from fieldkit.actions.errors import ActionError

    try:
        yield
    except ActionError as error:
        raise Trouble(error.message, error.hint or "") from None
