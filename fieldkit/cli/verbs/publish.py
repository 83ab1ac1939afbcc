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
        report = publish.export(session, kind, Path(out), sources=sources)
    context.output.give(
        shapes.EXPORT.of(report),
        [f"{report.path}  {wording.counted(report.incidents, 'incident')}, {wording.size(report.bytes)}"],
    )
    if report.left_out:
        context.output.say(f"{wording.counted(report.left_out, 'report')} left out: {report.reason_left_out}")
    named = "The file names sources. It" if sources else "The file"
    context.output.say(f"{named} is not encrypted: keep it where only you can read it.")
    context.output.say("Nothing in it is redacted, and positions are as exact as they were given.")
    return ExitCode.OK
