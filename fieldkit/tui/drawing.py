"""How the screens reach the terminal: the real cursor where one types, and no byte that changes nothing."""

from __future__ import annotations

import os
from typing import Any

from rich.color import ColorSystem
from textual import events
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.screen import Screen

from fieldkit.tui import real_cursor
from fieldkit.tui.appearance import LOW_BANDWIDTH
from fieldkit.tui.guard import TextGuard
from fieldkit.tui.lean_display import LeanDisplay

FILLING = (
    *("xterm", "linux", "tmux", "rxvt", "konsole", "vte", "gnome"),
    *("alacritty", "foot", "kitty", "wezterm", "ghostty", "contour", "mintty", "putty"),
)
"""How TERM begins on terminals that erase with the background they draw with (terminfo's `bce`)."""


MOST_UNTAKEN = 10
"""Writes that wait for the terminal; Textual's own stand still at thirty."""

AGAIN_SECONDS = 0.5
"""Until a terminal that took nothing is tried again."""


class DrawingApp(App[None]):
    """The part of the program that draws."""

    def __init__(self) -> None:
        super().__init__()
        self._filters.append(TextGuard())
        self._cursor_shown = False
        self._lean = LeanDisplay(fills=os.environ.get("TERM", "").startswith(FILLING))
        self._cursor_at: tuple[int, int] | None = None
        self._unsaid: list[str] = []
        self._owes = False

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A field is typed into: its cursor stands still."""
        real_cursor.keep_still(event.widget)

    def on_resize(self) -> None:
        """A terminal of another size has moved what it showed."""
        self._forget()

    def action_redraw(self) -> None:
        """Draw the whole screen again: noise on the line, or another program, has written into it."""
        self._forget()
        self.refresh(layout=True)

    def on_mount(self) -> None:
        """After a sleep the terminal may show anything."""
        self.app_resume_signal.subscribe(self, lambda _: self._forget())

    def _forget(self) -> None:
        self._lean.forget()
        self._cursor_at = None

    def tell_terminal(self, sequence: str) -> None:
        """Send something that is no picture."""
        if self._driver is not None and not self.is_headless:
            self._forget()
            self._send(sequence)

    def _display(self, screen: Screen[object], renderable: Any) -> None:
        """Before anything is drawn: put the terminal's own cursor where one types, or hide it."""
        place = real_cursor.cursor_of(screen.focused) if screen.is_current else None
        if place is not None:
            self.cursor_position = place
        if isinstance(renderable, CompositorUpdate):
            self._draw(screen)
        elif renderable is not None:
            self._forget()
            super()._display(screen, renderable)
        if (place is not None) != self._cursor_shown:
            self._cursor_shown = place is not None
            if self._driver is not None and not self.is_headless:
                self._send(real_cursor.SHOW if self._cursor_shown else real_cursor.HIDE)

    def _draw(self, screen: Screen[object]) -> None:
        """What Textual would draw, as the cells that differ. It says what there is; this says it shorter."""
        if self._batch_count or not self._running or self._closed or self.is_headless:
            return
        colours = self.console._color_system or ColorSystem.TRUECOLOR
        if self._is_deaf():
            self._draw_later()
            return
        if any(widget._parent is None for widget in screen._compositor.visible_widgets):
            # One was taken away and still has its place: it cannot draw itself any more.
            screen.refresh(layout=True)
            return
        strips = screen._compositor.render_strips()
        changes = self._lean.changes([list(strip) for strip in strips], colours)
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        if not changes and cursor == self._cursor_at:
            return
        self._cursor_at = cursor
        whole = f"{changes}\x1b[{cursor.y + 1};{cursor.x + 1}H"
        # A terminal that can shows all of it at once; over a slow link that costs more than it gives.
        if self._sync_available and not self.has_class(LOW_BANDWIDTH):
            whole = f"{SYNC_START}{whole}{SYNC_END}"
        self._send(whole)

    def _send(self, sequence: str) -> None:
        """To the terminal; what a deaf one has to be told is told before the next picture."""
        if self._driver is None:
            return
        if self._is_deaf():
            self._unsaid.append(sequence)
            self._draw_later()
            return
        unsaid, self._unsaid = self._unsaid, []
        self._driver.write("".join((*unsaid, sequence)))
        self._driver.flush()

    def _set_pointer_shape(self, shape: str) -> None:
        """The mouse's pointer stays as it is: its shape would be sent for every screen, deaf or not."""

    def _is_deaf(self) -> bool:
        """Whether the terminal has stopped to take what it is sent, as over a link that stalls. Textual would
        wait for it, and nothing would lock the vault meanwhile.
        """
        writer = getattr(self._driver, "_writer_thread", None)
        return writer is not None and writer._queue.qsize() > MOST_UNTAKEN

    def _draw_later(self) -> None:
        if not self._owes:
            self._owes = True
            self.set_timer(AGAIN_SECONDS, self._draw_again)

    def _draw_again(self) -> None:
        self._owes = False
        if self._is_deaf():
            self._draw_later()
        else:
            self.action_redraw()
