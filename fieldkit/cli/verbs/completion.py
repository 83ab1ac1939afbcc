"""Shell completion."""

from __future__ import annotations

from fieldkit.cli.catalogue import VERBS
from fieldkit.cli.completing.scripts import SCRIPTS
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode


def completion(context: Context, *, shell: str) -> ExitCode:
    """Print the script of a shell."""
    script = SCRIPTS[shell](VERBS)
    context.output.give({"shell": shell, "script": script}, script.splitlines())
    return ExitCode.OK
