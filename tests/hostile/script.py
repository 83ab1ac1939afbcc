"""What a script of a hostile server is made of, and how one verb of the program is run against it."""

from __future__ import annotations

import io
import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, cast

from fieldkit.actions.errors import ActionError
from fieldkit.actions.session import Session
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import explain
from fieldkit.cli.main import load
from fieldkit.cli.output import Output
from sync.client.errors import ExchangeError
from sync.client.plan import State
from sync.protocol.errors import ProtocolError
from tests.hostile.scene import Scene
from tests.hostile.villain import Deed
from tests.hostile.wire import Act


class Verb(Enum):
    """What a person does while the server is hostile."""

    SYNC = "north"
    """The reporter sends a finished report."""
    PULL = "first"
    """The coordinator fetches what members sent."""
    JOIN = "newcomer"
    """Somebody uses an invite."""
    RESTART = "first again"
    """The coordinator lets the lanes begin anew whose log is not the one pulled before."""
    LIST = "first, looking"
    SHOW = "first, reading"
    """The coordinator looks at what came."""

    @property
    def laptop(self) -> str:
        """Whose laptop it is done on."""
        return self.value.split()[0]


RUNS: Mapping[Verb, tuple[str, Mapping[str, Any]]] = {
    Verb.SYNC: ("exchange:sync", {"max_bytes": None, "dry_run": False, "watch": False}),
    Verb.PULL: ("exchange:pull", {"watch": False}),
    Verb.JOIN: ("organisation:join", {"pseudonym": None, "yes": True}),
    Verb.RESTART: ("organisation:restart_log", {"yes": True}),
    Verb.LIST: ("reports:list_reports", {"state": None, "limit": 1_000}),
    Verb.SHOW: ("reports:show", {"sources": True}),
}
"""How the command line calls each: function and arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One thing a hostile server does, what stops it, and what the person at the laptop is told."""

    name: str
    does: str
    check: str
    """`file::function` that stops it."""
    section: str
    """Of docs/protocol.md."""
    verb: Verb
    exit: ExitCode
    told: tuple[str, ...]
    """Whole lines of what the program prints."""
    deed: Deed | None = None
    times: int | None = None
    """Requests it is done to; all of them by default."""
    context: Callable[[Path], ssl.SSLContext] | None = None
    opening: Callable[[], Act] | None = None
    stalls: bool = False
    """Whether the client's timer has to run out; it is set short then."""
    prepare: Callable[[Scene], None] = lambda scene: None
    then: Callable[[Scene], None] = lambda scene: None
    """What else must hold right after it."""
    false_word: bool = False
    """Whether the server signs for frames that it threw away: its word is all that ✓ tells."""
    takes_back: bool = False
    """Whether it says that it holds less than it had confirmed: what it takes back waits again."""
    heals_after_days: int = 0
    """How long it may take until everything is delivered once the server is honest."""
    forks: bool = False
    """Whether this laptop is left with another log than the honest one: a person lets lanes begin anew."""
    refuses: bool = False
    """Whether it refuses frames for good, which is a server's right and is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a verb ended."""

    code: ExitCode
    lines: tuple[str, ...] = field(repr=True)
    error: BaseException | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """What it said at the end: data, errors, hints and alarms, without the phases on the way."""
        return tuple(line for line in self.lines if not line.startswith(PHASES))

    @property
    def declared(self) -> bool:
        """Whether nothing but the declared family of errors came out, all the way in."""
        return self.error is None or (
            isinstance(self.error, ActionError)
            and isinstance(self.error.__cause__, ExchangeError | ProtocolError | None)
        )


PHASES = tuple(state.value for state in State)
"""How lines of progress begin."""


class _Desk(Context):
    """The command line's context over a vault that stays open between its verbs."""

    __slots__ = ("_session",)

    def __init__(self, session: Session, output: Output) -> None:
        super().__init__(home=session.vault.home.folder, output=output)
        object.__setattr__(self, "_session", session)

    def unlocked(self) -> Session:
        """The open vault, for a `with` block that does not lock it."""
        return cast(Session, nullcontext(self._session))  # type: ignore[attr-defined]


def run_verb(session: Session, verb: Verb, **given: str) -> Said:
    """What `fieldkit` does for a verb, from its parsed arguments to its exit code."""
    run, arguments = RUNS[verb]
    stdout, stderr = io.StringIO(), io.StringIO()
    output = Output(stdout=stdout, stderr=stderr)
    caught: Exception | None = None
    try:
        code = load(run)(_Desk(session, output), **arguments, **given)
    except Exception as error:
        caught, failure = error, explain(error)
        output.fail(failure)
        code = failure.code
    lines = (*stdout.getvalue().splitlines(), *stderr.getvalue().splitlines())
    # How wide a column is hangs on what else is told.
    lines = tuple(re.sub(r"(?<=\S) {2,}", "  ", line) for line in lines)
    return Said(code=code, lines=lines, error=caught)
