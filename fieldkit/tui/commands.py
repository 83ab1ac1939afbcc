"""What can be done on a screen right now: read from the live bindings, so that no list of it can lie."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from textual.dom import DOMNode
from textual.screen import Screen

from fieldkit.tui.command_words import ALSO
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
    # A letter of the list may do what a key of everywhere does: it is offered once, with that key.
    everywhere = {one.words for one in found if one.everywhere}
    found = [one for one in found if one.everywhere or one.words not in everywhere]
    return (*(one for one in found if not one.everywhere), *(one for one in found if one.everywhere))


def keys_of(screen: Screen[Any]) -> tuple[Command, ...]:
    """What keys do on a screen now, moving too."""
    found = _all(screen)
    # sorted() keeps the order of what compares alike: what does something, what moves, what is everywhere.
    return tuple(sorted(found, key=lambda one: (one.everywhere, one.moves)))


def matching(commands: Sequence[Command], typed: str) -> tuple[Command, ...]:
    """Those that were meant by what was typed, the likeliest first: called so, then called so by others, then
    those that say it in brackets or of themselves.
    """
    wanted = typed.casefold().split()
    if not wanted:
        return tuple(commands)
    ranked = [(_rank(command, wanted), command) for command in commands]
    return tuple(one for rank, one in sorted(ranked, key=lambda both: both[0]) if rank < _NO)


_NO = 5
_NAME_ENDS = re.compile(r"[(:,;]")


def _rank(command: Command, wanted: Sequence[str]) -> int:
    """How near: 0 its name begins so, 1 words of its name do, 2 other words for it do, 3 words of all that is
    said of it do, 4 something there holds it.
    """
    said = command.words.casefold()
    name = _words(_NAME_ENDS.split(said)[0])
    also = [*name, *_words(ALSO.get(command.action, ""))]
    if _begin(name, wanted):
        return 0 if name[0].startswith(wanted[0]) else 1
    if _begin(also, wanted):
        return 2
    if _begin(_words(said), wanted):
        return 3
    return 4 if all(part in said for part in wanted) else _NO


def _begin(words: Sequence[str], wanted: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in wanted)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


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
