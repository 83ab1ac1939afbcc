"""Lists of reports, and one to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fieldkit.tui.desks.telling import told
from fieldkit.tui.ports.reports import Cursor, Page, Reading, Summary
from fieldkit.tui.report_text import passages

if TYPE_CHECKING:
    from fieldkit.actions.records import RecordView
    from fieldkit.actions.session import Session


class VaultReports:
    """The reports of an open vault."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def summary(self) -> Summary:
        """What is always visible. Raises Trouble."""
        with told():
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
        with told():
            from fieldkit.actions import records

            lines = records.list_records(self._session, limit=limit, after=after, query=query)
        return Page(lines=lines, following=lines[-1].row if len(lines) == limit else None)

    def read(self, number: int) -> Reading:
        """One report, without its sources lane. Raises Trouble."""
        with told():
            from fieldkit.actions import records

            view = records.show(self._session, str(number))
        line = view.line
        return Reading(
            heading=f"{line.glyph} {line.state}  {line.number:04d}  {line.title or '(no title)'}",
            notes=(*((view.doubt,) if view.doubt else ()), *view.problems, *_withdrawals(view)),
            passages=passages(view.form, view.answers, "en"),
        )


def _withdrawals(view: RecordView) -> Iterator[str]:
    """Who took the report back, and why."""
    for line in view.revisions:
        if line.withdraws:
            yield f"withdrawn by {line.author}: {line.withdraws}"
