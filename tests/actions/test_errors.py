"""What lower layers raise, as a person is told it."""

from __future__ import annotations

import pytest

from fieldkit.actions import errors
from fieldkit.actions.errors import in_plain_words, read_typed
from fieldkit.forms.problems import AnswersError
from fieldkit.model.body_reader import InvalidBody
from fieldkit.vault import errors as vault
from sync.client.errors import Break, LinkError, RefusedError, StoppedError, VerificationError
from sync.protocol.errors import ProtocolError, Refusal, malformed

CASES: list[tuple[Exception, type[errors.ActionError]]] = [
    (vault.WrongPassphrase("wrong", "again"), errors.NotOpened),
    (vault.Busy("busy", "wait"), errors.LockedProblem),
    (vault.DamagedVault("damaged", "backup"), errors.LockedProblem),
    (vault.NoSuchRecord("none", "list"), errors.InputProblem),
    (vault.AmbiguousRecord("two", "more digits"), errors.InputProblem),
    (vault.VaultError("the disk is full", "make room"), errors.InputProblem),
    (AnswersError([]), errors.InputProblem),
    (InvalidBody("too long"), errors.InputProblem),
    (OSError(13, "Permission denied"), errors.InputProblem),
    (LinkError(Break.CUT), errors.LinkProblem),
    (StoppedError(), errors.PausedProblem),
    (RefusedError(Refusal.QUOTA), errors.RefusedProblem),
    (VerificationError("forged"), errors.VerificationProblem),
    (malformed("noise"), errors.VerificationProblem),
]


@pytest.mark.parametrize(("raised", "told"), CASES, ids=[type(case[0]).__name__ for case in CASES])
def test_told_by_blame(raised: Exception, told: type[errors.ActionError]) -> None:
    """Each has its class, and keeps its words."""
    with pytest.raises(told) as caught, in_plain_words():
        raise raised
    assert type(caught.value) is told and caught.value.__cause__ is raised


@pytest.mark.parametrize("mistake", [vault.OutOfStep("bug"), KeyError("bug"), ValueError("bug")])
def test_mistakes_of_the_program_pass(mistake: Exception) -> None:
    """They are no fault of whoever types, and are not dressed up as one."""
    with pytest.raises(type(mistake)), in_plain_words():
        raise mistake


def test_action_errors_pass_once() -> None:
    """An error that is in plain words already is left alone."""
    mine = errors.UsageProblem("as asked", "")
    with pytest.raises(errors.UsageProblem) as caught, in_plain_words(), in_plain_words():
        raise mine
    assert caught.value is mine and mine.hint is None


def test_slips_of_the_hand_are_input() -> None:
    """What was typed is not called forged."""

    def parse(text: str) -> str:
        raise ProtocolError(Refusal.INVITE, f"mistyped {text}")

    with pytest.raises(errors.InputProblem, match="mistyped x"):
        read_typed(parse, "x")
    assert read_typed(str.upper, "x") == "X"
