"""Help texts: complete, and never wider than the terminal the program is made for."""

from __future__ import annotations

import pytest

from fieldkit.cli.catalogue import VERBS
from fieldkit.cli.cells import cell_width
from fieldkit.cli.contract import Verb
from fieldkit.cli.help import WIDTH, group_help, program_help, usage, verb_help

PAGES = {
    "fieldkit": program_help(VERBS),
    "org": group_help("org", VERBS),
    **{verb.name: verb_help(verb) for verb in VERBS},
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_page_fits(page: str) -> None:
    """No line is wider than 80 columns, none ends in spaces."""
    for line in page.splitlines():
        assert cell_width(line) <= WIDTH, line
        assert line == line.rstrip()


def test_every_verb_is_listed() -> None:
    """The first page has each verb with its summary's first words."""
    page = program_help(VERBS)
    for verb in VERBS:
        assert f"  {verb.name}" in page
        assert verb.summary.split()[0] in page


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name or "screens")
def test_every_argument_is_explained(verb: Verb) -> None:
    """Each argument of a verb is in its usage line and has an explanation."""
    page = verb_help(verb)
    for argument in verb.arguments:
        assert argument.name in usage(verb)
        assert argument.help.split()[0] in page


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("init", "usage: fieldkit init"),
        ("new", "usage: fieldkit new [--form ID] [--from FILE|-] [--set NAME=VALUE]…"),
        ("export", "usage: fieldkit export OUT --format F [--sources]"),
        ("org invite", "usage: fieldkit org invite ROLE NAME|- [--days N]"),
    ],
)
def test_usage(name: str, line: str) -> None:
    """What is optional stands in brackets, what may be repeated has dots."""
    (verb,) = (verb for verb in VERBS if verb.name == name)
    assert usage(verb) == line
