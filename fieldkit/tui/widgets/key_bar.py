"""The line below every screen: the keys that work here, read from the live bindings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from fieldkit.tui.cells import cells, in_line
from fieldkit.tui.commands import PROGRAM
from fieldkit.tui.key_names import key_name

ORDER = ("program.help", "program.palette", "program.lock", "program.panic")
"""Keys of everywhere stand in this order on every screen, others behind them."""

KEPT = frozenset({"form.review", "review.finish", "record.next", "capture.more"})
"""Ids of keys that are left out last, as those that leave a screen are."""

LEAVE = "Quit"
"""What is left out first where there is little room: no hurried person should hit it."""

GAP = "   "
"""Between two keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One key and what it does."""

    key: str
    name: str
    does: str
    everywhere: bool
    kept: bool = False
    """Whether it shows where there is no room for all: how one leaves, and how one finishes."""

    @property
    def text(self) -> str:
        """As it is shown."""
        return f"{self.name} {self.does}"


class KeyBar(Widget):
    """One line; a click on a key presses it. Drawn only when the keys have changed."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $panel; }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._hints: tuple[Hint, ...] = ()

    def on_mount(self) -> None:
        """Follow the focus: other fields have other keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        """Stop following it."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def render(self) -> Content:
        """The keys of here at the left, those of everywhere at the right."""
        return Content.assemble(*_drawn(layout(self._hints, self.size.width)))

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        column = 0
        for part in layout(self._hints, self.size.width):
            width = cells(part.text if isinstance(part, Hint) else part)
            if isinstance(part, Hint) and column <= event.x < column + width:
                self.app.simulate_key(part.key)
                return
            column += width

    def _changed(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen and screen.is_current:
            hints = tuple(hints_of(screen.active_bindings.values()))
            if hints != self._hints:
                self._hints = hints
                self.refresh()


def hints_of(bindings: Iterable[ActiveBinding]) -> Iterable[Hint]:
    """Each action that is shown, once, with the first key that does it; those of everywhere in order."""
    found = sorted(bindings, key=lambda active: _rank(active.binding.id or ""))
    seen: set[str] = set()
    for _, binding, enabled, _ in found:
        if binding.show and enabled and binding.description and binding.action not in seen:
            seen.add(binding.action)
            yield Hint(
                key=binding.key,
                name=in_line(binding.key_display or key_name(binding.key)),
                does=in_line(binding.description),
                everywhere=(binding.id or "").startswith(PROGRAM),
                kept=binding.key == "escape" or binding.id in KEPT,
            )


def layout(hints: Sequence[Hint], width: int) -> list[Hint | str]:
    """Hints and the spaces between them for one line of so many cells.

    When there is no room for all, quitting is left out first, then the last ones of here that are not kept:
    F1 tells them.
    """
    here = [hint for hint in hints if not hint.everywhere]
    everywhere = [hint for hint in hints if hint.everywhere]
    without = [hint for hint in everywhere if hint.does != LEAVE]
    if _width(_spaced(here)) + _width(_spaced(everywhere)) + 2 > width:
        everywhere = without
    right = [*_spaced(everywhere)[:-1], " "]
    while here and 1 + _width(_spaced(here)) + _width(right) > width:
        del here[_least(here)]
    left: list[Hint | str] = [" ", *_spaced(here)]
    return [*left, " " * max(0, width - _width(left) - _width(right)), *right]


def _least(here: Sequence[Hint]) -> int:
    """The place of what is left out first: the last that is not kept, then the last that does not leave."""
    unkept = [place for place, hint in enumerate(here) if not hint.kept]
    staying = [place for place, hint in enumerate(here) if hint.key != "escape"]
    return (unkept or staying or [-1])[-1]


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _spaced(hints: Iterable[Hint]) -> list[Hint | str]:
    return [part for hint in hints for part in (hint, GAP)]


def _width(parts: Iterable[Hint | str]) -> int:
    return sum(cells(part.text if isinstance(part, Hint) else part) for part in parts)


def _drawn(parts: Iterable[Hint | str]) -> Iterable[Content | tuple[str, str] | str]:
    for part in parts:
        if isinstance(part, Hint):
            yield (part.name, "bold")
            yield f" {part.does}"
        else:
            yield part
