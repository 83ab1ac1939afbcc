"""When the mailbox is read anew: for a letter that does not hold, for an overdue acknowledgement; seldom."""

from __future__ import annotations

import pytest

from fieldkit.vault import mailbox
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.vault import Vault
from sync.protocol.ids import MAIN, Device, Incarnation, Index
from sync.protocol.messages import MailItem
from tests.vault.world import NOW, World, confirm, seal_all, write

DAY, WEEK = 86_400, 7 * 86_400


def letter(position: int) -> MailItem:
    """A letter whose frame is its position."""
    return MailItem(
        mail_index=position,
        lane=MAIN,
        index=Index(position),
        device=Device(b"d" * 16),
        incarnation=Incarnation(b"i" * 8),
        frame=b"frame %d" % position,
    )


def doubt(vault: Vault) -> None:
    """A letter comes that does not hold."""
    vault.mailbox.keep([letter(vault.mailbox.cursor())], at=NOW)
    newest = vault.mailbox.letters(EntryState.NEW)[-1]
    vault.mailbox.settle(newest.position, EntryState.REFUSED, "no")


def test_a_bad_letter_has_it_read_anew_once_a_day(vault: Vault) -> None:
    """At once the first time, then when a day has passed, to the second."""
    assert vault.mailbox.begin_again(now=NOW) is False
    doubt(vault)
    assert vault.mailbox.cursor() == 1
    assert vault.mailbox.begin_again(now=NOW) is True
    assert vault.mailbox.cursor() == 0
    assert vault.mailbox.begin_again(now=NOW + 1) is False
    vault._database.run("DELETE FROM mail")
    doubt(vault)
    assert vault.mailbox.begin_again(now=NOW + DAY - 1) is False
    assert vault.mailbox.begin_again(now=NOW + DAY) is True


def test_a_clock_set_back_does_not_put_it_off(vault: Vault) -> None:
    """What was done in the future is no reason to wait for it."""
    doubt(vault)
    assert vault.mailbox.begin_again(now=NOW) is True
    vault._database.run("DELETE FROM mail")
    doubt(vault)
    assert vault.mailbox.begin_again(now=NOW - 1) is True


@pytest.mark.parametrize(("age", "again"), [(WEEK - 1, False), (WEEK + 1, True)])
def test_an_overdue_acknowledgement(vault: Vault, world: World, age: int, again: bool) -> None:
    """A week after a frame was received nobody has acknowledged it: perhaps the letter was kept from us."""
    write(vault, world, "one")
    seal_all(vault, world)
    confirm(vault, world, MAIN)
    assert vault.mailbox.begin_again(now=NOW + age) is again
    for later in (0, 1, WEEK - 1):
        assert vault.mailbox.begin_again(now=NOW + age + later) is False
    assert vault.mailbox.begin_again(now=NOW + age + WEEK) is True


def test_how_long_is_long() -> None:
    """A day and a week."""
    assert (mailbox.DOUBT_SECONDS, mailbox.OVERDUE_SECONDS) == (DAY, WEEK)
