"""The link of an open vault, as the screens ask for it: what waits, what goes on, begin, pause."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldkit.actions.watching import LOOK_SECONDS
from fieldkit.tui.desks.runner import Runner
from fieldkit.tui.desks.sender import Sender
from fieldkit.tui.desks.telling import told
from fieldkit.tui.ports.link import Activity, LinkView, Listener, Standing

if TYPE_CHECKING:
    from fieldkit.actions.session import Session


class VaultLink:
    """Satisfies `ports.link.Link`. Exchanges run on a thread of their own; close it before the vault."""

    def __init__(self, session: Session, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._session = session
        self._runner = Runner(session)
        self._sender = Sender(self._runner, look_seconds=look_seconds)
        self._started = False

    def view(self) -> LinkView:
        """What the vault knows. Raises Trouble."""
        with told():
            from fieldkit.actions import outlook

            if not self._sender.busy:
                self._runner.look()
            found = outlook.outlook(self._session)
        return LinkView(
            standing=Standing(found.membership.value),
            coordinator=found.coordinator,
            address=found.address,
            route=found.route,
            trouble=found.trouble,
            notices=found.notices,
            reports=found.reports,
            waiting=found.waiting,
            size=found.size,
            beside=found.beside,
            speed=found.speed,
            last_sync=found.last_sync,
            unfinished=found.unfinished,
            awaited=found.awaited,
            refused=found.refused,
            cap=found.cap,
            by_itself=found.by_itself,
        )

    def coordinates(self) -> bool:
        """Whether this laptop also pulls. Raises Trouble."""
        with told():
            from fieldkit.actions import outlook

            return outlook.coordinates(self._session)

    def settle(self, *, cap: int | None = None, by_itself: bool | None = None) -> None:
        """Change what is set, for good. Raises Trouble."""
        with told():
            from fieldkit.actions import outlook

            outlook.settle(self._session, cap=cap, by_itself=by_itself)
        if by_itself is not None:
            self._sender.go_by_itself(by_itself)
        self._runner.tell(changed=False)

    def hurry(self, number: int, yes: bool) -> None:
        """Let what waits of a report go before everything else, or no more. Raises Trouble."""
        with told():
            from fieldkit.actions import outlook

            outlook.hurry(self._session, number, yes)
            self._runner.look()
        self._runner.tell(changed=False)

    def activity(self) -> Activity:
        """What is going on."""
        now, sender = self._runner.activity, self._sender
        busy, stopping = sender.asked, sender.paused
        word = now.word
        if stopping:
            word = "stopping" if busy else "paused"
        elif busy and not sender.busy:
            word = "connecting"
        return replace(
            now,
            busy=busy,
            paused=stopping and not busy,
            phase="stopping at a safe place" if stopping else now.phase,
            word=word,
            next_try=sender.next_try(),
        )

    def begin(self, *, pull: bool = False) -> None:
        """Begin an exchange, or go on after a pause."""
        self._sender.begin(pull=pull)
        self._runner.tell(changed=False)

    def pause(self) -> None:
        """Stop at the next safe place, and begin nothing by itself until `begin`."""
        self._sender.pause()
        self._runner.tell(changed=False)

    def listen(self, listener: Listener | None) -> None:
        """Whom to tell. With the first listener the thread begins to look."""
        self._runner.listener = listener
        if listener is not None and not self._started:
            self._started = True
            self._sender.start()

    def close(self) -> bool:
        """End the thread; whether it was gone in time. What it was doing loses nothing."""
        self._runner.listener = None
        return self._sender.close()
