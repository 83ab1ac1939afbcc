"""Mail: stored once, cursor moved with it (threat model R17)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.vault.inbox import EntryState
from fieldkit.vault.vault import Vault
from sync.protocol.ids import MAIN, Device, Incarnation
from sync.protocol.messages import MailItem
from sync.protocol.shapes import UINT_MAX
from tests.vault.world import NOW

DAY = 86_400


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
    """The same mail again is no news and does not reopen what was settled; the cursor follows the server."""
    vault.mailbox.keep([item(0), item(1)], at=NOW)
    vault.mailbox.settle(0, EntryState.HANDLED)
    assert vault.mailbox.keep([item(0)], at=NOW + 1) == 0
    assert vault.mailbox.cursor() == 1
    assert vault.mailbox.keep([], at=NOW) == 0
    assert (vault.mailbox.cursor(), len(vault.mailbox.letters())) == (1, 1)


def test_a_restored_mailbox_counts_anew(vault: Vault) -> None:
    """Another letter at a taken position is kept, once, and what was there before stays."""
    vault.mailbox.keep([item(0), item(1)], at=NOW)
    for _ in range(2):
        vault.mailbox.keep([item(0, "another")], at=NOW)
        vault.mailbox.keep([item(1), item(2)], at=NOW)
    letters = [letter.raw for letter in vault.mailbox.letters()]
    assert letters == [b"letter 0", b"letter 1", b"another 0", b"letter 2"]
    assert (vault.mailbox.cursor(), vault.evidence.all()) == (3, [])


def test_a_letter_that_does_not_hold_has_the_mailbox_read_anew(vault: Vault) -> None:
    """It may stand where another one was: once a day all is asked for again, and reading it ends that."""
    for day, again in ((0, True), (0, False), (1, True), (1, False), (2, True)):
        vault.mailbox.keep([item(0), item(1, f"junk {day} {again}")], at=NOW)
        for letter in vault.mailbox.letters():
            vault.mailbox.settle(letter.position, EntryState.REFUSED, "noise")
        assert vault.mailbox.begin_again(now=NOW + day * DAY) is again
        assert vault.mailbox.cursor() == (0 if again else 2)
    vault.mailbox.keep([item(0), item(1, "junk 2 True")], at=NOW)
    assert not vault.mailbox.begin_again(now=NOW + 9 * DAY)


@pytest.mark.parametrize(
    ("state", "doubted"), [(EntryState.HANDLED, False), (EntryState.AWAITING_MEMBER, True)]
)
def test_waiting_doubts_once(vault: Vault, state: EntryState, doubted: bool) -> None:
    """A letter that waits for a directory is doubted when it comes, not each time it is tried."""
    vault.mailbox.keep([item(0)], at=NOW)
    for now in (NOW, NOW + DAY):
        vault.mailbox.settle(0, state)
        assert vault.mailbox.begin_again(now=now) is (doubted and now == NOW)


def test_letters_left_out_are_asked_for(vault: Vault) -> None:
    """A hole between positions is doubted; the last number there is does no harm."""
    last = replace(item(1), mail_index=UINT_MAX)
    assert vault.mailbox.keep([item(0), last], at=NOW) == 2
    assert vault.mailbox.cursor() == UINT_MAX
    assert vault.mailbox.begin_again(now=NOW) and vault.mailbox.cursor() == 0
    assert vault.mailbox.keep([item(0), item(1), item(2)], at=NOW) == 1
    assert not vault.mailbox.begin_again(now=NOW + DAY)


def test_mail_that_fails_moves_nothing(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters and cursor are one transaction."""

    def crash(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(vault.identities, "set_progress", crash)
    with pytest.raises(KeyboardInterrupt):
        vault.mailbox.keep([item(0)], at=NOW)
    assert (vault.mailbox.cursor(), vault.mailbox.letters()) == (0, [])
