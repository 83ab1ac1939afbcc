"""Every key of the program, by binding id. A single letter acts only in lists, and each has another way."""

from __future__ import annotations

from textual.binding import Binding

LOCK = Binding("f8", "lock", "Lock", id="program.lock", priority=True)
QUIT = Binding("ctrl+q", "quit", "Quit", id="program.quit", priority=True)

FIND = Binding("slash", "find", "Find", id="list.find")
FOUND = Binding("escape", "leave_search", "All", id="list.leave_search", show=False)
OPEN = Binding("enter", "choose", "Open", id="list.open")
UP = Binding("up", "move(-1)", "Up", id="list.up", show=False)
DOWN = Binding("down", "move(1)", "Down", id="list.down", show=False)
PAGE_UP = Binding("pageup", "page(-1)", "Page up", id="list.page_up", show=False)
PAGE_DOWN = Binding("pagedown", "page(1)", "Page down", id="list.page_down", show=False)
FIRST = Binding("home", "first", "First", id="list.first", show=False)
LAST = Binding("end", "last", "Last", id="list.last", show=False)

BACK = Binding("escape", "back", "Back", id="record.back")
