"""A list line's row number: in the order of claimed times, whatever is claimed, and never given twice."""

from __future__ import annotations

import itertools

import pytest

from fieldkit.model.ids import IncidentId
from fieldkit.vault import incidents
from fieldkit.vault.errors import OutOfStep
from fieldkit.vault.incidents import Headline, Random
from fieldkit.vault.vault import Vault

END = 1 << 63
"""What a row number stays below."""

YEAR_10000 = 253_402_300_800


def always(value: bytes) -> Random:
    """A source that gives the same every time."""
    return lambda size: value[:size].ljust(size, b"\xff")


def rows(vault: Vault, *times: int, random: Random) -> list[int]:
    """The rows of incidents with these times."""
    return [
        incidents.add(vault._database, None, Headline(), created=created, random=random).row
        for created in times
    ]


@pytest.mark.parametrize("random", [always(b"\0\0"), always(b"\xff\xff")], ids=["least", "most"])
def test_rows_follow_the_claimed_time(vault: Vault, random: Random) -> None:
    """Second by second; the random bits never reach the seconds, nor these the minutes."""
    times = [0, 1, 59, 60, 61, 119, 120, 1_790_000_000, 1_790_000_001, YEAR_10000 - 1, YEAR_10000]
    found = rows(vault, *times, random=random)
    assert found == sorted(found)
    assert all(0 <= row < END for row in found)


def test_no_claim_is_too_far(vault: Vault) -> None:
    """A time before 1970 or beyond all calendars still gives a row, at the ends of the list."""
    first, honest, last = rows(vault, -(10**15), 1_790_000_000, 10**18, random=always(b"\xff\xff"))
    assert 0 <= first < honest < last < END
    latest = (1 << 42) - 1
    before, at = rows(vault, 60 * (latest - 1), 60 * latest, random=always(b"\0\0"))
    assert before < at < last


def test_a_taken_row_is_tried_again(vault: Vault) -> None:
    """Two reports of one second get other random bits; where none are left, it says so."""
    calls = itertools.count()
    found = rows(vault, 60, 60, 60, random=lambda size: (next(calls) // 2 << 8).to_bytes(size, "big"))
    assert len(set(found)) == 3
    assert next(calls) == 5
    rows(vault, 120, random=always(b"\0\0"))
    with pytest.raises(OutOfStep, match="no free row was found for a report dated 120"):
        rows(vault, 120, random=always(b"\0\0"))


def test_numbers_go_on(vault: Vault) -> None:
    """Local numbers begin at 1 and are never given twice."""
    made = [
        incidents.add(
            vault._database,
            IncidentId(bytes([n]) * 16),
            Headline(title="t"),
            created=60 * n,
            random=always(b""),
        )
        for n in (1, 2, 3)
    ]
    assert [place.number for place in made] == [1, 2, 3]
    assert incidents.find(vault._database, IncidentId(b"\2" * 16)) == made[1]
    assert incidents.row_of(vault._database, 3) == (made[2].row, b"\3" * 16)


def test_a_list_line_is_short(vault: Vault) -> None:
    """Of title and place so many characters are shown, not one less."""
    long = "x" * (incidents.TITLE_CHARACTERS + 1)
    place = incidents.add(
        vault._database, None, Headline(title=long, place=long), created=0, random=always(b"")
    )
    shown = vault._database.row("SELECT title, place FROM incident WHERE row = ?", (place.row,))
    assert shown == (long[:-1], long[:-1])
