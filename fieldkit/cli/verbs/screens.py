"""The program without a verb: the screens."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.terminal import mend_terminal


def screens(context: Context, *, practice: bool = False) -> ExitCode:
    """Open the screens on this terminal; line by line where that is asked for, or it can do no more."""
    if context.output.json:
        raise CliFault(
            ExitCode.USAGE, "the screens print no JSON", "`fieldkit status --json` tells what waits"
        )
    if practice and (context.plain or os.environ.get("TERM") == "dumb"):
        raise CliFault(
            ExitCode.USAGE,
            "practice is made in the screens",
            "once it is there: --plain --home with the folder they name; its passphrase is the word practice",
        )
    mend_terminal()
    if context.plain or os.environ.get("TERM") == "dumb":
        from fieldkit.cli.plain.desk import talk

        return talk(replace(context, plain=True, passphrases=replace(context.passphrases, plain=True)))
    if context.passphrases.given is not None:
        raise CliFault(
            ExitCode.USAGE, "the screens ask for the passphrase themselves", "leave --passphrase-fd away"
        )
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CliFault(
            ExitCode.USAGE, "the screens need a terminal", "`fieldkit --help` lists what works without one"
        )
    from fieldkit.tui import start

    crash = start.open_screens(context.home, practice=practice)
    if crash is not None:
        raise crash
    return ExitCode.OK
