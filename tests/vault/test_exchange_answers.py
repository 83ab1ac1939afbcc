"""What the exchange is told is what the vault found, not a guess."""

from __future__ import annotations

import pytest

from fieldkit.vault.exchange_store import VaultExchange
from fieldkit.vault.vault import Vault
from sync.protocol.errors import Refusal
from sync.protocol.ids import MAIN
from tests.vault.world import NOW, World, seal_all, write


@pytest.mark.parametrize("answer", [True, False])
def test_whether_a_join_waits_again(vault: Vault, monkeypatch: pytest.MonkeyPatch, answer: bool) -> None:
    """The exchange sends the join only where there is one to send."""
    monkeypatch.setattr(vault.delivery, "rejoin", lambda: answer)
    assert VaultExchange(vault, lambda: NOW).rejoin() is answer


def test_what_a_refusal_names(vault: Vault, world: World) -> None:
    """Lane and sequence, in this order; whether the frame is set aside."""
    write(vault, world, "first")
    seal_all(vault, world)
    store, incarnation = VaultExchange(vault, lambda: NOW), vault.identities.require().incarnation
    assert store.keep_refusal(MAIN, incarnation, 2, Refusal.BUSY) is False
    assert store.keep_refusal(MAIN, incarnation, 2, Refusal.MALFORMED) is True
    assert [(frame.lane, frame.sequence) for frame in vault.delivery.to_void()] == [(MAIN, 2)]
