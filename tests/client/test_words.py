"""What a person reads: every failure in plain words with something to do about it."""

from __future__ import annotations

import pytest

from sync.client.errors import (
    Break,
    ExchangeError,
    LinkError,
    RefusedError,
    StoppedError,
    VerificationError,
    refusal_words,
)
from sync.client.plan import State
from sync.client.status import Status
from sync.protocol.errors import Refusal

EVERY: list[ExchangeError] = [
    *[LinkError(kind) for kind in Break],
    *[RefusedError(code) for code in Refusal],
    VerificationError("the server sent an old receipt"),
    StoppedError(),
]


@pytest.mark.parametrize("error", EVERY, ids=lambda error: f"{type(error).__name__} {error}"[:40])
def test_every_failure_says_what_and_what_to_do(error: ExchangeError) -> None:
    """One sentence each, without code names, starting small because it follows a colon."""
    for words in (str(error), error.advice):
        assert 5 < len(words) < 140
        assert words[0].islower()
        assert not words.endswith(".")
        assert "_" not in words
        assert "Error" not in words


def test_refusals_differ() -> None:
    """Two codes never read the same."""
    assert len({refusal_words(code) for code in Refusal}) == len(Refusal)


def test_a_detail_stands_behind_the_words() -> None:
    """The technical reason comes last, in brackets."""
    assert str(LinkError(Break.CUT, "connection reset")) == "the connection was cut (connection reset)"


def test_a_status_reads_as_one_line() -> None:
    """What goes on and how much is left, or what went wrong and what to do."""
    busy = Status(phase=State.SENDING, frames_waiting=3, bytes_waiting=2_100, frames_confirmed=17)
    assert busy.words() == "sending, 3 frames (2100 bytes) to go, 17 confirmed"
    assert Status(phase=State.STOPPED, capped=True).words() == "stopped, byte cap reached"
    assert Status(error="the link is gone", advice="try again").words() == "the link is gone; try again"
    assert Status(error="the link is gone").words() == "the link is gone"
