"""The whole journey on this machine."""

from __future__ import annotations

from pathlib import Path

from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode


def demo(context: Context, *, keep: str | None) -> ExitCode:
    """Run it; it prints its own steps."""
    from fieldkit.demo import script

    code = script.run(json=context.output.json, keep=Path(keep).expanduser() if keep else None)
    return {int(known): known for known in ExitCode}[int(code or 0)]
