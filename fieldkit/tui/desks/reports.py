"""Lists of reports, one to be read, and what is done to them without writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fieldkit.forms.problems import Fault
from fieldkit.model.text import sentence
from fieldkit.tui.desks.telling import told
from fieldkit.tui.ports.reports import Cursor, NamedFilter, Outcome, Page, Past, PastStep, Reading, Summary
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.report_changes import changes
from fieldkit.tui.report_text import passages
from fieldkit.tui.review_words import where

if TYPE_CHECKING:
    from fieldkit.actions.history import Step
    from fieldkit.actions.records import RecordView
    from fieldkit.actions.session import Session
    from fieldkit.forms.definition import Form


class VaultReports:
    """The reports of an open vault."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def summary(self) -> Summary:
        """What is always visible. Raises Trouble."""
        with told():
            from fieldkit.actions import copies, records, status

            found, alarm = status.status(self._session), copies.alarm(self._session)
            fresh = records.unread(self._session)
        return Summary(
            who=found.pseudonym or "",
            drafts=found.drafts,
            waiting=found.waiting,
            last_sync=found.last_sync,
            troubles=len(found.problems),
            fresh=fresh,
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
            records.mark_read(self._session, number)
        line = view.line
        return Reading(
            heading=f"{line.glyph} {line.state}  {line.number:04d}  {line.title or '(no title)'}",
            notes=tuple(sentence(note) for note in (*self._author(view), *_notes(view))),
            passages=passages(view.form, view.answers, "en"),
            line=line,
        )

    def _author(self, view: RecordView) -> Iterator[str]:
        """Who wrote a report that came from others, and when."""
        if not view.line.own and view.line.author:
            offset = timedelta(minutes=self._session.utc_offset())
            yield f"Written by {view.line.author}, {_moment(view.line.updated, offset)} by their clock"

    def past(self, number: int) -> Past:
        """Its history, without its sources lane. Raises Trouble."""
        with told():
            from fieldkit.actions import history

            found = history.history(self._session, str(number))
            offset = timedelta(minutes=self._session.utc_offset())
        return Past(
            heading=f"History of {found.number:04d}  {found.title or '(no title)'}",
            steps=tuple(_past_step(step, found.form, offset) for step in found.steps),
        )

    def duplicate(self, number: int) -> int:
        """A new draft that says the same. Raises Trouble."""
        with told():
            from fieldkit.actions import duplicating

            return duplicating.duplicate(self._session, str(number))

    def discard(self, numbers: Sequence[int]) -> Outcome:
        """Throw drafts away, one after the other."""
        with told():
            from fieldkit.actions import discarding
        return _each(numbers, lambda number: discarding.discard(self._session, str(number)))

    def bring_back(self) -> int:
        """The draft thrown away last. Raises Trouble."""
        with told():
            from fieldkit.actions import discarding

            return discarding.restore(self._session)

    def withdraw(self, numbers: Sequence[int], reason: str) -> Outcome:
        """Take reports back, one after the other."""
        with told():
            from fieldkit.actions import capture
        return _each(numbers, lambda number: capture.withdraw(self._session, str(number), reason))

    def mark_urgent(self, numbers: Sequence[int]) -> Outcome:
        """Let reports go first, one after the other."""
        with told():
            from fieldkit.actions import urgency
        return _each(numbers, lambda number: urgency.mark_urgent(self._session, str(number)))

    def filters(self) -> tuple[NamedFilter, ...]:
        """Named queries. Raises Trouble."""
        with told():
            from fieldkit.actions import filters

            found = filters.named(self._session)
        return tuple(NamedFilter(name=one.name, query=one.query, own=one.own) for one in found)

    def keep_filter(self, name: str, query: str) -> None:
        """Give a query a name. Raises Trouble."""
        with told():
            from fieldkit.actions import filters

            filters.keep(self._session, name, query)

    def drop_filter(self, name: str) -> None:
        """Forget a name. Raises Trouble."""
        with told():
            from fieldkit.actions import filters

            filters.remove(self._session, name)


def _each(numbers: Sequence[int], act: Callable[[int], object]) -> Outcome:
    """What fails for one report does not keep the others from it."""
    done, troubles = [], []
    for number in numbers:
        try:
            with told():
                act(number)
        except Trouble as trouble:
            troubles.append(f"{trouble.message}. {trouble.hint}" if trouble.hint else f"{trouble.message}.")
        else:
            done.append(number)
    return Outcome(done=tuple(done), troubles=tuple(troubles))


def _withdrawals(view: RecordView) -> Iterator[str]:
    """Who took the report back, and why."""
    for line in view.revisions:
        if line.withdraws:
            yield f"Withdrawn by {line.author}: {line.withdraws}"
    if view.line.state == "withdrawn" and view.line.unsent:
        yield "The withdrawal is not sent yet: who has the report takes it for valid until the next sync"


def _notes(view: RecordView) -> Iterator[str]:
    """What is to be said above the answers: questions by the words the form has for them."""
    if view.doubt:
        yield view.doubt
    yield from view.problems[: len(view.problems) - len(view.faults)]
    for fault in view.faults:
        # Of a missing answer the hint is the label, which stands before it.
        spot = where(view.form, fault.place, view.answers, "en")
        hint = f" {sentence(fault.hint)}" if fault.hint and fault.fault is not Fault.MISSING else ""
        yield f"{spot}: {sentence(fault.message)}{hint}"
    yield from _withdrawals(view)


def _moment(seconds: int, offset: timedelta) -> str:
    """`3 October 2026 14:05`."""
    try:
        then = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds) + offset
    except OverflowError:
        return "an impossible time"
    return f"{then:%d %B %Y %H:%M}".lstrip("0")


def _past_step(step: Step, form: Form, offset: timedelta) -> PastStep:
    when = _moment(step.created, offset)
    if not step.id:
        heading = f"{when} · open draft, not finished"
    else:
        heading = f"{when} · {step.author or 'unknown'} · {step.state}"
    notes = []
    if step.withdraws is not None:
        notes.append(f"Took the report back: {step.withdraws}")
    if step.brings_back:
        notes.append("Brings the report back, which had been withdrawn" if step.id else BRINGS_BACK)
    return PastStep(heading=heading, notes=tuple(notes), changes=changes(form, step.before, step.after))


BRINGS_BACK = "The report was withdrawn: finishing this draft brings it back"
