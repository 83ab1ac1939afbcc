"""The program without a verb: what it refuses, and how a fault in the screens is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.tui import start
from tests.cli.program import Program, run_plain


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams that say they are a terminal."""
    for name in ("stdin", "stderr"):
        monkeypatch.setattr(getattr(sys, name), "isatty", lambda: True, raising=False)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("crash", "code"), [(None, ExitCode.OK), (ValueError("a witness called Example"), ExitCode.INTERNAL)]
)
def test_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash: Exception | None, code: ExitCode
) -> None:
    """Left by a key: 0. Left by a fault: 1, with its type and an id and no word of it."""
    opened: list[Path] = []

    def open_screens(home: Path, *, practice: bool) -> Exception | None:
        opened.append(home)
        return crash

    monkeypatch.setattr(start, "open_screens", open_screens)
    ran = run_plain("--home", str(tmp_path))
    assert (ran.code, ran.out, opened) == (code, "", [tmp_path])
    assert "witness" not in ran.err
    assert ("internal error ValueError, id" in ran.err) is (crash is not None)


@pytest.mark.usefixtures("terminal")
def test_refusals(tmp_path: Path) -> None:
    """The screens print no JSON and ask for the passphrase themselves."""
    assert "print no JSON" in run_plain("--json").err
    ran = Program(home=tmp_path)()
    assert (ran.code, "themselves" in ran.err) == (ExitCode.USAGE, True)
