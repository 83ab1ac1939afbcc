"""Does the exchanges of a vault, one at a time, and says at any moment how far they are."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fieldkit.tui.desks.journey import Journey
from fieldkit.tui.desks.news import pull_news, sync_news
from fieldkit.tui.ports.link import Activity, Listener
from fieldkit.vault.errors import VaultError

if TYPE_CHECKING:
    from fieldkit.actions.outlook import Queued
    from fieldkit.actions.session import Session
    from fieldkit.model.state import State
    from sync.client.status import Status

OFFLINE, FAILED = "offline", "sync failed"
"""What the line above every screen says after a try that did not succeed."""

WORDS = {"CONNECTING": "connecting", "BACKOFF": "trying again"}
"""What it says while nothing goes either way, by the phase of the exchange."""


class Runner:
    """Satisfies `sender.Work`. `activity` is replaced whole, so that any thread may read it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._journey = Journey(self._queue, self._states)
        self._guard = threading.RLock()
        self._ended = (0, 0)
        """Bytes up and down of those runs of the present exchange that are over."""
        self._run = (0, 0)
        self._settled = 0
        self._capped = False
        self._elsewhere = session.vault.stored_elsewhere()
        self.activity = Activity()
        self.listener: Listener | None = None

    def look(self) -> None:
        """Ask the vault what waits. Raises ActionError."""
        with self._guard:
            self._settled += self._journey.look()
            self._show()

    def tell(self, *, changed: bool) -> None:
        """Something is new; `changed` when reports or their states may be."""
        listener = self.listener
        if listener is not None:
            listener(changed)

    # Asked by the thread

    def goes_by_itself(self) -> bool:
        """Whether exchanges begin without being asked for, as it was set."""
        from fieldkit.actions import outlook

        return outlook.goes_by_itself(self._session)

    def pulls(self) -> bool:
        """Whether this laptop fetches what others wrote."""
        from fieldkit.actions import outlook

        return outlook.coordinates(self._session)

    def due(self) -> tuple[bool, bool]:
        """Whether something waits to be sent, and whether news may wait."""
        from fieldkit.actions import outlook

        return outlook.due(self._session)

    def exchange(self, *, pull: bool, stop: threading.Event) -> bool:
        """One exchange; whether it went well. A wish to stop is no failure."""
        from fieldkit.actions.errors import ActionError, LinkProblem, PausedProblem

        self._begin(pull)
        result: dict[str, Any] = {"phase": "", "word": "", "error": "", "advice": ""}
        try:
            result["news"] = self._exchange(pull, stop)
            return True
        except PausedProblem:
            return True
        except ActionError as error:
            result.update(
                word=OFFLINE if isinstance(error, LinkProblem) else FAILED,
                error=error.message,
                advice=error.hint or "",
            )
            return False
        finally:
            self._end(result)

    def look_beside(self) -> None:
        """Whether another program has stored something, such as a verb in another window: then that shows."""
        from fieldkit.actions.errors import ActionError

        try:
            now = self._session.vault.stored_elsewhere()
            if now != self._elsewhere:
                self._elsewhere = now
                self.look()
                self.tell(changed=True)
        except (VaultError, ActionError):
            pass  # the vault is closing; or its disk fails, which whoever asks for more is told

    def spent(self) -> bool:
        """Whether the last exchange ended at its limit on bytes."""
        return self._capped

    def failed(self, fault: Exception) -> None:
        """Tell of what nobody expected; the words of whoever raised it could hold anything."""
        from fieldkit.actions.errors import ActionError

        if self.listener is None:
            return  # the vault is closing
        expected = isinstance(fault, ActionError)
        with self._guard:
            self._show(
                phase="",
                word=FAILED,
                error=str(fault) if expected else f"a fault of the program ({type(fault).__name__})",
                advice=(fault.hint or "") if isinstance(fault, ActionError) else "nothing is lost; report it",
            )
        self.tell(changed=True)

    def hang_up(self) -> None:
        """The vault is closing: nothing waits for the network any more."""
        self._session.lines.end()

    def _begin(self, pull: bool) -> None:
        with self._guard:
            self._ended = self._run = (0, 0)
            self._settled, self._capped = 0, False
            self._journey.rest()
            self._show(phase="connecting", word="connecting", pulling=pull, up=0, down=0, news=())
        self.tell(changed=False)

    def _exchange(self, pull: bool, stop: threading.Event) -> tuple[str, ...]:
        from fieldkit.actions import exchange, outlook

        cap = outlook.cap(self._session) or None
        if pull:
            pulled = exchange.pull(self._session, max_bytes=cap, progress=self._take, stop=stop)
            self.look()
            self._capped = pulled.capped
            return tuple(pull_news(pulled, self._settled))
        sent = exchange.sync(self._session, max_bytes=cap, progress=self._take, stop=stop)
        self.look()
        self._capped = sent.capped
        return tuple(sync_news(sent, self._settled))

    def _end(self, result: dict[str, Any]) -> None:
        from fieldkit.actions.errors import ActionError

        with self._guard:
            try:
                self._settled += self._journey.rest()
            except ActionError:
                # The vault was closed meanwhile: there is nobody to tell.
                self.listener = None
            if "news" not in result and self._settled:
                result["news"] = (f"✓ confirmed by the server before that: {self._settled}",)
            self._show(**result)
        self.tell(changed=True)

    def _take(self, status: Status) -> None:
        """An exchange's progress, on its thread."""
        with self._guard:
            here = (status.bytes_up, status.bytes_down)
            if here[0] < self._run[0] or here[1] < self._run[1]:
                self._ended = (self._ended[0] + self._run[0], self._ended[1] + self._run[1])
            self._run = here
            before = len(self._journey.settled())
            changed = self._journey.take(status)
            self._settled += max(0, len(self._journey.settled()) - before)
            self._show(
                phase=status.phase.value,
                word=WORDS.get(status.phase.name, "pulling" if self.activity.pulling else "sending"),
                up=self._ended[0] + here[0],
                down=self._ended[1] + here[1],
            )
        self.tell(changed=changed)

    def _show(self, **changes: Any) -> None:
        self.activity = replace(
            self.activity, queue=self._journey.queue(), settled=self._journey.settled(), **changes
        )

    def _queue(self) -> Sequence[Queued]:
        from fieldkit.actions import outlook

        return outlook.queue(self._session)

    def _states(self, numbers: Iterable[int]) -> Mapping[int, State]:
        from fieldkit.actions import outlook

        return outlook.states(self._session, numbers)
