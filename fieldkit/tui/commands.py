"""What can be done on a screen right now: read from the live bindings, so that no list of it can lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen

from fieldkit.tui.key_names import key_name

PROGRAM = "program."
"""Ids that begin so work on every screen."""

MOVING = frozenset({"up", "down", "left", "right", "pageup", "pagedown", "home", "end", "tab", "shift+tab"})
"""Keys that only move: nobody looks for them among commands."""

UNOFFERED = frozenset({"palette", "panic"})
"""What the palette does not offer: itself, and the key of which two presses mean something else than one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something that can be done."""

    words: str
    """What it does."""
    action: str
    """Textual's name for it."""
    node: DOMNode
    """Where it is done."""
    key: str = ""
    """Names of the keys that do it; empty when only the palette does."""
    everywhere: bool = False
    """Whether it can be done on every screen."""
    moves: bool = False
    """Whether it only moves about."""


def commands_of(screen: Screen[Any]) -> tuple[Command, ...]:
    """What the palette offers on a screen: of here, then of everywhere; never mere moving."""
    found = [command for command in _all(screen) if not command.moves and command.action not in UNOFFERED]
    for place in (screen, screen.app):
        offers = getattr(place, "offers", None)
        found += list(offers()) if callable(offers) else []
    return (*(one for one in found if not one.everywhere), *(one for one in found if one.everywhere))


def keys_of(screen: Screen[Any]) -> tuple[Command, ...]:
    """What keys do on a screen now, moving too."""
    found = _all(screen)
    # sorted() keeps the order of what compares alike: what does something, what moves, what is everywhere.
    return tuple(sorted(found, key=lambda one: (one.everywhere, one.moves)))


def matching(commands: Sequence[Command], typed: str) -> tuple[Command, ...]:
    """Those whose words begin with, or hold, everything that was typed; the former first."""
    wanted = typed.casefold().split()
    found = [one for one in commands if all(word in one.words.casefold() for word in wanted)]
    return tuple(sorted(found, key=lambda one: not _begins(one, wanted)))


def _begins(command: Command, wanted: Iterable[str]) -> bool:
    begun = command.words.casefold().split()
    return all(any(word.startswith(part) for word in begun) for part in wanted)


def _all(screen: Screen[Any]) -> Iterator[Command]:
    """Each action once, with every key that does it. What has no id is Textual's own and goes unnamed."""
    grouped: dict[tuple[str, str], list[Any]] = {}
    for active in screen.active_bindings.values():
        if active.enabled and active.binding.id and active.binding.description:
            grouped.setdefault((active.binding.id, active.binding.action), []).append(active)
    for together in grouped.values():
        binding = together[0].binding
        # Some screens list the keys of everywhere too, and could not do what these say.
        everywhere = binding.id.startswith(PROGRAM)
        yield Command(
            words=binding.tooltip or binding.description,
            action=binding.action,
            node=screen.app if everywhere else together[0].node,
            key=" or ".join(one.binding.key_display or key_name(one.binding.key) for one in together),
            everywhere=everywhere,
            moves=all(one.binding.key in MOVING for one in together),
        )
