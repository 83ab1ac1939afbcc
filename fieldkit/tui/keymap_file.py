"""A reporter's own keys: the file `keymap.toml` in the home (docs/reporter-guide.md, "Keys of your own").

A line that cannot be used is told with its number and what to do; every other line counts, and the program
starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from textual.binding import Binding

from fieldkit.tui import keymap
from fieldkit.tui.key_names import NAMES, key_name, keys_name

MOST_CHARACTERS = 65_536
"""Of the file: far more than all keys take."""

MOST_KEYS = 4
"""Keys of one action."""

_LINE = re.compile(r'\s*"?([A-Za-z_.]{1,60})"?\s*=\s*"([^"]{0,120})"\s*(?:#.*)?')
_HELD = ("ctrl", "alt", "shift")
_FUNCTION = re.compile(r"f([1-9]|1\d|2[0-4])")
_SHOWN = {shown.casefold(): key for key, shown in NAMES.items()}
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape"}
"""What terminals send the same for."""

WRITING = frozenset({"form", "card", "line", "entry", "pick"})
"""Parts of one screen: the keys of `form` work in all the others."""

FIELDS = frozenset({"form", "entry", "pick", "step", "palette"})
"""Where a letter is typed into a field, so that no letter can be a key."""

ASIDE = frozenset({"list.find"})
"""Keys that come before letters and still step aside where these are typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that is not used."""

    number: int
    what: str
    todo: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.what}; {self.todo}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a file says."""

    changed: Mapping[str, str]
    """Keys by binding id, with commas between several."""
    bad: tuple[BadLine, ...]


@cache
def bindings() -> Mapping[str, Binding]:
    """Every binding of the program by its id."""
    return {made.id: made for made in vars(keymap).values() if isinstance(made, Binding) and made.id}


def read_keymap(text: str) -> Keys:
    """Read the file. Never raises for what is in it."""
    wished: dict[str, tuple[int, str]] = {}
    bad: list[BadLine] = []
    if len(text) > MOST_CHARACTERS:
        much = BadLine(number=1, what="the file is far too long", todo="nothing of it was used; shorten it")
        return Keys(changed={}, bad=(much,))
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line.rstrip())
        read = _wish(found[1], found[2]) if found else 'expected a line such as list.find = "f3"'
        if isinstance(read, str):
            bad.append(BadLine(number=number, what=read, todo="mend it or take it out"))
        elif found and found[1] in wished:
            what = f"{found[1]} has keys already, on line {wished[found[1]][0]}"
            bad.append(BadLine(number=number, what=what, todo="take one of the two lines out"))
        elif found:
            wished[found[1]] = (number, ",".join(read))
    bad += _without_clashes(wished)
    changed = {name: keys for name, (_, keys) in wished.items()}
    return Keys(changed=changed, bad=tuple(sorted(bad, key=lambda one: one.number)))


def _wish(name: str, typed: str) -> list[str] | str:
    """The keys of one line as Textual names them, or what is wrong with it."""
    if name not in bindings():
        near = [known for known in bindings() if known.startswith(name.partition(".")[0] + ".")]
        known = f"; there are {', '.join(sorted(near))}" if near else ""
        return f"there is no action {name}{known}"
    parts = [part.strip() for part in typed.split(",")] if typed.strip() else []
    if not 1 <= len(parts) <= MOST_KEYS:
        return f"expected one to {MOST_KEYS} keys with commas between them"
    keys = []
    for part in parts:
        key = read_key(part)
        if key is None:
            return f"there is no key {part!r}: write f3, ctrl+s, alt+up, pageup, escape, or one character"
        if key in _SAME:
            return f"{key_name(key)} is {key_name(_SAME[key])} to every terminal"
        above = bindings()[name].priority and name not in ASIDE
        if len(key) == 1 and (above or name.partition(".")[0] in FIELDS):
            return f"{key} is typed into fields there: take a function key, or one with ctrl or alt"
        keys.append(key)
    return keys


def read_key(typed: str) -> str | None:
    """A key as somebody writes it (`^S`, `ctrl+s`, `PgUp`, `/`), by Textual's name; None when it is none."""
    text = f"ctrl+{typed[1:]}" if len(typed) > 1 and typed[0] == "^" else typed
    *held, last = text.split("+") if len(text) > 1 else [text]
    held = [name.casefold() for name in held]
    if any(name not in _HELD for name in held) or len(set(held)) < len(held):
        return None
    if len(last) == 1 and last.isprintable() and not last.isspace():
        key = last.casefold() if held else _SHOWN.get(last, last)
    elif last.casefold() in NAMES or _FUNCTION.fullmatch(last.casefold()):
        key = last.casefold()
    elif last.casefold() in _SHOWN:
        key = _SHOWN[last.casefold()]
    else:
        return None
    return "+".join([*sorted(held, key=_HELD.index), key])


def _without_clashes(wished: dict[str, tuple[int, str]]) -> Iterator[BadLine]:
    """Take lines out until no key does two things in one place; say which."""
    while True:
        clash = next(_clashes(wished), None)
        if clash is None:
            return
        name, other, key = clash
        number, keys = wished.pop(name)
        does = bindings()[other].tooltip or bindings()[other].description
        yield BadLine(
            number=number,
            what=f"{name} = {keys_name(keys)}: {key_name(key)} is {other} already ({does})",
            todo=f"give {other} another key on a line of its own, or take another one here",
        )


def _clashes(wished: Mapping[str, tuple[int, str]]) -> Iterator[tuple[str, str, str]]:
    """Of two lines the later one; of a line and a key nobody changed, the line."""
    keys = {name: _keys(wished[name][1] if name in wished else made.key) for name, made in bindings().items()}
    for name in sorted(wished, key=lambda one: -wished[one][0]):
        for other, theirs in keys.items():
            both = keys[name] & theirs
            if other != name and both and _meet(name, other) and not _always(name, other, both):
                yield name, other, min(both)


def _meet(one: str, other: str) -> bool:
    first, second = one.partition(".")[0], other.partition(".")[0]
    together = {first, second} <= WRITING and "form" in (first, second)
    return first == second or "program" in (first, second) or together


def _always(one: str, other: str, both: frozenset[str]) -> bool:
    """Whether these two share the key by themselves, because they are never there at the same time."""
    return both <= _keys(bindings()[one].key) & _keys(bindings()[other].key)


def _keys(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(","))
