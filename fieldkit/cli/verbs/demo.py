"""The whole journey on this machine."""

from __future__ import annotations

from pathlib import Path

from fieldkit.cli import shapes
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault


def demo(context: Context, *, keep: str | None) -> ExitCode:
    """Run it. Each step is a line of the output; with --json it is talk, and the figures are the output."""
    from fieldkit.demo import script

    folder = Path(keep).expanduser() if keep else None
    if folder is not None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CliFault(ExitCode.INPUT, f"{folder} is there and not empty", "name a folder that is new")
    output = context.output
    report = script.run(keep=folder, say=output.say if output.json else output.line)
    if output.json:
        output.give(shapes.DEMO.of(report), [])
    return ExitCode.OK if report.ok else ExitCode.INTERNAL
