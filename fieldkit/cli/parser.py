"""Turns arguments into a request: which verb, with which values. Global options may stand on either side."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from fieldkit.cli.catalogue import VERBS
from fieldkit.cli.contract import GLOBALS, Argument, Verb
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.help import group_help, program_help, verb_help
from fieldkit.cli.version import program_version

HELP = ("-h", "--help")

_BEFORE_A_VERB = (*GLOBALS, *(argument for verb in VERBS if not verb.path for argument in verb.arguments))
VERSION = "--version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for."""

    verb: Verb
    values: Mapping[str, Any]
    """By parameter of the verb's function."""
    home: str | None
    passphrase_fd: int | None
    json: bool
    plain: bool
    quiet: bool


class HelpAsked(Exception):
    """The person wants help, or to know which version this is; this is the text."""


def parse(arguments: Sequence[str]) -> Request:
    """Read the command line. Raises CliFault (usage), or HelpAsked with the text asked for."""
    words, rest = _split(arguments)
    if VERSION in rest and not any(argument in HELP for argument in rest):
        raise HelpAsked(f"fieldkit {program_version()}\n")
    verb = _find(words, asks=any(argument in HELP for argument in rest))
    if any(argument in HELP for argument in rest):
        raise HelpAsked(verb_help(verb))
    found = vars(_parser(verb).parse_args(rest))
    return Request(
        verb=verb,
        values={argument.parameter: _value(argument, found) for argument in verb.arguments},
        home=found["home"],
        passphrase_fd=found["passphrase_fd"],
        json=found["json"],
        plain=found["plain"],
        quiet=found["quiet"],
    )


def _split(arguments: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The words that name the verb, and everything else in its order."""
    words: list[str] = []
    rest: list[str] = []
    left = list(arguments)
    while left and not _complete(words):
        argument = left.pop(0)
        if not argument.startswith("-"):
            words.append(argument)
            continue
        rest.append(argument)
        name, sign, _ = argument.partition("=")
        known = next((option for option in _BEFORE_A_VERB if option.name == name), None)
        if known is None and argument not in HELP:
            raise _usage(f"unknown option {name} before a verb", "options of a verb stand behind it")
        if known and known.value and not sign and left:
            rest.append(left.pop(0))
    return tuple(words), rest + left


def _complete(words: Sequence[str]) -> bool:
    """Whether no further word can belong to the verb: `org` needs one more, anything else does not."""
    return bool(words) and not any(len(verb.path) > len(words) for verb in _under(words))


def _under(words: Sequence[str]) -> list[Verb]:
    return [verb for verb in VERBS if verb.path[: len(words)] == tuple(words)]


def _find(words: tuple[str, ...], *, asks: bool) -> Verb:
    verb = next((verb for verb in VERBS if verb.path == words), None)
    if asks and not words:
        raise HelpAsked(program_help(VERBS))
    if verb is not None:
        return verb
    name = " ".join(words)
    if _under(words):
        if asks:
            raise HelpAsked(group_help(name, VERBS))
        raise _usage(f"`fieldkit {name}` needs one more word", f"`fieldkit {name} --help` lists them")
    near = get_close_matches(name, [verb.name for verb in VERBS if verb.path], n=1)
    hint = f"did you mean `fieldkit {near[0]}`?" if near else "`fieldkit --help` lists the verbs"
    raise _usage(f"there is no verb {name!r}", hint)


def _usage(message: str, hint: str) -> CliFault:
    return CliFault(ExitCode.USAGE, message, hint)


def _value(argument: Argument, found: Mapping[str, Any]) -> Any:
    value = found[argument.parameter]
    return [] if value is None and argument.repeated else value


class _Parser(argparse.ArgumentParser):
    """An argparse parser that neither prints nor exits."""

    def error(self, message: str) -> NoReturn:
        raise _usage(message, f"`{self.prog} --help` shows what it takes")


def _parser(verb: Verb) -> _Parser:
    parser = _Parser(prog=f"fieldkit {verb.name}".strip(), add_help=False, allow_abbrev=False)
    for argument in (*GLOBALS, *verb.arguments):
        if argument.name in (*HELP, VERSION):
            continue
        if argument.is_option and not argument.value:
            parser.add_argument(argument.name, dest=argument.parameter, action="store_true")
        elif argument.is_option:
            parser.add_argument(
                argument.name,
                dest=argument.parameter,
                type=argument.parse,
                choices=argument.choices or None,
                default=argument.default,
                required=argument.required,
                action="append" if argument.repeated else "store",
            )
        else:
            parser.add_argument(
                argument.parameter,
                metavar=argument.name,
                nargs="?" if argument.optional else None,
                type=argument.parse,
                choices=argument.choices or None,
            )
    return parser
