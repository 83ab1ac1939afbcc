"""The reporter's work: new, edit, finish, list, search, show, history, duplicate, discard, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fieldkit.cli import shapes, wording
from fieldkit.cli.cells import columns
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.plain.lines import Ended, Idle, ending_on_signals
from fieldkit.cli.report_page import system_language
from fieldkit.cli.sources import answers, one_line
from fieldkit.tui.link_words import URGENT

if TYPE_CHECKING:
    from fieldkit.actions.capture import DraftLine, Finished
    from fieldkit.actions.records import RecordLine
    from fieldkit.actions.session import Session

PAGE = 500
"""Reports read at a time: a list of any length is printed in bounded memory."""


def new(context: Context, *, form: str, source: str | None, changes: Sequence[tuple[str, str]]) -> ExitCode:
    """Open a draft."""
    from fieldkit.actions import capture, contents

    contents.load_form(form)
    if context.plain and not (source or changes):
        return _write(context, None)
    given = answers(source, changes)
    with context.unlocked() as session:
        return _tell_draft(context, capture.new_draft(session, given))


def edit(
    context: Context,
    *,
    ref: str,
    source: str | None,
    changes: Sequence[tuple[str, str]],
    unset: Sequence[str],
) -> ExitCode:
    """Change answers of a draft, or begin one on a finished report."""
    from fieldkit.actions import capture

    if context.plain and not (source or changes or unset):
        return _write(context, ref)
    given: dict[str, object | None] = {**answers(source, changes), **dict.fromkeys(unset)}
    with context.unlocked() as session:
        return _tell_draft(context, capture.edit(session, ref, given))


def finish(context: Context, *, ref: str, bring_back: bool) -> ExitCode:
    """Make a draft a signed revision."""
    from fieldkit.actions import capture

    with context.unlocked() as session:
        if context.plain:
            done = _looked_over(context, session, ref)
        else:
            _point_out(context, session, ref)
            done = capture.finish(session, ref, bring_back=bring_back)
    if done is None:
        return ExitCode.OK
    size = wording.size(done.size_estimate)
    if context.plain:
        said = f"Report {done.number} is finished: it is signed, and waits on this laptop to be sent."
        then = f"About {size} to send. To send it: sync."
    else:
        said = f"{done.number} finished: revision {done.revision} of incident {done.incident}"
        then = f"About {size} to send in {' and '.join(done.lanes)}. `fieldkit sync` sends it."
    context.output.give(shapes.FINISHED.of(done), [said])
    context.output.say(then)
    return ExitCode.OK


def list_reports(context: Context, *, state: str | None, limit: int) -> ExitCode:
    """List reports, the latest first."""
    return _list(context, state, "", limit)


def search(context: Context, *, query: str, limit: int) -> ExitCode:
    """List the reports a query finds."""
    return _list(context, None, one_line(query, "what to look for"), limit)


def _list(context: Context, state: str | None, query: str, limit: int) -> ExitCode:
    with context.unlocked() as session:
        lines = _read(session, state, query, limit)
    named = not all(line.own for line in lines)
    told = _spoken(lines, named) if context.plain else _table(lines, context.output.width, named=named)
    context.output.give([shapes.REPORTS.of(line) for line in lines], told)
    if not lines:
        context.output.say("Nothing found." if query or state else "There are no reports yet.")
    if limit and len(lines) == limit:
        context.output.say(f"The latest {limit}; `--limit 0` lists all.")
    return ExitCode.OK


def show(context: Context, *, ref: str, sources: bool) -> ExitCode:
    """Show one report."""
    from fieldkit.actions import records
    from fieldkit.cli.report_page import report_page

    with context.unlocked() as session:
        view = records.show(session, ref, sources=sources)
    context.output.give(shapes.REPORT.of(view), report_page(view, context.output.width))
    return ExitCode.OK


def history(context: Context, *, ref: str, sources: bool) -> ExitCode:
    """Show how a report came to be."""
    from fieldkit.actions import history as action
    from fieldkit.cli.history_page import history_data, history_page

    with context.unlocked() as session:
        found = action.history(session, ref, sources=sources)
    context.output.give(history_data(found), history_page(found, context.output.width))
    return ExitCode.OK


def duplicate(context: Context, *, ref: str) -> ExitCode:
    """Begin a report with what another one says."""
    from fieldkit.actions import duplicating

    with context.unlocked() as session:
        number = duplicating.duplicate(session, ref)
    context.output.give({"number": number}, [str(number)])
    context.output.say("A draft of its own: nothing joins the two reports.")
    return ExitCode.OK


def discard(context: Context, *, ref: str, undo: bool) -> ExitCode:
    """Throw a draft away, or bring one back."""
    from fieldkit.actions import discarding

    with context.unlocked() as session:
        number = discarding.restore(session, ref) if undo else discarding.discard(session, ref)
    context.output.give({"number": number}, [str(number)])
    if undo:
        context.output.say(f"Draft {number} is back, as it was.")
    else:
        context.output.say(
            f"Kept in the vault for {discarding.UNDO_MINUTES} minutes: `fieldkit discard {number} --undo`"
            " brings it back. Then it is erased."
        )
    return ExitCode.OK


def withdraw(context: Context, *, ref: str, reason: str | None) -> ExitCode:
    """Take a sent report back."""
    from fieldkit.actions import capture, records

    if reason is None and not context.plain:
        hint = "give one: --reason 'sent by mistake', or --reason -"
        raise CliFault(ExitCode.USAGE, "a withdrawal needs a reason", hint)
    given = None if reason is None else one_line(reason, "a reason")
    with context.unlocked() as session:
        given = given or _asked_why(context, session, ref)
        if given is None:
            context.output.say("Nothing was taken back.")
            return ExitCode.OK
        capture.withdraw(session, ref, given)
        line = records.show(session, ref).line
    context.output.give(shapes.REPORT_LINE.of(line), _table([line], context.output.width))
    context.output.say("The withdrawal goes out with the next `fieldkit sync`. Nothing is deleted by it.")
    return ExitCode.OK


def _write(context: Context, ref: str | None) -> ExitCode:
    """Ask every question, in lines."""
    if context.output.json:
        raise CliFault(ExitCode.USAGE, "a conversation prints no JSON", "leave --json or --plain away")
    from fieldkit.actions import writing
    from fieldkit.cli.plain.writing import write

    language = system_language()
    with context.unlocked() as session, ending_on_signals():
        begun = (
            writing.begin(session, language=language)
            if ref is None
            else writing.open_report(session, ref, language=language)
        )
        try:
            number = write(session, context.lines, begun)
        except (Ended, Idle) as stopped:
            if context.lent is not None:
                raise
            if isinstance(stopped, Idle):
                context.lines.say("Five minutes without a line. The vault is locked.")
            return ExitCode.OK
    if number is not None and context.lent is None:  # at the desk it was said already
        context.output.line(str(number))
    return ExitCode.OK


def _point_out(context: Context, session: Session, ref: str) -> None:
    """Say where a source is named in what every reader sees. It stops nobody."""
    from fieldkit.actions import records, writing
    from fieldkit.cli.plain.review import sources_named

    for said in sources_named(writing.review(session, records.show(session, ref).line.number)):
        context.output.say(said)


def _looked_over(context: Context, session: Session, ref: str) -> Finished | None:
    """Show what would be signed, and sign it when that is wanted. None when it stays a draft."""
    from fieldkit.actions import records, writing
    from fieldkit.cli.plain.review import review_lines

    number = records.show(session, ref).line.number
    review = writing.review(session, number)
    lines = context.lines
    lines.say(*review_lines(review, lines.width))
    if review.unchanged:
        lines.say(f"Report {number} stays as it was finished.")
        return None
    if not review.ready:
        lines.say(f"It cannot be finished yet and stays a draft. To mend it: edit {number}.")
        return None
    try:
        agreed = lines.agreed("Sign it, to be sent at the next sync?")
    except (Ended, Idle):
        lines.say("", "Nothing was signed: it stays a draft.")
        raise
    if not agreed:
        lines.say("Nothing was signed: it stays a draft.")
        return None
    return writing.finish(session, number, edition=review.edition)


def _asked_why(context: Context, session: Session, ref: str) -> str | None:
    """Why a report is taken back, after it was named; None when it is not."""
    from fieldkit.actions import records

    line = records.show(session, ref).line
    context.lines.say(
        *_spoken([line], named=False), "Taking it back deletes nothing: a record says so, and why."
    )
    why = context.lines.ask("Why it is taken back, in one line, for the coordinators; Enter alone leaves it:")
    return why if why.strip() and context.lines.agreed(f"Take report {line.number} back?") else None


def _tell_draft(context: Context, line: DraftLine) -> ExitCode:
    context.output.give(shapes.DRAFT.of(line), [str(line.number)])
    if line.missing:
        context.output.say(f"Still needed before it can be finished: {', '.join(line.missing)}")
    for problem in line.problems:
        context.output.say(f"Look at this: {problem}")
    return ExitCode.OK


def _read(session: Session, state: str | None, query: str, limit: int) -> list[RecordLine]:
    from fieldkit.actions import records

    found: list[RecordLine] = []
    after: int | None = None
    while not limit or len(found) < limit:
        wanted = min(PAGE, limit - len(found)) if limit else PAGE
        page = records.list_records(session, limit=wanted, after=after, state=state, query=query)
        found += page
        if len(page) < wanted:
            break
        after = page[-1].row
    return found


def _table(lines: Sequence[RecordLine], width: int | None, *, named: bool = False) -> list[str]:
    urgent = any(line.urgency for line in lines)
    rows = [
        (
            line.glyph,
            line.state,
            str(line.number),
            *([_urgent(line)] if urgent else []),
            line.date,
            _title(line),
            line.place,
            *([line.author] if named else []),
        )
        for line in lines
    ]
    return columns(rows, width=width, stretch=5 if urgent else 4)


def _spoken(lines: Sequence[RecordLine], named: bool) -> list[str]:
    """A line each, whole and without columns: it is read aloud, or breaks where the window ends."""
    return [
        ", ".join(
            part
            for part in (
                f"{line.number}: {_title(line)}",
                line.state,
                _urgent(line),
                line.date,
                line.place,
                f"by {line.author}" if named and line.author else "",
            )
            if part
        )
        for line in lines
    ]


def _title(line: RecordLine) -> str:
    notes = [
        note
        for note, so in (
            ("new", line.fresh),
            ("being changed", line.has_draft and line.state != "draft"),
            ("not sent yet", line.unsent and line.state == "withdrawn"),
        )
        if so
    ]
    title = line.title or "(no title)"
    return f"{title} ({', '.join(notes)})" if notes else title


def _urgent(line: RecordLine) -> str:
    return f"URGENT {URGENT[line.urgency]}" if line.urgency in URGENT else ""
