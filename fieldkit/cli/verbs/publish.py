"""Export."""

from __future__ import annotations

from pathlib import Path

from fieldkit.cli import shapes, wording
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode


def export(context: Context, *, out: str, kind: str, sources: bool) -> ExitCode:
    """Write the reports to a file."""
    from fieldkit.actions import publish

    with context.unlocked() as session:
        report = publish.export(session, kind, Path(out).expanduser(), sources=sources)
    context.output.give(
        shapes.EXPORT.of(report),
        [f"{report.path}  {wording.counted(report.incidents, 'incident')}, {wording.size(report.bytes)}"],
    )
    if report.left_out:
        context.output.say(f"{wording.counted(report.left_out, 'report')} left out: {report.reason_left_out}")
    if sources:
        context.output.say("The file names sources. It is not encrypted: keep it where only you can read it.")
    return ExitCode.OK
