"""Figures as people read them."""

from __future__ import annotations

import pytest

from fieldkit.cli.wording import counted, moment, size


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 KB"),
        (4_123, "4.1 KB"),
        (17_500_000, "17.5 MB"),
        (5 * 10**12, "5000.0 GB"),
    ],
)
def test_size(count: int, text: str) -> None:
    """Bytes in thousands, as links and prices are counted."""
    assert size(count) == text


@pytest.mark.parametrize(("seconds", "text"), [(None, "never"), (10**30, "an impossible time")])
def test_moment_that_is_none(seconds: int | None, text: str) -> None:
    """No time, and one that a wrong clock claims, are told without a crash."""
    assert moment(seconds) == text


def test_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time to the minute, in this machine's zone."""
    import time

    monkeypatch.setenv("TZ", "UTC-3")
    time.tzset()
    try:
        assert moment(1_790_000_000) == "2026-09-21 17:13"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_counted() -> None:
    """One thing or several."""
    assert [counted(1, "frame"), counted(2, "frame")] == ["1 frame", "2 frames"]
    assert [counted(1, "entry", "entries"), counted(0, "entry", "entries")] == ["1 entry", "0 entries"]
