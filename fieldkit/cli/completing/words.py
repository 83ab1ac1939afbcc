"""What can stand where on a command line: the same for every shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fieldkit.cli.contract import GLOBALS, Argument, Verb

FOLDERS = ("DIR",)
FILES = ("FILE", "FILE|-", "OUT")
"""What stands for a folder, or for a file, in the usage of an option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What may follow an option of a verb."""

    verb: str
    """Empty for an option that every verb takes."""
    option: str
    words: tuple[str, ...] = ()
    folders: bool = False
    files: bool = False


def groups(verbs: Sequence[Verb]) -> dict[str, tuple[str, ...]]:
    """What can stand first, by the empty text, and behind each word that needs one more."""
    found: dict[str, list[str]] = {"": []}
    for verb in verbs:
        for depth, word in enumerate(verb.path):
            listed = found.setdefault(" ".join(verb.path[:depth]), [])
            if word not in listed:
                listed.append(word)
    return {name: tuple(words) for name, words in found.items()}


def options(verb: Verb) -> tuple[str, ...]:
    """The options of a verb, those of every verb behind them."""
    return tuple(argument.name for argument in (*verb.arguments, *GLOBALS) if argument.is_option)


def globals_() -> tuple[str, ...]:
    """The options that every verb takes."""
    return tuple(argument.name for argument in GLOBALS)


def valued() -> tuple[str, ...]:
    """Options of every verb that a value follows."""
    return tuple(argument.name for argument in GLOBALS if argument.value)


def values(verbs: Sequence[Verb]) -> Iterator[Value]:
    """What may follow each option that takes a value."""
    for argument in GLOBALS:
        if argument.value:
            yield _value("", argument)
    for verb in verbs:
        for argument in verb.arguments:
            if argument.is_option and argument.value:
                yield _value(verb.name, argument)


def places(verb: Verb) -> tuple[tuple[str, ...], bool]:
    """Words that may stand in the places of a verb, and whether a file may."""
    there = [argument for argument in verb.arguments if not argument.is_option]
    return tuple(word for one in there for word in one.choices), any(one.name in FILES for one in there)


def _value(verb: str, argument: Argument) -> Value:
    return Value(
        verb=verb,
        option=argument.name,
        words=argument.choices,
        folders=argument.value in FOLDERS,
        files=argument.value in FILES,
    )
