"""A list line's row number: in the order of claimed times, whatever is claimed, and never given twice."""

from __future__ import annotations

import pytest

from fieldkit.model.ids import IncidentId
from fieldkit.vault import incidents
from fieldkit.vault.errors import OutOfStep
from fieldkit.vault.incidents import Headline
from fieldkit.vault.vault import Vault

END = 1 << 63
"""What a row number stays below."""

YEAR_10000 = 253_402_300_800


def rows(vault: Vault, *times: int) -> list[int]:
    """The rows of incidents with these times."""
    return [incidents.add(vault._database, None, Headline(), created=created).row for created in times]


def test_rows_follow_the_claimed_time(vault: Vault) -> None:
    """Second by second, in any order of coming; the seconds never reach the minutes."""
    times = [0, 1, 59, 60, 61, 119, 120, 1_790_000_000, 1_790_000_001, YEAR_10000 - 1, YEAR_10000]
    found = list(reversed(rows(vault, *reversed(times))))
    assert found == sorted(found)
    assert all(0 <= row < END for row in found)


def test_no_claim_is_too_far(vault: Vault) -> None:
    """A time before 1970 or beyond all calendars still gives a row, at the ends of the list."""
    first, honest, last = rows(vault, -(10**15), 1_790_000_000, 10**18)
    assert 0 <= first < honest < last < END
    latest = (1 << 42) - 1
    before, at = rows(vault, 60 * (latest - 1), 60 * latest)
    assert before < at < last


def test_a_full_second_goes_on_in_the_next(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever claims one second thousands of times does not keep others out; at some point it is told."""
    monkeypatch.setattr(incidents, "SECOND_BITS", 1)
    monkeypatch.setattr(incidents, "SECONDS_TRIED", 2)
    assert rows(vault, 60, 60, 60, 60) == [1 << 20, (1 << 20) + 1, (1 << 20) + 2, (1 << 20) + 3]
    with pytest.raises(OutOfStep, match="no free row was found for a report dated 60"):
        rows(vault, 60)


def test_numbers_go_on(vault: Vault) -> None:
    """Local numbers begin at 1 and are never given twice."""
    made = [
        incidents.add(
            vault._database,
            IncidentId(bytes([n]) * 16),
            Headline(title="t"),
            created=60 * n,
        )
        for n in (1, 2, 3)
    ]
    assert [place.number for place in made] == [1, 2, 3]
    assert incidents.find(vault._database, IncidentId(b"\2" * 16)) == made[1]
    assert incidents.row_of(vault._database, 3) == (made[2].row, b"\3" * 16)


def test_a_list_line_is_short(vault: Vault) -> None:
    """Of title and place so many characters are shown, not one less."""
    long = "x" * (incidents.TITLE_CHARACTERS + 1)
    place = incidents.add(vault._database, None, Headline(title=long, place=long), created=0)
    shown = vault._database.row("SELECT title, place FROM incident WHERE row = ?", (place.row,))
    assert shown == (long[:-1], long[:-1])
