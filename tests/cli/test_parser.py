"""The command line is read the same wherever its options stand."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from fieldkit.cli.catalogue import DEFAULT_DAYS, DEFAULT_LIMIT, VERBS
from fieldkit.cli.contract import Verb
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.main import load
from fieldkit.cli.parser import HelpAsked, parse

# Arguments, and the verb and values they must give.
GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "": ("", {"practice": False}),
    "--practice": ("", {"practice": True}),
    "init": ("init", {}),
    "finish 12": ("finish", {"ref": "12", "bring_back": False}),
    "show abcd --sources": ("show", {"ref": "abcd", "sources": True}),
    "show abcd": ("show", {"ref": "abcd", "sources": False}),
    "list": ("list", {"state": None, "limit": DEFAULT_LIMIT}),
    "list --state draft --limit 0": ("list", {"state": "draft", "limit": 0}),
    "list --limit=7": ("list", {"state": None, "limit": 7}),
    "new": ("new", {"form": "incident", "source": None, "changes": []}),
    "new --from - --set a=b --set c=d=e": (
        "new",
        {"form": "incident", "source": "-", "changes": [("a", "b"), ("c", "d=e")]},
    ),
    "edit 3 --unset a --unset b --set c=": (
        "edit",
        {"ref": "3", "source": None, "changes": [("c", "")], "unset": ["a", "b"]},
    ),
    "org create Name --server -": ("org create", {"name": "Name", "ticket": "-", "pseudonym": ""}),
    "org invite reporter north-7": (
        "org invite",
        {"role": "reporter", "name": "north-7", "days": DEFAULT_DAYS},
    ),
    "org members": ("org members", {}),
    "join - --name west-2": ("join", {"invite": "-", "pseudonym": "west-2", "yes": False}),
    "join --yes": ("join", {"invite": None, "pseudonym": None, "yes": True}),
    "sync --max-bytes 9000 --dry-run": ("sync", {"max_bytes": 9000, "dry_run": True, "watch": False}),
    "export out.csv --format csv": ("export", {"out": "out.csv", "kind": "csv", "sources": False}),
    "finish 4 --bring-back": ("finish", {"ref": "4", "bring_back": True}),
    "history 4 --sources": ("history", {"ref": "4", "sources": True}),
    "duplicate 4": ("duplicate", {"ref": "4"}),
    "discard 4 --undo": ("discard", {"ref": "4", "undo": True}),
    "withdraw 4 --reason mistake": ("withdraw", {"ref": "4", "reason": "mistake"}),
    "demo --keep d": ("demo", {"keep": "d"}),
}

# Arguments, and what the error must say.
BAD = {
    "lsit": "there is no verb 'lsit'",
    "org": "needs one more word",
    "org nothing": "there is no verb 'org nothing'",
    "--nothing list": "unknown option --nothing",
    "list --nothing": "unrecognized arguments",
    "finish": "required: ID",
    "--practice list": "unrecognized arguments",
    "finish 1 2": "unrecognized arguments",
    "list --state lost": "invalid choice: 'lost'",
    "list --limit -1": "argument --limit: expected",
    "list --limit=-1": "expected a whole number",
    "list --limit x": "expected a whole number",
    "list --limit 9999999999999999": "expected a whole number",
    "sync --max-bytes 0": "expected a number above 0",
    "new --set nothing": "expected NAME=VALUE",
    "new --set =x": "expected NAME=VALUE",
    "list --passphrase-fd x": "expected a whole number",
    "list --passphrase-fd 70000": "expected a file descriptor",
    "list --lim 3": "unrecognized arguments",
    "export out.csv": "required: --format",
    "--home": "expected one argument",
}


@pytest.mark.parametrize(("line", "expected"), GOOD.items())
def test_values(line: str, expected: tuple[str, dict[str, Any]]) -> None:
    """Each command line gives its verb and the values for its function."""
    request = parse(line.split())
    assert (request.verb.name, request.values) == expected


@pytest.mark.parametrize(
    "line",
    [
        "--home /h --json --quiet --passphrase-fd 5 org members",
        "org members --home /h --json --quiet --passphrase-fd 5",
        "org --home /h members --json --passphrase-fd=5 --quiet",
        "--home=/h --json org members --quiet --passphrase-fd 5",
    ],
)
def test_global_options_stand_anywhere(line: str) -> None:
    """Before the verb, after it, between its words."""
    request = parse(line.split())
    assert request.verb.name == "org members"
    assert (request.home, request.json, request.quiet, request.passphrase_fd) == ("/h", True, True, 5)


def test_nothing_global_is_given_by_itself() -> None:
    """Without global options each is off."""
    request = parse(["list"])
    assert (request.home, request.json, request.quiet, request.passphrase_fd) == (None, False, False, None)


@pytest.mark.parametrize(("line", "message"), BAD.items())
def test_complaints(line: str, message: str) -> None:
    """A command line that cannot be read is a usage fault that says what is wrong and where to look."""
    with pytest.raises(CliFault) as caught:
        parse(line.split())
    assert caught.value.code is ExitCode.USAGE
    assert message in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("typed", "near"), [("lsit", "list"), ("finsh", "finish"), ("org creat", "org create")]
)
def test_near_verbs_are_offered(typed: str, near: str) -> None:
    """A verb that was mistyped is named."""
    with pytest.raises(CliFault) as caught:
        parse(typed.split())
    assert caught.value.hint == f"did you mean `fieldkit {near}`?"


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("--help", "usage: fieldkit [OPTION…] [VERB …]"),
        ("-h", "usage: fieldkit [OPTION…] [VERB …]"),
        ("org --help", "usage: fieldkit org VERB …"),
        ("--help org", "usage: fieldkit org VERB …"),
        ("finish --help", "usage: fieldkit finish ID [--bring-back]"),
        ("--help finish", "usage: fieldkit finish ID [--bring-back]"),
        ("finish --nothing --help", "usage: fieldkit finish ID [--bring-back]"),
    ],
)
def test_help_wins(line: str, first: str) -> None:
    """Help is given whatever else is missing or wrong."""
    with pytest.raises(HelpAsked) as asked:
        parse(line.split())
    assert str(asked.value).splitlines()[0] == first


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name or "screens")
def test_function_takes_what_is_declared(verb: Verb) -> None:
    """Each verb has a function whose parameters are the context and exactly its arguments."""
    first, *rest = inspect.signature(load(verb.run)).parameters.values()
    assert first.name == "context"
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in rest)
    assert sorted(parameter.name for parameter in rest) == sorted(a.parameter for a in verb.arguments)
