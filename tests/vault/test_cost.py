"""What one guess at a passphrase costs: never less than the floor, about 1.5 seconds where that can be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.vault import keyslots
from fieldkit.vault.keyslots import DEFAULT_COST, FLOOR_COST, RECOVERY_COST, Cost

MIB = 1_024
"""KiB, which Argon2 counts in."""


def test_costs_are_what_the_format_says() -> None:
    """docs/vault-format.md §2; a smaller floor would make every vault cheaper to guess."""
    assert Cost(memory=524_288, passes=3, lanes=4) == DEFAULT_COST
    assert Cost(memory=65_536, passes=3, lanes=4) == FLOOR_COST == RECOVERY_COST


@pytest.mark.parametrize(
    ("changed", "good"),
    [
        ({"memory": 64 * MIB}, True),
        ({"memory": 64 * MIB - 1}, False),
        ({"memory": 2_048 * MIB}, True),
        ({"memory": 2_048 * MIB + 1}, False),
        ({"passes": 1}, True),
        ({"passes": 0}, False),
        ({"passes": 10}, True),
        ({"passes": 11}, False),
        ({"lanes": 1}, True),
        ({"lanes": 0}, False),
        ({"lanes": 16}, True),
        ({"lanes": 17}, False),
    ],
)
def test_a_cost_lies_between_floor_and_cap(changed: dict[str, int], good: bool) -> None:
    """A changed file can make guessing neither cheap nor opening endless."""
    if good:
        assert replace(FLOOR_COST, **changed) != replace(FLOOR_COST, lanes=2)
        return
    with pytest.raises(ValueError, match="must be"):
        replace(FLOOR_COST, **changed)


@pytest.mark.parametrize(
    ("seconds", "mebibytes"),
    [
        (0.0, 512),
        (0.1875, 512),  # 64 MiB in an eighth of 1.5 s
        (0.28, 512),  # up to a third short
        (0.2815, 320),
        (0.3, 320),
        (0.3001, 256),
        (0.5, 192),
        (1.5, 64),
        (60.0, 64),
    ],
)
def test_calibration(monkeypatch: pytest.MonkeyPatch, seconds: float, mebibytes: int) -> None:
    """From one measurement at the floor: whole steps of 64 MiB, the default where the machine allows it."""
    derived: list[Cost] = []
    monkeypatch.setattr(keyslots, "derive", lambda secret, salt, cost: derived.append(cost))
    ticks = iter((100.0, 100.0 + seconds))
    assert keyslots.calibrate(lambda: next(ticks)) == replace(FLOOR_COST, memory=mebibytes * MIB)
    assert derived == [FLOOR_COST]
