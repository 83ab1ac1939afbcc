"""What reaches a screen before it is made, and what goes on after it is gone: neither ends the program.

A key with priority is acted on in the program's own turn, while the screen it means is still being put
together; a handler may come back from waiting when its screen is gone. Each handler would have to know. So it
is settled here, once for all screens.
"""

from __future__ import annotations

from collections.abc import Collection
from traceback import walk_tb
from typing import Any

from textual.app import App
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import MountError, Widget

MISSED = (NoMatches, MountError)
"""What Textual raises when a part of a screen is not there, or can be put nowhere."""


class LeftBehindApp(App[None]):
    """The part of the program that knows when a screen is whole."""

    async def _dispatch_action(self, namespace: DOMNode, action_name: str, params: Any) -> bool:
        """Act; on a screen that is still being made, as soon as it is."""
        if isinstance(namespace, Widget) and not namespace.is_mounted:
            # Its own queue is looked at once it is made, and never when it is taken away before.
            namespace.call_later(super()._dispatch_action, namespace, action_name, params)
            return True
        try:
            return await super()._dispatch_action(namespace, action_name, params)
        except MISSED as error:
            # Here, for in the program's own turn a fault that is passed over would end the turn all the same.
            if not self.passes_over(error):
                raise
            return True

    def passes_over(self, error: BaseException) -> bool:
        """Whether a fault only says that a screen is not there any more."""
        return is_left_behind(error, () if self._exit else self.screen_stack)


def is_left_behind(error: BaseException, shown: Collection[Screen[object]]) -> bool:
    """Whether a handler only missed a part of its own screen or widget, which had been taken away meanwhile.

    What the screen held was stored before it was taken away, so nothing is lost where its handler ends. Once
    the program is left, no screen is shown.
    """
    if not isinstance(error, MISSED):
        return False
    owners = (frame.f_locals.get("self") for frame, _ in walk_tb(error.__traceback__))
    return any(isinstance(owner, Widget) and not _is_shown(owner, shown) for owner in owners)


def _is_shown(owner: Widget, shown: Collection[Screen[object]]) -> bool:
    return any(node in shown for node in owner.ancestors_with_self)
