"""A sample holds something of every file, is the same for a seed, and grows without being chosen anew."""

from __future__ import annotations

import pytest

from tests.mutation.equivalents import EQUIVALENTS
from tests.mutation.packages import FEWEST, PACKAGES, mutants_of, named, sample

VAULT = next(package for package in PACKAGES if package.path == "fieldkit/vault")


def test_every_file_is_in_it() -> None:
    """A small file has its few, whatever the size."""
    for size in (10, 200):
        chosen = [mutant.path for mutant in sample(VAULT, size, 1)]
        assert all(chosen.count(path) >= min(FEWEST, len(mutants_of(path))) for path in VAULT.files)


def test_the_seed_decides() -> None:
    """The same seed chooses the same, another one something else."""
    assert sample(VAULT, 100, 1) == sample(VAULT, 100, 1)
    assert sample(VAULT, 100, 1) != sample(VAULT, 100, 2)


def test_a_larger_sample_holds_the_smaller() -> None:
    """So what was found in a short run is found again in a long one."""
    small, large = ({mutant.name for mutant in sample(VAULT, size, 1)} for size in (100, 400))
    assert small < large


def test_names() -> None:
    """A mutant is found by its name; a name that none has is told."""
    first = sample(VAULT, 100, 1)[0]
    assert named(VAULT, [first.name, "sync/protocol/frames.py:1:1:never"]) == [first]
    with pytest.raises(ValueError, match="no mutant is called fieldkit/vault/db"):
        named(VAULT, ["fieldkit/vault/db.py:1:1:never"])


def test_equivalents_exist() -> None:
    """A reason why nobody can notice a mutant does not outlive it."""
    stale = [one for one in EQUIVALENTS if not any(map(one.covers, mutants_of(one.path)))]
    assert stale == []
