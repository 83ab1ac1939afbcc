"""What is mutated, and by which tests each package is held."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.mutation import python_operators, sql_operators
from tests.mutation.edits import Mutant

ROOT: Final = Path(__file__).parents[2]

FEWEST: Final = 3
"""Mutants of a file at least, where it has so many: a small file is not left out of a sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A folder of code and the folders whose tests must notice what is wrong in it."""

    path: str
    tests: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    """Tests too long to try with every mutant."""

    @property
    def files(self) -> list[str]:
        """The files that have mutants, relative to the project."""
        folder = ROOT / self.path
        found = [*folder.glob("*.py"), *folder.glob("sql/*.sql")]
        return [str(path.relative_to(ROOT)) for path in sorted(found)]

    def mutants(self) -> list[Mutant]:
        """All of them, file by file."""
        return [mutant for path in self.files for mutant in mutants_of(path)]


PACKAGES: Final = (
    Package(
        path="sync/protocol",
        tests=("tests/protocol", "tests/vectors"),
        left_out=("tests/protocol/test_fuzz.py::test_only_the_declared_exception",),
    ),
    Package(path="fieldkit/vault", tests=("tests/vault",)),
)


@cache
def mutants_of(path: str) -> tuple[Mutant, ...]:
    """All mutants of one file."""
    operators = sql_operators if path.endswith(".sql") else python_operators
    return tuple(operators.mutants(path, (ROOT / path).read_bytes()))


def sample(package: Package, size: int, seed: int) -> list[Mutant]:
    """About `size` mutants: of each file its share and at least a few, chosen by the seed and its name.

    So a change of one file leaves the choice in all others as it was. A larger sample holds a smaller one.
    """
    counts = {path: len(mutants_of(path)) for path in package.files}
    total = sum(counts.values())
    chosen: list[Mutant] = []
    for path, count in counts.items():
        share = min(count, max(FEWEST, round(size * count / total)))
        order = [*range(count)]
        random.Random(f"{seed} {path}").shuffle(order)
        chosen += [mutants_of(path)[at] for at in sorted(order[:share])]
    return chosen


def named(package: Package, names: Sequence[str]) -> list[Mutant]:
    """The mutants of these names; raises ValueError for a name that no mutant has."""
    known = {mutant.name: mutant for mutant in package.mutants()}
    mine = [name for name in names if name.startswith(package.path)]
    if missing := [name for name in mine if name not in known]:
        raise ValueError(f"no mutant is called {', '.join(missing)}: the file may have changed since")
    return [known[name] for name in mine]
