"""Numbers and words that stand in vaults and in their SQL mean for ever what they meant."""

from __future__ import annotations

from enum import Enum

import pytest

from fieldkit.vault.inbox import EntryState
from fieldkit.vault.keys import Purpose
from fieldkit.vault.keyslots import SlotKind
from fieldkit.vault.members import MemberState

STORED: list[tuple[type[Enum], dict[str, object]]] = [
    (
        EntryState,
        {"NEW": 0, "OPENED": 1, "HANDLED": 2, "AWAITING_KEY": 3, "AWAITING_MEMBER": 4, "REFUSED": 5},
    ),
    (MemberState, {"NAMED": 0, "PENDING": 1, "MEMBER": 2, "REFUSED": 3}),
    (SlotKind, {"PASSPHRASE": 1, "RECOVERY": 2}),
    (Purpose, {name.upper(): name for name in ("device", "reader", "inbox", "root", "directory", "invite")}),
]


@pytest.mark.parametrize(("kind", "values"), STORED, ids=lambda one: getattr(one, "__name__", ""))
def test_what_is_stored_stays(kind: type[Enum], values: dict[str, object]) -> None:
    """Another number would give rows another meaning; a second name for one would hide what is missing."""
    assert {name: member.value for name, member in kind.__members__.items()} == values
