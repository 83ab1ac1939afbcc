"""Mail: stored once, cursor moved with it (security.md R17)."""

from __future__ import annotations

import pytest

from fieldkit.vault.evidence import Finding
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.vault import Vault
from sync.protocol.ids import MAIN, Device, Incarnation
from sync.protocol.messages import MailItem
from tests.vault.world import NOW


def item(position: int, text: str = "letter") -> MailItem:
    """A letter."""
    return MailItem(
        mail_index=position,
        lane=MAIN,
        index=10 + position,
        device=Device(b"s" * 16),
        incarnation=Incarnation(b"i" * 8),
        frame=f"{text} {position}".encode(),
    )


def test_letters_and_cursor(vault: Vault) -> None:
    """Letters are stored in order, the cursor goes past them, and each is settled by itself."""
    assert vault.mailbox.cursor() == 0
    assert vault.mailbox.keep([item(0), item(1)], at=NOW) == 2
    assert vault.mailbox.cursor() == 2
    first, second = vault.mailbox.letters()
    assert (first.position, first.raw, first.device) == (0, b"letter 0", b"s" * 16)
    vault.mailbox.settle(first.position, EntryState.HANDLED)
    vault.mailbox.settle(second.position, EntryState.REFUSED, "no reader of the lane")
    assert vault.mailbox.letters() == []
    assert vault.mailbox.letters(EntryState.REFUSED)[0].reason == "no reader of the lane"


def test_twice_changes_nothing(vault: Vault) -> None:
    """The same mail again is no news, does not reopen what was settled and never moves the cursor back."""
    vault.mailbox.keep([item(0), item(1)], at=NOW)
    vault.mailbox.settle(0, EntryState.HANDLED)
    assert vault.mailbox.keep([item(0)], at=NOW + 1) == 0
    assert vault.mailbox.keep([], at=NOW) == 0
    assert (vault.mailbox.cursor(), len(vault.mailbox.letters())) == (2, 1)
    assert vault.evidence.all() == []


def test_another_letter_at_a_position_is_evidence(vault: Vault) -> None:
    """The first one stays."""
    vault.mailbox.keep([item(0)], at=NOW)
    vault.mailbox.keep([item(0, "forged")], at=NOW)
    assert vault.mailbox.letters()[0].raw == b"letter 0"
    (found,) = vault.evidence.all()
    assert (found.kind, found.raw) == (Finding.FEED, b"forged 0")


def test_mail_that_fails_moves_nothing(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters and cursor are one transaction."""

    def crash(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(vault.identities, "set_progress", crash)
    with pytest.raises(KeyboardInterrupt):
        vault.mailbox.keep([item(0)], at=NOW)
    assert (vault.mailbox.cursor(), vault.mailbox.letters()) == (0, [])
