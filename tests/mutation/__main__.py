"""`python -m tests.mutation`: makes mutants, runs the tests against each, prints the score and who lives."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.mutation.apart import preload
from tests.mutation.equivalents import reason
from tests.mutation.judging import Outcome, Verdict, check_rig, judge
from tests.mutation.packages import PACKAGES, Package, named, sample
from tests.mutation.reach import measure

SAMPLE: Final = 170
"""Mutants of a package. One more or less moves the score by 0.6 percent points."""

SEED: Final = 3
WANTED: Final = 0.85
"""The least score (docs/testing.md)."""


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument(
        "packages", nargs="*", metavar="PACKAGE", help="sync/protocol, fieldkit/vault; default both"
    )
    parser.add_argument("--sample", type=int, default=SAMPLE, help="mutants of a package; 0 for all")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these mutants")
    parser.add_argument("--verbose", action="store_true", help="a line for each mutant")
    given = parser.parse_args(words)
    if unknown := set(given.packages) - {package.path for package in PACKAGES}:
        parser.error(
            f"expected {' or '.join(package.path for package in PACKAGES)}, got {', '.join(unknown)}"
        )
    return given


def score(verdicts: Sequence[Verdict]) -> float:
    """The part that was noticed; a mutant that nobody can notice counts as not noticed."""
    return sum(not verdict.lives for verdict in verdicts) / len(verdicts) if verdicts else 1.0


def examine(package: Package, given: argparse.Namespace) -> list[Verdict]:
    """Judge the mutants that the command line asks for."""
    if given.only:
        chosen = named(package, given.only)
    else:
        chosen = sample(package, given.sample, given.seed) if given.sample else package.mutants()
    if not chosen:
        return []
    reach = measure(package)
    verdicts: list[Verdict] = []
    for mutant in chosen:
        if not verdicts and reach.tests_for(mutant):
            check_rig(mutant, reach)
        verdict = judge(mutant, reach)
        verdicts.append(verdict)
        if given.verbose:
            print(f"{verdict.outcome.value:12} {mutant}  [{verdict.by}]", flush=True)
    return verdicts


def show(package: Package, verdicts: Sequence[Verdict], seconds: float) -> None:
    """The score of a package, and who lives."""
    alive = [verdict for verdict in verdicts if verdict.lives]
    for verdict in alive:
        why = reason(verdict.mutant)
        print(
            f"{verdict.outcome.value:12} {verdict.mutant}" + (f"\n{'':12} equivalent: {why}" if why else "")
        )
    equal = sum(bool(reason(verdict.mutant)) for verdict in alive)
    slow = sum(verdict.outcome is Outcome.TOO_SLOW for verdict in verdicts)
    told = [verdict for verdict in verdicts if not (verdict.lives and reason(verdict.mutant))]
    print(
        f"{package.path}: {len(verdicts)} of {len(package.mutants())} mutants, {len(alive)} live, "
        f"{equal} of these equivalent, {slow} stopped for time: {score(verdicts):.1%} caught, "
        f"{score(told):.1%} of those that can be; {seconds:.0f} s",
        flush=True,
    )


def main(words: Sequence[str] | None = None) -> int:
    """0 when every package holds the score, 1 otherwise."""
    given = arguments(words)
    print(f"seed {given.seed}", flush=True)
    good = True
    with tempfile.TemporaryDirectory(prefix="mutants-") as cache:
        preload(Path(cache))
        for package in PACKAGES:
            if given.packages and package.path not in given.packages:
                continue
            began = time.monotonic()
            verdicts = examine(package, given)
            if verdicts:
                show(package, verdicts, time.monotonic() - began)
                good = good and score(verdicts) >= WANTED
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
