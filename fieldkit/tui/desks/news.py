"""What an exchange brought, a line each, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fieldkit.tui.link_words import counted, size

if TYPE_CHECKING:
    from fieldkit.actions.exchange_reports import PullReport, SyncReport


def sync_news(report: SyncReport, settled: int) -> Iterator[str]:
    """What a sync did; `settled` reports were confirmed in it."""
    yield from _sent(settled)
    if report.delivered_now:
        yield f"✓✓ {counted(report.delivered_now, 'report')} delivered to a coordinator"
    yield from _people(report)
    for refused in report.refused:
        yield f"! refused: {refused}"
    for alarm in report.alarms:
        yield f"! tell a coordinator: {alarm}"
    yield from _limit(report)
    yield _traffic(report)


def pull_news(report: PullReport, settled: int) -> Iterator[str]:
    """What a coordinator's pull brought; what is missing or contradicts itself comes first."""
    for fork in report.forks:
        yield f"! FORK: {fork}"
    for gap in report.gaps:
        yield f"! missing: {gap}"
    for alarm in report.alarms:
        yield f"! look at this: {alarm}"
    if report.refused:
        yield f"! set aside because it does not hold: {counted(report.refused, 'frame')}"
    if report.awaiting_key:
        yield f"! cannot be opened yet, the key has not come: {counted(report.awaiting_key, 'frame')}"
    if report.unopened_pending:
        yield f"! of senders nobody has let in yet: {counted(report.unopened_pending, 'frame')}"
    yield (
        f"{counted(report.incidents_new, 'new report')} came"
        if report.incidents_new
        else "no new reports came"
    )
    if report.records_verified:
        yield f"{counted(report.records_verified, 'record')} opened and checked"
    for name, count in report.acknowledged_to:
        yield f"{name} is told: {counted(count, 'frame')} opened"
    yield from _sent(settled)
    yield from _people(report)
    yield from _limit(report)
    yield _traffic(report)


def _limit(report: SyncReport | PullReport) -> Iterator[str]:
    if report.capped:
        yield "! it ended at the limit on bytes, with something left to do: s goes on, l changes the limit"


def _sent(settled: int) -> Iterator[str]:
    if settled:
        yield f"✓ {counted(settled, 'report')} confirmed by the server"


def _people(report: SyncReport | PullReport) -> Iterator[str]:
    for name in report.certified:
        yield f"let in: {name}"
    for name in report.granted:
        yield f"given the keys of before: {name}"
    for waits in report.pending:
        yield f"newcomer waits: {waits}"


def _traffic(report: SyncReport | PullReport) -> str:
    return f"it took {size(report.bytes_up)} up, {size(report.bytes_down)} down, {report.seconds:.1f} s"
