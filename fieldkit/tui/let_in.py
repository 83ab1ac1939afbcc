"""The one way from a passphrase to an open vault, whichever screen asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message_pump import MessagePump
from textual.worker import get_current_worker

from fieldkit.tui.messages import Opened, Refused
from fieldkit.tui.ports.trouble import Trouble

if TYPE_CHECKING:
    from fieldkit.tui.ports.door import Desk


def let_in(screen: MessagePump, make: Callable[[], Desk], *, new: bool = False) -> None:
    """Open or make a vault, and tell the screen of it, or why not. In a worker.

    A vault nobody waits for any more is locked again at once.
    """
    try:
        desk = make()
    except Trouble as trouble:
        screen.post_message(Refused(trouble.message, trouble.hint))
        return
    if get_current_worker().is_cancelled:
        desk.lock()
    else:
        screen.post_message(Opened(desk, new=new))
