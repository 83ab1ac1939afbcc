"""Which home a run works on."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.cli.home import find_home


def test_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The option before the variable, the variable before the platform's folder."""
    monkeypatch.setenv("FIELDKIT_HOME", str(tmp_path / "variable"))
    assert find_home(str(tmp_path / "option")) == tmp_path / "option"
    assert find_home(None) == tmp_path / "variable"
    for unset in ("", None):
        if unset is None:
            monkeypatch.delenv("FIELDKIT_HOME")
        else:
            monkeypatch.setenv("FIELDKIT_HOME", unset)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        assert find_home(None) == tmp_path / "data" / "fieldkit"


def test_it_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A relative folder and `~` are resolved at once, and nothing is made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert find_home("here") == tmp_path / "here"
    assert find_home("~/vault") == tmp_path / "me" / "vault"
    assert list(tmp_path.iterdir()) == []
