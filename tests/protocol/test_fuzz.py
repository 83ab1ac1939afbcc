"""Every parser answers changed input with a value or the declared exception, soon and in little memory."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator

import pytest

from tests.fuzz.trying import CONTROL, PEAK_BYTES, mutations, peak_of, refusals, try_many
from tests.protocol.changes import Parser
from tests.protocol.parsers import PARSERS
from tests.protocol.specification import PROTOCOL

READING = ("parse", "open", "read", "decode")
"""First words of functions that read what somebody sent."""


def readers() -> Iterator[str]:
    """Every public function and method of the package that reads, as `module.function`."""
    for path in sorted(PROTOCOL.glob("[a-z]*.py")):
        module = importlib.import_module(f"sync.protocol.{path.stem}")
        for name, member in vars(module).items():
            if name.startswith("_") or getattr(member, "__module__", "") != module.__name__:
                continue
            if inspect.isfunction(member) and name.split("_")[0] in READING:
                yield f"{path.stem}.{name}"
            if inspect.isclass(member):
                for method in vars(member):
                    if method.split("_")[0] in READING:
                        yield f"{path.stem}.{name}.{method}"


def named(parser: Parser) -> str:
    """The function that a row of the table stands for."""
    return parser.name.partition(":")[0]


OWN = {"encoding.decode_own"}
"""What reads only what this program wrote where nobody else can; test_encoding has the rest."""


def test_every_parser_is_in_the_table() -> None:
    """A function that reads and is missing from the table fails here."""
    found = set(readers())
    assert len(found) > 20
    assert found - {named(parser) for parser in PARSERS} == OWN


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_only_the_declared_exception(parser: Parser) -> None:
    """Thousands of changed samples: each is read or refused, none takes long."""
    try_many(parser, mutations(parser))


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_memory_is_bounded(parser: Parser) -> None:
    """Changed samples leave nothing large behind and need nothing large on the way."""
    assert peak_of(parser) < PEAK_BYTES


READ_ALL = {"acknowledgement.sequences_of", "enrolment.read_claim"}
"""These read frames that were parsed before, so that there is little left to refuse."""


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_mutations_reach_the_parser(parser: Parser) -> None:
    """Control: many changed samples are refused, and past a signature or checksum some are taken."""
    refused = refusals(parser)
    assert refused >= 20 or parser.name in READ_ALL
    assert refused < CONTROL or ":" not in parser.name


def test_a_parser_that_fails_otherwise_is_caught() -> None:
    """Control: a parser that lets another exception out fails the test."""
    careless = Parser(name="careless", read=lambda raw: raw[400], good=[b"\x80"], change=PARSERS[0].change)
    with pytest.raises(AssertionError, match="careless raised IndexError"):
        try_many(careless, CONTROL)
