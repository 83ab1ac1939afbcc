"""Lists: pages by date, lookup by what people type."""

from __future__ import annotations

import pytest

from fieldkit.model.draft import Draft
from fieldkit.model.ids import DeviceId, RevisionId
from fieldkit.vault.errors import AmbiguousRecord, NoSuchRecord
from fieldkit.vault.incidents import Headline
from fieldkit.vault.revisions import NewRevision
from fieldkit.vault.vault import Vault
from tests.vault.world import NOW, World, write

EMPTY = Draft(form_id="incident", form_version=1)


def pulled(vault: Vault, id_: bytes, *, created: int = NOW) -> None:
    """A report of somebody else."""
    new = NewRevision(
        id=RevisionId(id_),
        author=DeviceId(b"a" * 16),
        created=created,
        parents=(),
        content=b"x",
        headline=Headline(title=id_.hex()),
    )
    vault.revisions.keep(new, now=NOW)


def test_pages_are_chronological(vault: Vault) -> None:
    """Newest first by the author's date, in pages that neither repeat nor leave out any."""
    order = [5, 3, 8, 1, 9, 2, 7, 0, 6, 4]
    for day in order:
        pulled(vault, bytes([day]) * 16, created=NOW + 86_400 * day)
    seen: list[int] = []
    before = None
    while lines := vault.records.page(before=before, limit=3):
        assert len(lines) <= 3
        seen += [line.created for line in lines]
        before = lines[-1].row
    assert seen == [NOW + 86_400 * day for day in range(9, -1, -1)]


@pytest.mark.parametrize("created", [-(2**60), -1, 0, 2**62, 2**63 - 1])
def test_any_claimed_time_has_a_row(vault: Vault, created: int) -> None:
    """Clocks off by millions of years neither fail nor overflow."""
    pulled(vault, b"t" * 16, created=created)
    (line,) = vault.records.page()
    assert 0 <= line.row < 1 << 63
    assert line.created == created


def test_rows_of_one_second_stand_in_the_order_they_came(vault: Vault) -> None:
    """The newest number is first, also after one of them went."""
    for _ in range(4):
        vault.drafts.begin(EMPTY, now=NOW)
    vault.drafts.discard(2)
    vault.drafts.begin(EMPTY, now=NOW)
    lines = vault.records.page()
    assert [line.number for line in lines] == [5, 4, 3, 1]
    assert lines[-1].row == (NOW // 60) << 20 | (NOW % 60) << 14


def test_lookup(vault: Vault, world: World) -> None:
    """The local number first, then at least four hex digits, in either case."""
    done = write(vault, world, "first")
    pulled(vault, bytes.fromhex("00110000000000000000000000000001"))
    pulled(vault, bytes.fromhex("abcd0000000000000000000000000001"))
    pulled(vault, bytes.fromhex("abcd1000000000000000000000000002"))
    find = vault.records.find
    assert find("1").incident == find("0001").incident == done.incident
    assert find(" 2 ").number == 2
    assert find("0011").number == 2
    assert find("ABCD1").number == 4
    assert find("abcd0000000000000000000000000001").number == 3
    assert find(done.incident.hex()).number == 1
    with pytest.raises(AmbiguousRecord, match="abcd1000"):
        find("abcd")


@pytest.mark.parametrize(
    "typed", ["", "9", "abc", "xyz1", "ffff", "-1", "1.0", "9" * 40, "a" * 33, "٣", "0x11", "' OR 1=1"]
)
def test_what_is_not_there_is_told(vault: Vault, world: World, typed: str) -> None:
    """Every other text is refused with what was expected."""
    write(vault, world, "first")
    with pytest.raises(NoSuchRecord):
        vault.records.find(typed)


def test_a_number_too_short_for_an_id_is_taken_as_one(vault: Vault, world: World) -> None:
    """Nobody who asks for report 99 is told to type hex digits."""
    write(vault, world, "first")
    with pytest.raises(NoSuchRecord, match="no report number 99"):
        vault.records.find("99")


def test_drafts_are_ones_own(vault: Vault) -> None:
    """A line that is only a draft was written here."""
    vault.drafts.begin(EMPTY, now=NOW)
    (line,) = vault.records.page()
    assert (line.own, line.has_draft, line.incident, line.revisions) == (True, True, None, 0)
    assert vault.records.page(before=line.row) == []
