"""Contradictions are kept in order, each once, under words that later versions must understand."""

from __future__ import annotations

import pytest

from fieldkit.vault.evidence import SERVER, Finding
from fieldkit.vault.vault import Vault
from sync.protocol.ids import MAIN, SOURCES, Lane
from tests.vault.world import NOW


def test_kinds_are_stored_as_they_always_were() -> None:
    """The words stand in vaults: another word would be another kind."""
    assert {kind.name: kind.value for kind in Finding} == {kind.name: kind.name.lower() for kind in Finding}


def test_each_once_and_in_order(vault: Vault) -> None:
    """The same again changes nothing; whatever differs is another one."""
    told = [
        (Finding.TREE, MAIN, SERVER, "b", b"2"),
        (Finding.FORK, MAIN, SERVER, "a", b"1"),
        (Finding.TREE, SOURCES, SERVER, "b", b"2"),
        (Finding.TREE, MAIN, SERVER, "b", b"3"),
    ]
    for _ in range(2):
        for kind, lane, device, detail, raw in told:
            vault.evidence.add(kind, lane, device, detail, raw, at=9)
    found = vault.evidence.all()
    assert [(one.kind, one.lane, one.device, one.detail, one.raw) for one in found] == told
    assert {one.at for one in found} == {9}


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ([(Finding.TREE, MAIN)], [Finding.TREE]),
        ([(Finding.LOST, MAIN)], []),
        ([(Finding.TREE, MAIN), (Finding.FEED, MAIN), (Finding.RESTART, MAIN)], []),
        ([(Finding.RESTART, MAIN), (Finding.TREE, MAIN)], [Finding.TREE]),
        ([(Finding.TREE, MAIN), (Finding.RESTART, SOURCES)], [Finding.TREE]),
        ([(Finding.GENERATION, MAIN)], [Finding.GENERATION]),
        ([(Finding.GENERATION, MAIN), (Finding.RESTART, MAIN)], []),
        ([(Finding.RESTART, MAIN), (Finding.GENERATION, MAIN)], []),
        ([(Finding.FORK, MAIN), (Finding.PART, MAIN), (Finding.RESTART, MAIN)], [Finding.FORK, Finding.PART]),
    ],
)
def test_what_a_restart_settles(vault: Vault, told: list[tuple[Finding, Lane]], left: list[Finding]) -> None:
    """What the log of that lane showed before it; never what a device did, nor another lane, nor later."""
    for place, (kind, lane) in enumerate(told):
        vault.evidence.add(kind, lane, SERVER, f"number {place}", b"", at=NOW)
    assert [found.kind for found in vault.evidence.unsettled()] == left
    assert len(vault.evidence.all()) == len(told)
