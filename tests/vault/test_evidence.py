"""What is settled and what is not."""

from __future__ import annotations

import pytest

from fieldkit.vault.evidence import SERVER, Finding
from fieldkit.vault.vault import Vault
from sync.protocol.ids import MAIN, SOURCES, Lane
from tests.vault.world import NOW


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
