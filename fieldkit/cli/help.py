"""Help texts. Written here and not by argparse, so that they are the same in every Python (docs/cli.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fieldkit.cli.cells import columns, wrapped
from fieldkit.cli.contract import GLOBALS, Argument, Verb
from fieldkit.cli.exit_codes import ExitCode

WIDTH = 80
"""Columns: the terminal the program is made for."""

INDENT = "  "


def program_help(verbs: Sequence[Verb]) -> str:
    """The help of the program."""
    listed = [(verb.name, verb.summary) for verb in verbs if verb.path]
    return _page(
        "usage: fieldkit [OPTION…] [VERB …]",
        "An evidence notebook that keeps working when nothing else does. "
        "Without a verb it opens the screens.",
        {
            "verbs": _table(listed),
            "option without a verb": _table(
                [_explained(one) for verb in verbs if not verb.path for one in verb.arguments]
            ),
            "options, before the verb or after it": _table(map(_explained, GLOBALS)),
            "exit codes": _table([(f"{int(code)}", code.meaning) for code in ExitCode]),
        },
        "`fieldkit VERB --help` says more.",
    )


def group_help(name: str, verbs: Sequence[Verb]) -> str:
    """The help of a word that only groups verbs, such as `org`."""
    group = tuple(name.split())
    listed = [(verb.name, verb.summary) for verb in verbs if verb.path[: len(group)] == group]
    return _page(f"usage: fieldkit {name} VERB …", "", {"verbs": _table(listed)})


def verb_help(verb: Verb) -> str:
    """The help of one verb."""
    places = [argument for argument in verb.arguments if not argument.is_option]
    options = [argument for argument in verb.arguments if argument.is_option]
    summary = verb.summary[0].upper() + verb.summary[1:] + "."
    return _page(
        usage(verb),
        f"{summary} {verb.details}".strip(),
        {
            "arguments": _table(map(_explained, places)),
            "options": _table(map(_explained, options)),
        },
        "Every verb takes --home, --passphrase-fd, --json, --plain, --quiet, --help too.",
    )


def usage(verb: Verb) -> str:
    """The usage line of a verb."""
    parts = ["usage: fieldkit", verb.name]
    for argument in verb.arguments:
        written = _written(argument)
        if argument.optional or (argument.is_option and not argument.required):
            written = f"[{written}]"
        parts.append(written + ("…" if argument.repeated else ""))
    return " ".join(filter(None, parts))


def _written(argument: Argument) -> str:
    return f"{argument.name} {argument.value}".strip() if argument.is_option else argument.name


def _explained(argument: Argument) -> tuple[str, str]:
    chosen = f" ({', '.join(argument.choices)})" if argument.choices else ""
    return _written(argument), argument.help + chosen


def _table(rows: Iterable[tuple[str, str]]) -> list[str]:
    rows = list(rows)
    if not rows:
        return []
    left = max(len(name) for name, _ in rows)
    broken: list[tuple[str, str]] = []
    for name, text in rows:
        first, *rest = wrapped(text, WIDTH - left - 2 * len(INDENT))
        broken += [(name, first), *(("", line) for line in rest)]
    return [INDENT + line for line in columns(broken)]


def _page(head: str, text: str, sections: dict[str, list[str]], foot: str = "") -> str:
    blocks = [wrapped(head, WIDTH), wrapped(text, WIDTH) if text else []]
    blocks += [[f"{title}:", *lines] for title, lines in sections.items() if lines]
    blocks.append([foot] if foot else [])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
