"""Names need not be arguments: the shell remembers those, and others on the machine read them (R30)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from fieldkit.actions import enrol
from fieldkit.actions.errors import LinkProblem
from tests.cli.program import Program

# (command line, what is typed, what the action is called with)
CASES: dict[str, tuple[list[str], str, tuple[Any, ...]]] = {
    "create_organisation": (
        ["org", "create", "-", "--server", "-", "--name", "-"],
        "Example Watch\nfkt1.ticket\nfirst-desk\n",
        ("Example Watch", "fkt1.ticket", {"pseudonym": "first-desk"}),
    ),
    "invite": (["org", "invite", "reporter", "-"], "north-7\n", ("reporter", "north-7", {"days": 14})),
    "join": (["join", "-", "--name", "-"], "fki1.x\nwest-2\n", ("fki1.x", {"pseudonym": "west-2"})),
}


@pytest.mark.parametrize("action", CASES)
def test_names_from_standard_input(action: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line goes to the place that asked for it, in the order that the help states."""
    words, typed, expected = CASES[action]
    got: list[Any] = []

    def record(session: object, *arguments: Any, **named: Any) -> None:
        got.extend([*arguments, named])
        raise LinkProblem("far enough")

    monkeypatch.setattr(enrol, action, record)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    ran = Program(home=tmp_path / "vault").create()(*words)
    assert "far enough" in ran.err
    assert tuple(got) == expected


def test_empty_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing typed is no name, and the passphrase is not even asked for."""
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    ran = Program(home=tmp_path / "vault")("org", "invite", "reporter", "-")
    assert (ran.code.name, ran.out) == ("INPUT", "")
    assert "expected a pseudonym, got an empty line" in ran.err
