"""A server put back to an older backup: what it had confirmed is taken back and sent again."""

from __future__ import annotations

import pytest

from sync.client.errors import RefusedError, VerificationError
from sync.client.tasks import LOSSES
from sync.protocol.errors import Refusal
from sync.protocol.hello import Hello
from sync.protocol.messages import MailItem, ReplyItem
from tests.client.laptop import make_frames
from tests.client.memory import chain
from tests.client.test_engine import World, mail, world


def _served(*lanes: int) -> World:
    """A laptop whose five frames a lane the server has confirmed."""
    w = world([frame for lane in lanes for frame in make_frames(lane, 5)])
    w.engine.sync()
    assert w.store.pending_totals() == (0, 0)
    return w


def test_an_idle_laptop_learns_it_and_sends_again() -> None:
    """The hello names what was confirmed; a lower receipt makes the rest wait, the next round sends it."""
    w = _served(1, 2)
    w.server.lose(1, 3)
    w.server.lose(2, 0)
    status = w.engine.sync()
    assert (status.requests, status.frames_confirmed, status.frames_waiting) == (2, 7, 0)
    assert [hello.lanes for hello, _ in w.server.requests[1:]] == [((1, 5), (2, 5)), ((1, 3), (2, 0))]
    assert [alarm for alarm in status.alarms if "wait again" in alarm and "7" not in alarm]
    assert (w.server.chains[chain(1)].log.head, w.server.chains[chain(2)].log.head) == (5, 5)


def test_new_frames_go_beyond_the_gap_and_close_it() -> None:
    """What was written meanwhile is sent first, the receipt tells of the gap, the next round fills it."""
    w = _served(1)
    w.server.lose(1, 2)
    w.store.frames = make_frames(1, 6)
    assert w.engine.sync().frames_confirmed == 4
    assert w.server.chains[chain(1)].log.head == 6


def test_a_server_that_takes_back_again_and_again_is_left() -> None:
    """It may waste a few rounds of one run, not the night."""
    w = _served(1)

    def lose(hello: Hello, items: list[ReplyItem]) -> list[ReplyItem]:
        w.server.lose(1, len(w.server.requests) % 2)
        return items

    w.server.tamper = lose
    w.server.lose(1, 1)
    with pytest.raises(VerificationError, match="again and again"):
        w.engine.sync()
    assert len(w.server.requests) <= 2 * LOSSES + 3


def test_mail_may_begin_lower_and_is_asked_for_anew() -> None:
    """The mailbox of a restored server counts from its beginning."""
    w = world()
    w.server.mail = mail(6)
    w.engine.sync()
    assert w.store.mail_cursor() == 6
    w.server.tamper = lambda _, items: [*mail(2), *(i for i in items if not isinstance(i, MailItem))]
    assert w.engine.sync().mail == 2
    assert [item.mail_index for item in w.store.mail][-2:] == [0, 1]


def test_mail_beside_a_loss_is_left_for_the_next_round() -> None:
    """Its positions answer a cursor that no longer means anything."""
    w = _served(1)
    w.server.mail = mail(3, first=2)
    w.server.lose(1, 1)
    status = w.engine.sync()
    assert (status.mail, status.requests) == (3, 2)


@pytest.mark.parametrize("joined", [True, False])
def test_a_server_that_lost_the_join_is_sent_it_once_more(joined: bool) -> None:
    """Refused as unknown: the join frame waits again and goes in front, one time; if it was ever held."""
    w = _served(1)
    w.store.joins = joined
    asked: list[int] = []

    def refuse() -> Refusal | None:
        asked.append(1)
        return Refusal.DEVICE

    w.server.whole_refusal = refuse
    with pytest.raises(RefusedError):
        w.engine.sync()
    assert (len(asked), w.store.rejoined) == (2 if joined else 1, 1)


def test_nothing_is_taken_back_without_a_loss() -> None:
    """The rig is sound: a server that lost nothing takes nothing back."""
    w = _served(1, 2)
    status = w.engine.sync()
    assert (status.requests, status.alarms, status.frames_confirmed) == (1, (), 0)
