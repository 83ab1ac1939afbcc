"""Errors are told by who can mend them, and a fault of the program without anybody's words."""

from __future__ import annotations

import pytest

from fieldkit.actions import errors
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault, explain
from fieldkit.model.crash import crash_id

SECRET = "the words of a witness"

BLAME = [
    (errors.UsageProblem, ExitCode.USAGE),
    (errors.InputProblem, ExitCode.INPUT),
    (errors.LockedProblem, ExitCode.LOCKED),
    (errors.LinkProblem, ExitCode.LINK),
    (errors.RefusedProblem, ExitCode.REFUSED),
    (errors.VerificationProblem, ExitCode.VERIFICATION),
    (errors.PartialProblem, ExitCode.PARTIAL),
]


@pytest.mark.parametrize(("kind", "code"), BLAME)
def test_each_blame_has_its_code(kind: type[errors.ActionError], code: ExitCode) -> None:
    """What an action says is told with its exit code; without a hint there is none."""
    told = explain(kind("what happened", "what to do"))
    assert (told.code, told.message, told.hint) == (code, "what happened", "what to do")
    assert explain(kind("what happened")).hint == ""


def test_every_kind_of_trouble_is_known() -> None:
    """An action's error without a code of its own would be told as a fault of the program."""
    assert {kind for kind, _ in BLAME} == set(errors.ActionError.__subclasses__())


def test_own_fault() -> None:
    """The command line's own errors are told as they are."""
    told = explain(CliFault(ExitCode.USAGE, "m", "h"))
    assert (told.code, told.message, told.hint) == (ExitCode.USAGE, "m", "h")


@pytest.mark.parametrize("error", [ValueError(SECRET), KeyError(SECRET), OSError(SECRET)])
def test_unexpected_error_says_no_word(error: Exception) -> None:
    """Of an error nobody expected only the type and an id are told (R27)."""
    try:
        raise error
    except Exception as raised:
        told = explain(raised)
    assert told.code is ExitCode.INTERNAL
    assert type(error).__name__ in told.message
    assert SECRET not in told.message + told.hint


def test_system_error_has_the_systems_words_and_no_name() -> None:
    """An error of the system is told in the system's words, without the file."""
    told = explain(OSError(28, "No space left on device", SECRET))
    assert told.code is ExitCode.INTERNAL
    assert told.message == "the system says: No space left on device"


def _raised(deep: bool) -> str:
    def one() -> None:
        raise ValueError(SECRET)

    try:
        if deep:
            one()
        raise ValueError(SECRET)
    except ValueError as error:
        return crash_id(error.__traceback__)


def test_id_names_the_place() -> None:
    """The same fault has the same id, another place another one."""
    assert _raised(True) == _raised(True)
    assert _raised(True) != _raised(False)
