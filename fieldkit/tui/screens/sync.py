"""Sending and receiving: what waits and what it costs, what goes on, what came of it, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from fieldkit.tui import keymap, link_words
from fieldkit.tui.early_keys import EarlyKeys
from fieldkit.tui.messages import Chosen, LinkMoved, LinkViewed, Refused
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.link import Activity, LinkView, Standing
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.widgets.header import HeaderLine, ago
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.link_queue import LinkQueue
from fieldkit.tui.widgets.said import Said

COUNT_SECONDS = 1.0
"""How often the time until the next try is looked at; nothing is drawn while the words stay the same."""


class SyncScreen(Screen[None]):
    """Words above, the queue, what the last exchange brought, the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.SEND,
        keymap.PULL,
        keymap.PAUSE,
        keymap.HURRY,
        keymap.BY_ITSELF,
        keymap.CAP,
        keymap.LEAVE_SYNC,
    ]
    ALLOW_SELECT = False
    CSS = """
    SyncScreen Said { height: auto; padding: 0 1; }
    SyncScreen #standing, SyncScreen #notices { color: $warning; }
    SyncScreen #waits { text-style: bold; }
    SyncScreen #happens { padding: 0 1 1 1; }
    SyncScreen #news { max-height: 8; }
    """

    def __init__(self, desk: Desk, clock: Callable[[], int]) -> None:
        super().__init__()
        self._desk = desk
        self._clock = clock
        self._view: LinkView | None = None
        self._early = EarlyKeys()
        self._moved: tuple[object, ...] = ()
        self._moved_at = 0

    def compose(self) -> ComposeResult:
        """One column."""
        yield HeaderLine()
        yield Said(id="waits")
        yield Said(id="road")
        yield Said(id="settings")
        yield Said(id="standing")
        yield Said(id="notices")
        yield Said(id="happens")
        yield LinkQueue()
        yield Said(id="news")
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask how things stand."""
        self._look()
        self.set_interval(COUNT_SECONDS, self._draw)
        self.query_one(LinkQueue).focus()

    def on_key(self, event: events.Key) -> None:
        """What a key does hangs on how things stand."""
        self._early.hold(event)

    def on_screen_resume(self) -> None:
        """Something may have been finished meanwhile."""
        self._look()

    def on_unmount(self) -> None:
        """Nothing of the vault stays behind."""
        self._view = None

    def on_link_viewed(self, event: LinkViewed) -> None:
        """Say how things stand."""
        self._view = event.view
        self._draw()
        self.refresh_bindings()
        self._early.give(self)

    def on_link_moved(self, event: LinkMoved) -> None:
        """The exchange went on; what the vault knows is asked for when it may have changed."""
        self._draw()
        self.refresh_bindings()
        if event.changed or not self._desk.link.activity().busy:
            self._look()

    def on_refused(self, event: Refused) -> None:
        """Say what went wrong and what to do."""
        self.query_one("#happens", Said).say(event.said)
        self._early.give(self)

    def on_chosen(self, event: Chosen) -> None:
        """Open a report of the queue."""
        self.app.push_screen(RecordScreen(self._desk, event.number))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now."""
        now, view = self._desk.link.activity(), self._view
        able = view is not None and not view.trouble and view.standing is not Standing.NONE
        match action:
            case "send":
                return able and not now.busy
            case "pull":
                return able and not now.busy and view is not None and view.coordinator
            case "pause":
                return now.busy or (able and view is not None and view.by_itself and not now.paused)
            case "hurry":
                return any(line.number is not None for line in now.queue)
            case "by_itself" | "cap":
                return able
            case _:
                return True

    def action_send(self) -> None:
        """Begin an exchange, or go on."""
        self._desk.link.begin()

    def action_pull(self) -> None:
        """Fetch what others wrote; what waits is sent too."""
        self._desk.link.begin(pull=True)

    def action_pause(self) -> None:
        """Stop at the next safe place."""
        self._desk.link.pause()

    def action_hurry(self) -> None:
        """Let the report under the cursor go first, or no more."""
        here = self.query_one(LinkQueue).here
        if here is not None and here.number is not None:
            self._hurry(here.number, not here.hurried)

    def action_by_itself(self) -> None:
        """Let exchanges begin by themselves, or no more."""
        if self._view is not None:
            self._settle(by_itself=not self._view.by_itself)

    def action_cap(self) -> None:
        """The next limit on bytes."""
        if self._view is not None:
            self._settle(cap=link_words.next_cap(self._view.cap))

    def action_back(self) -> None:
        """Return to where this was asked for; what runs goes on."""
        self.app.pop_screen()

    def _draw(self) -> None:
        view = self._view
        if view is None or not self.is_attached:
            return
        now = self._desk.link.activity()
        last = ago(view.last_sync, self._clock())
        words = {
            "waits": link_words.waits(view),
            "road": link_words.road(view, last),
            "settings": link_words.settings(view),
            "standing": "" if now.busy else link_words.standing(view),
            "notices": "\n".join(f"! {notice}" for notice in view.notices),
            "happens": "\n".join(link_words.happens(view, now, self._still(now))),
            "news": "" if now.busy else "\n".join(link_words.news(now.news, last)),
        }
        for name, said in words.items():
            place = self.query_one(f"#{name}", Said)
            place.display = bool(said)
            place.say(said)
        self.query_one(LinkQueue).show((*now.queue, *now.settled))

    def _still(self, now: Activity) -> int:
        """Seconds since the exchange moved last, as far as this screen has seen."""
        moved, seen = (now.busy, now.phase, now.up, now.down), self._clock()
        if moved != self._moved:
            self._moved, self._moved_at = moved, seen
        return max(0, seen - self._moved_at) if now.busy else 0

    @work(thread=True, exclusive=True, group="view")
    def _look(self) -> None:
        self._ask()

    @work(thread=True, group="settle")
    def _settle(self, *, cap: int | None = None, by_itself: bool | None = None) -> None:
        try:
            self._desk.link.settle(cap=cap, by_itself=by_itself)
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
        self._ask()

    @work(thread=True, group="settle")
    def _hurry(self, number: int, yes: bool) -> None:
        try:
            self._desk.link.hurry(number, yes)
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
        self._ask()

    def _ask(self) -> None:
        try:
            self.post_message(LinkViewed(self._desk.link.view()))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
