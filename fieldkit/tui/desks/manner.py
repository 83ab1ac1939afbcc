"""How a reporter wants the screens: colours and keys, from two files of the home that hold nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldkit.tui.appearance import LOOKS, Look, choose_look
from fieldkit.vault.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What is asked for, as far as it can be used."""

    look: Look
    keys: Mapping[str, str]
    """By binding id."""
    said: tuple[str, ...]
    """What was not used and why, a sentence each, for the first screen."""


def manner_of(home: Path, environment: Mapping[str, str]) -> Manner:
    """Read both files of a home. Whatever is in them, the program can start."""
    files = Home(home)
    look, told = _look(files.settings, environment)
    keys: Mapping[str, str] = {}
    text = _text(files.keymap)
    if text is None:
        told.append(
            f"{files.keymap.name} cannot be read: every key is as it is without it. Mend or remove it."
        )
    elif text:
        from fieldkit.tui.keymap_file import read_keymap  # most people have changed no key

        read = read_keymap(text)
        keys = read.changed
        told += [f"{files.keymap.name}, {line}." for line in read.bad]
    return Manner(look=look, keys=keys, said=tuple(told))


def _look(settings: Path, environment: Mapping[str, str]) -> tuple[Look, list[str]]:
    text = _text(settings)
    if text == "":
        return choose_look(environment), []
    read = _table(text)
    if read is None:
        told = [f"{settings.name} cannot be read: the screens look as they do without it. Mend or remove it."]
        return choose_look(environment), told
    told = []
    theme, low = read.get("theme", ""), read.get("low_bandwidth")
    if not isinstance(theme, str) or (theme and theme not in LOOKS):
        told.append(f"{settings.name}: there is no theme of that name. There are {', '.join(LOOKS)}.")
        theme = ""
    if low is not None and not isinstance(low, bool):
        told.append(f"{settings.name}: low_bandwidth is true or false.")
        low = None
    return choose_look(environment, theme=theme, low_bandwidth=low), told


def _table(text: str | None) -> dict[str, object] | None:
    """What a file says; None when it cannot be read."""
    import tomllib  # most people have no such file, and wait for the first picture

    try:
        return None if text is None else tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _text(file: Path) -> str | None:
    """What is in a file; empty when there is none, None when it cannot be read."""
    try:
        with file.open(encoding="utf-8") as opened:
            from fieldkit.tui.keymap_file import MOST_CHARACTERS

            return opened.read(MOST_CHARACTERS + 1)
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        return None
