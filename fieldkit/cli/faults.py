"""What went wrong, as the command line says it: a code, a message, a hint."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.model.crash import crash_id

_BLAME = {
    "UsageProblem": ExitCode.USAGE,
    "InputProblem": ExitCode.INPUT,
    "LockedProblem": ExitCode.LOCKED,
    "LinkProblem": ExitCode.LINK,
    "RefusedProblem": ExitCode.REFUSED,
    "VerificationProblem": ExitCode.VERIFICATION,
    "PartialProblem": ExitCode.PARTIAL,
}
"""Class of `fieldkit.actions.errors` → exit code. By name, so that saying what went wrong imports nothing."""


class CliFault(Exception):
    """The command line's own way to stop: what was expected, what came, what to do."""

    def __init__(self, code: ExitCode, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error as it is told."""

    code: ExitCode
    message: str
    hint: str = ""


def explain(error: BaseException) -> Failure:
    """What to tell about an exception. One nobody expected is told by its type and an id, never by its
    words: they may hold what a person wrote (threat model R27).
    """
    if isinstance(error, CliFault):
        return Failure(code=error.code, message=error.message, hint=error.hint)
    for kind in type(error).__mro__:
        if kind.__module__ == "fieldkit.actions.errors" and kind.__name__ in _BLAME:
            message, hint = getattr(error, "message", ""), getattr(error, "hint", None)
            return Failure(code=_BLAME[kind.__name__], message=str(message), hint=str(hint or ""))
    if isinstance(error, OSError) and error.strerror:
        return Failure(code=ExitCode.INTERNAL, message=f"the system says: {error.strerror}")
    return Failure(
        code=ExitCode.INTERNAL,
        message=f"internal error {type(error).__name__}, id {crash_id(error.__traceback__)}",
        hint="nothing that was saved is lost; report the type, the id and what you did, never the data",
    )
