"""The loop of a fuzz test: changed samples in, a value or the declared exception out."""

from __future__ import annotations

import os
import resource
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tests.conftest import DEEP
from tests.protocol.changes import Parser
from tests.protocol.mutations import Mutator

DEEP_MUTATIONS: Final = 10_000_000
MUTATIONS: Final = 50_000
"""Of each parser, in an ordinary run."""

ASKED: Final = int(os.environ.get("FIELDKIT_MUTATIONS", "0"))
"""Of each parser, where somebody walks through the deep run in parts; 0 where nobody does."""

PART: Final = int(os.environ.get("FIELDKIT_PART", "0"))
"""Which part it is: each has its own changes."""

SECONDS_EACH: Final = 1.0
"""Processor time of one input, far above what any one costs: only what grows without bound takes longer."""

PEAK_BYTES: Final = 32 * 1024 * 1024
"""What Python allocates for a hundred inputs."""

GROWTH_BYTES: Final = 256 * 1024 * 1024
"""What the whole process may grow by, libraries included, over all inputs of a parser."""

CONTROL: Final = 200
"""Inputs of the control, also those that coverage sees."""


def mutations(parser: Parser) -> int:
    """How many changed samples a run tries: fewer where each costs a signature or an agreement of keys."""
    return ASKED or (DEEP_MUTATIONS if DEEP else MUTATIONS // parser.costly)


def attempt(parser: Parser, changed: object) -> bool:
    """Whether the parser took an input; AssertionError for any exception but the declared."""
    try:
        parser.read(changed)
    except parser.refuses:
        return False
    except BaseException as error:
        raise AssertionError(f"{parser.name} raised {error!r} for {changed!r:.2000}") from error
    return True


def try_many(parser: Parser, count: int) -> None:
    """Try changed samples; AssertionError for one that fails otherwise than declared, or takes long."""
    mutator = Mutator(f"{parser.name} {PART}" if PART else parser.name)
    before = _most_memory()
    with unmeasured():
        for number in range(count):
            changed = parser.change(mutator, parser.good[number % len(parser.good)])
            began = time.process_time()
            attempt(parser, changed)
            taken = time.process_time() - began
            assert taken < SECONDS_EACH, f"{parser.name} took {taken:.1f} s for {changed!r:.2000}"
    assert _most_memory() - before < GROWTH_BYTES, parser.name


def peak_of(parser: Parser) -> int:
    """Bytes that Python allocates at most, for a hundred changed samples."""
    mutator = Mutator(parser.name + " memory")
    tracemalloc.start()
    try:
        for number in range(100):
            attempt(parser, parser.change(mutator, parser.good[number % len(parser.good)]))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def refusals(parser: Parser) -> int:
    """Of the control's inputs, how many were refused."""
    mutator = Mutator(parser.name)
    samples = (parser.good[number % len(parser.good)] for number in range(CONTROL))
    return sum(not attempt(parser, parser.change(mutator, sample)) for sample in samples)


@contextmanager
def unmeasured() -> Iterator[None]:
    """Without coverage, which would take longer than the parsers. The control's inputs are measured."""
    trace = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(trace)


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
