"""The link: sync, pull."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from fieldkit.cli import shapes, wording
from fieldkit.cli.cells import columns
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.watch import NEWS_SECONDS, PULL_SECONDS, asked_to_stop, watching

PART = "sealed part"
"""What goes over the link: a report is one or several, keys and receipts are some too."""

if TYPE_CHECKING:
    from fieldkit.actions.exchange import PullReport, SyncReport
    from fieldkit.actions.session import Session
    from fieldkit.cli.plain.exchanged import Telling
    from sync.client.status import Status


def sync(context: Context, *, max_bytes: int | None, dry_run: bool, watch: bool) -> ExitCode:
    """Send what waits and fetch what is new."""
    from fieldkit.actions import exchange, outlook

    if watch and dry_run:
        raise CliFault(ExitCode.USAGE, "--watch sends, --dry-run does not", "give one of them")
    with context.unlocked() as session, asked_to_stop(watch) as stop:

        def once() -> tuple[ExitCode, bool]:
            telling = _telling(context, session, aloud=not dry_run)
            report = exchange.sync(
                session,
                max_bytes=max_bytes,
                dry_run=dry_run,
                progress=telling.progress if telling else _progress(context),
                stop=stop,
            )
            lines = telling.sync_lines(report) if telling else _sync_table(report)
            return _tell_sync(context, session, report, lines), report.capped

        if not watch:
            return once()[0]
        return watching(context, once, lambda: outlook.due(session)[0], NEWS_SECONDS, stop)


def _telling(context: Context, session: Session, *, aloud: bool = True) -> Telling | None:
    """In plain mode: who says in the words of the screens what goes on; None where tables are wanted."""
    if not context.plain:
        return None
    from fieldkit.cli.plain.exchanged import Telling

    return Telling.begin(session, context.output.say if aloud else lambda text: None)


def _tell_sync(context: Context, session: Session, report: SyncReport, lines: Iterable[str]) -> ExitCode:
    from fieldkit.cli.plain.exchanged import not_let_in

    dry_run = report.dry_run
    context.output.give(shapes.SYNC.of(report), lines)
    if not (context.plain or dry_run):
        for line in not_let_in(session):
            context.output.say(line)
    for alarm in report.alarms:
        context.output.say(f"Tell a coordinator: {alarm}")
    left = report.refused or (report.waiting_frames and not dry_run)
    return ExitCode.PARTIAL if left else ExitCode.OK


def pull(context: Context, *, watch: bool) -> ExitCode:
    """Fetch, verify and open the reports of all members."""
    from fieldkit.actions import exchange, outlook
    from fieldkit.cli.plain.exchanged import unread

    with context.unlocked() as session, asked_to_stop(watch) as stop:

        def once() -> tuple[ExitCode, bool]:
            telling = _telling(context, session)
            progress = telling.progress if telling else _progress(context)
            report = exchange.pull(session, progress=progress, stop=stop)
            lines = telling.pull_lines(report) if telling else _pull_lines(report)
            after = () if telling else unread(session)
            return _tell_pull(context, report, lines, after), report.capped

        if not watch:
            return once()[0]
        return watching(context, once, lambda: outlook.due(session)[0], PULL_SECONDS, stop)


def _tell_pull(context: Context, report: PullReport, lines: Iterable[str], after: Iterable[str]) -> ExitCode:
    context.output.give(shapes.PULL.of(report), lines)
    for line in after:
        context.output.say(line)
    if report.forks:
        return ExitCode.VERIFICATION
    return ExitCode.PARTIAL if report.gaps or report.awaiting_key or report.refused else ExitCode.OK


def _progress(context: Context) -> Callable[[Status], None]:
    """Says each new phase once: a line is read aloud, redrawing one is not."""
    said = ""

    def tell(status: Status) -> None:
        nonlocal said
        words = wording.phase_words(status.phase)
        if status.bytes_waiting:
            words = f"{words}, {wording.size(status.bytes_waiting)} to go"
        # What went wrong at the end comes as the error of the run, with its hint.
        if words != said and not status.error:
            said = words
            context.output.say(words)

    return tell


def _sync_table(report: SyncReport) -> list[str]:
    return _dry_lines(report) if report.dry_run else _sync_lines(report)


def _dry_lines(report: SyncReport) -> list[str]:
    frames, cost = wording.counted(report.waiting_frames, PART), wording.size(report.sent_bytes)
    rows = [
        ("would send", f"{frames}; reports: about {cost}"),
        ("beside that", f"about {wording.size(report.beside_bytes)} for keys and the connection"),
    ]
    if report.seconds:
        rows.append(("would take", f"about {report.seconds:.0f} s at the last speed"))
    return columns(rows)


def _sync_lines(report: SyncReport) -> list[str]:
    rows = [
        ("sent", f"{wording.counted(report.sent_frames, PART)}, {wording.size(report.sent_bytes)}"),
        ("newly held by the server", wording.counted(report.confirmed_frames, PART)),
        ("still waiting", wording.counted(report.waiting_frames, PART)),
        ("newly delivered", wording.counted(report.delivered_now, "report")),
        ("requests", _link(report)),
    ]
    rows += [("let in", name) for name in report.certified]
    rows += [("given the keys of before", name) for name in report.granted]
    rows += [("newcomer waiting", reason) for reason in report.pending]
    rows += [("refused", reason) for reason in report.refused]
    return columns(rows)


def _pull_lines(report: PullReport) -> list[str]:
    rows = [
        ("new reports", str(report.incidents_new)),
        ("came", wording.counted(sum(report.lanes.values()), PART)),
        ("opened and verified", wording.counted(report.records_verified, PART)),
        ("told their authors", f"of {wording.counted(report.acknowledged_frames, PART)}"),
    ]
    rows += _noted("offered to the server again", report.offered_frames)
    rows += _noted("waiting for a key", report.awaiting_key)
    rows += _noted("of senders nobody has let in yet", report.unopened_pending)
    rows += _noted("set aside because they do not hold", report.refused)
    rows += [("missing", gap) for gap in report.gaps] + [("FORK", fork) for fork in report.forks]
    rows += [("let in", name) for name in report.certified]
    rows += [("given the keys of before", name) for name in report.granted]
    rows += [("newcomer waiting", reason) for reason in report.pending]
    rows += [("ALARM", alarm) for alarm in report.alarms]
    rows.append(("requests", _link(report)))
    return columns(rows)


def _link(report: SyncReport | PullReport) -> str:
    traffic = f"{wording.size(report.bytes_up)} up, {wording.size(report.bytes_down)} down"
    return f"{report.requests}, {traffic}, {report.seconds:.1f} s"


def _noted(label: str, count: int) -> Sequence[tuple[str, str]]:
    return [(label, str(count))] if count else []
