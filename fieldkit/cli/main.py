"""The command line: reads it, calls one verb, turns whatever happens into an exit code (docs/cli.md)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import Failure, explain
from fieldkit.cli.home import find_home
from fieldkit.cli.output import Output, standard_output
from fieldkit.cli.parser import HelpAsked, parse
from fieldkit.cli.passphrase import Passphrases, read_line
from fieldkit.cli.plain.lines import Ended, Idle

Function = Callable[..., ExitCode]
"""A verb: takes the context and its arguments by name."""

STOPPED = {
    Ended: Failure(
        code=ExitCode.INPUT,
        message="no further line came before everything was answered",
        hint="what was saved stays saved; start again",
    ),
    Idle: Failure(
        code=ExitCode.LOCKED,
        message="nobody typed a line for five minutes, so the vault was locked",
        hint="what was saved stays saved; start again",
    ),
}
"""What is told when a conversation ends in the middle of a question."""


def main() -> int:
    """Run the program on this process's arguments and streams; returns the exit code."""
    from fieldkit.vault.platform import harden_process

    harden_process()
    return int(run(sys.argv[1:], standard_output()))


def run(arguments: Sequence[str], output: Output) -> ExitCode:
    """Run one command line. Nothing but an exit code comes back, whatever happens."""
    # Also for a command line that cannot be read: the caller who wrote --json waits for an object.
    output.json = "--json" in arguments
    try:
        code = _call(arguments, output)
        output.stdout.flush()
    except BrokenPipeError:
        # Whoever read our data has read enough; what the verb did is done.
        output.abandon()
        return ExitCode.OK
    except (Ended, Idle) as stopped:
        failure = STOPPED[type(stopped)]
        output.fail(failure)
        return failure.code
    except KeyboardInterrupt:
        output.say("")
        output.say("fieldkit: interrupted; what was saved stays saved")
        return ExitCode.INTERRUPTED
    except Exception as error:
        failure = explain(error)
        output.fail(failure)
        return failure.code
    return code


def load(verb_run: str) -> Function:
    """The function of a verb, by `module:function` below fieldkit.cli.verbs."""
    module, _, function = verb_run.partition(":")
    found: Function = getattr(import_module(f"fieldkit.cli.verbs.{module}"), function)
    return found


def _call(arguments: Sequence[str], output: Output) -> ExitCode:
    try:
        request = parse(arguments)
    except HelpAsked as asked:
        output.page(str(asked))
        return ExitCode.OK
    output.json = request.json
    output.quiet = request.quiet
    # Read at once: on descriptor 0 the passphrase is the first line, and what `-` stands for follows it.
    given = None if request.passphrase_fd is None else read_line(request.passphrase_fd)
    context = Context(
        home=find_home(request.home),
        output=output,
        passphrases=Passphrases(given=given, plain=request.plain),
        plain=request.plain,
    )
    return load(request.verb.run)(context, **request.values)


if __name__ == "__main__":
    sys.exit(main())
