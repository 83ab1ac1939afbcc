"""Unlocking slows down after five failures (threat model R4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.vault import attempts
from fieldkit.vault.attempts import Attempts
from fieldkit.vault.errors import TooSoon


@pytest.mark.parametrize(
    ("failures", "after", "wait"),
    [
        (0, 0, 0),
        (4, 0, 0),
        (5, 0, 2),
        (5, 2, 0),
        (6, 1, 3),
        (9, 0, 32),
        (20, 0, 300),
        (10_000, 299, 1),
        (9, -500, 32),
    ],
)
def test_waits(failures: int, after: int, wait: int) -> None:
    """Five are free, then it doubles up to five minutes; a clock set back makes it no longer."""
    assert Attempts(failures=failures, last=1_000).wait(1_000 + after) == wait


def test_failures_are_counted_and_forgotten(tmp_path: Path) -> None:
    """The count survives in a file that says nothing else, and the right passphrase clears it."""
    path = tmp_path / "attempts"
    for _ in range(5):
        attempts.check(path, 100)
        attempts.count_failure(path, 100)
    with pytest.raises(TooSoon) as told:
        attempts.check(path, 100)
    assert told.value.seconds == 2
    assert "the next try is possible in 2 s" in str(told.value)
    assert told.value.hint.startswith("wait, then")
    with pytest.raises(TooSoon, match="in 1 s"):
        attempts.check(path, 101)
    attempts.check(path, 102)
    assert path.read_text() == "5 100\n"
    attempts.forget(path)
    attempts.check(path, 100)


@pytest.mark.parametrize("content", [b"", b"x", b"1", b"1 2 3", b"\xff" * 64, b"9" * 10_000])
def test_a_spoilt_file_shuts_nobody_out(tmp_path: Path, content: bytes) -> None:
    """Whatever stands in the file, the owner gets in."""
    path = tmp_path / "attempts"
    path.write_bytes(content)
    attempts.check(path, 100)
    assert attempts.load(path) == Attempts(failures=0, last=0)


@pytest.mark.parametrize("content", [b"-7 100", b"0 100"])
def test_fewer_than_no_failures_are_none(tmp_path: Path, content: bytes) -> None:
    """A count below zero would buy tries without a wait."""
    path = tmp_path / "attempts"
    path.write_bytes(content)
    assert attempts.load(path) == Attempts(failures=0, last=100)
