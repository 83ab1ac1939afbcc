"""Parsers outside sync.protocol answer changed input with a value or the declared exception, soon."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.fuzz import laptop, peers
from tests.fuzz.readers import NO_PARSERS, readers
from tests.fuzz.trying import (
    CONTROL,
    PEAK_BYTES,
    SECONDS_EACH,
    attempt,
    mutations,
    peak_of,
    refusals,
    try_many,
)
from tests.protocol.changes import Parser

NAMES = [parser.name for parser in (*peers.PARSERS, *laptop.parsers(Path("nowhere")))]

NEVER_REFUSE = ("fieldkit.vault.attempts.load", "fieldkit.vault.locks.holder")
"""What cannot be read in these files counts as not written."""

ALL_REFUSED = ("sync.client.exchange.Exchange.run: sync, status 403",)
"""An answer that is not 200 is always an error; which one is what its item says."""


@pytest.fixture
def parser(request: pytest.FixtureRequest, tmp_path: Path) -> Parser:
    """The row of a name; files are read in the test's own folder."""
    rows = {row.name: row for row in (*peers.PARSERS, *laptop.parsers(tmp_path))}
    return rows[request.param]


every_parser = pytest.mark.parametrize("parser", NAMES, indirect=True)


def test_every_parser_is_in_the_table() -> None:
    """What reads by its name has a row, or a reason why not; no reason outlives what it is for."""
    found = set(readers())
    named = {name.partition(":")[0] for name in NAMES}
    assert len(found) > 30
    assert found - named - NO_PARSERS.keys() == set()
    assert NO_PARSERS.keys() - found == set()
    assert NO_PARSERS.keys() & named == set()


def test_each_name_once() -> None:
    """The name seeds a row's changes."""
    assert len(set(NAMES)) == len(NAMES)


@every_parser
def test_only_the_declared_exception(parser: Parser) -> None:
    """Thousands of changed samples: each is read or refused, none takes long."""
    try_many(parser, mutations(parser))


@every_parser
def test_memory_is_bounded(parser: Parser) -> None:
    """Changed samples leave nothing large behind and need nothing large on the way."""
    assert peak_of(parser) < PEAK_BYTES


@every_parser
def test_mutations_reach_the_parser(parser: Parser) -> None:
    """Control: some changed samples are refused, and some get past what comes first."""
    refused = refusals(parser)
    assert refused >= 10 or parser.name in NEVER_REFUSE
    assert refused < CONTROL or parser.name in ALL_REFUSED


def test_a_parser_that_hangs_is_caught() -> None:
    """Control: one input that takes longer than any may fails the test."""
    slow = Parser(name="slow", read=_work, good=[SECONDS_EACH], change=lambda mutator, sample: sample)
    with pytest.raises(AssertionError, match=r"slow took \d"):
        try_many(slow, 1)


def _work(seconds: float) -> None:
    """Busy for a little longer."""
    began = time.process_time()
    while time.process_time() - began < seconds * 1.05:
        pass


def test_an_undeclared_exception_is_caught() -> None:
    """Control: only the row's own exception counts as a refusal."""
    careless = Parser(
        name="careless", read=int, good=["x"], change=lambda mutator, sample: sample, refuses=KeyError
    )
    with pytest.raises(AssertionError, match="careless raised ValueError"):
        attempt(careless, "x")
