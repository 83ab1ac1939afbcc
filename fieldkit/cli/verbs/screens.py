"""The program without a verb: the screens."""

from __future__ import annotations

import sys

from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault


def screens(context: Context) -> ExitCode:
    """Open the screens on this terminal."""
    if context.output.json:
        raise CliFault(
            ExitCode.USAGE, "the screens print no JSON", "`fieldkit status --json` tells what waits"
        )
    if context.passphrases.given is not None:
        raise CliFault(
            ExitCode.USAGE, "the screens ask for the passphrase themselves", "leave --passphrase-fd away"
        )
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CliFault(
            ExitCode.USAGE, "the screens need a terminal", "`fieldkit --help` lists what works without one"
        )
    from fieldkit.tui import start

    crash = start.open_screens(context.home)
    if crash is not None:
        raise crash
    return ExitCode.OK
