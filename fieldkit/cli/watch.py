"""`--watch`: one exchange after the other until somebody presses ^C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode

NEWS_SECONDS = 900.0
"""How often news is asked for while nothing waits to be sent: an exchange costs about two kilobytes."""

PULL_SECONDS = 300.0
"""How often a coordinator who watches pulls."""


@contextmanager
def asked_to_stop(watch: bool) -> Iterator[threading.Event]:
    """An event that ^C and SIGTERM set while somebody watches; the exchange then ends at a safe place."""
    stop = threading.Event()
    if not watch or threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {
        number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def watching(
    context: Context,
    once: Callable[[], tuple[ExitCode, bool]],
    due: Callable[[], bool],
    news_seconds: float,
    stop: threading.Event,
) -> ExitCode:
    """Exchange until it is over; the exit code of the last exchange.

    `once` also tells whether the limit on bytes was reached, which ends it as a fork does.
    """
    from fieldkit.actions.errors import LinkProblem, PausedProblem
    from fieldkit.actions.watching import Outcome, watch

    code = ExitCode.OK

    def one() -> Outcome:
        nonlocal code
        try:
            code, capped = once()
        except PausedProblem as told:
            context.output.say(f"{told.message}; {told.hint}")
            return Outcome.OVER
        except LinkProblem as told:
            context.output.say(f"{told.message}; {told.hint}")
            code = ExitCode.LINK
            return Outcome.FAILED
        return Outcome.OVER if capped or code is ExitCode.VERIFICATION else Outcome.WELL

    watch(one, due=due, news_seconds=news_seconds, stop=stop)
    return code
