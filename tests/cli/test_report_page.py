"""One report as lines."""

from __future__ import annotations

import pytest

from fieldkit.actions.records import RecordLine, RecordView, RevisionLine
from fieldkit.cli.cells import cell_width
from fieldkit.cli.report_page import report_page, system_language
from fieldkit.forms.answers import read_answers
from fieldkit.forms.builtin import incident_form

LINE = RecordLine(
    row=1,
    number=7,
    incident="ab" * 16,
    state="received",
    glyph="✓",
    title="Shots",
    kind="Killing",
    place="Aleppo",
    date="2026",
    updated=1_790_000_000,
    author="north-7",
    missing=0,
    required=0,
    urgency=0,
    has_draft=False,
    stuck=False,
    own=True,
    unsent=False,
)
ANSWERS = {
    "title": "Shots",
    "narrative": "word " * 60 + "\nsecond",
    "acts": [{"act": "A1", "a_kind": "killing", "kill_burial": "كلمة " * 30}],
}


def view(**changes: object) -> RecordView:
    """A report."""
    form = incident_form()
    given: dict[str, object] = {
        "line": LINE,
        "form": form,
        "answers": read_answers(form, ANSWERS),
        "sources_answers": None,
        "revisions": (),
        "problems": (),
        "divided": False,
    }
    return RecordView(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit(width: int) -> None:
    """On a terminal no answer is wider than it, in any script."""
    *_, body = "\n".join(report_page(view(), width)).partition("What happened")
    assert max(cell_width(line) for line in body.splitlines()) <= width


def test_file_is_not_wrapped() -> None:
    """What goes to a file or another program keeps an answer's own lines."""
    lines = list(report_page(view(), None))
    assert f"    {'word ' * 60}".rstrip() in [line.rstrip() for line in lines]
    assert "    second" in lines


def test_history_and_problems() -> None:
    """Revisions, what is to be mended, and a division are told."""
    revision = RevisionLine(id="cd" * 16, author="north-7", created=0, parents=(), state="received")
    page = "\n".join(report_page(view(revisions=(revision,), problems=("gov: missing",), divided=True), 80))
    assert f"  received  {'cd' * 16}  north-7  " in page
    assert "To be mended\n  gov: missing" in page
    assert "a person has to merge them" in page


def test_a_withdrawal_gives_its_reason() -> None:
    """Why a report was taken back stands below its revisions, by whom and in the author's words."""
    taken = RevisionLine(
        id="cd" * 16, author="north-7", created=0, parents=(), state="received", withdraws="in danger\nvery"
    )
    page = "\n".join(report_page(view(revisions=(taken,)), 80))
    assert "Withdrawn by north-7, 19" in page
    assert "\n  in danger\n  very" in page


def test_sources_stand_apart() -> None:
    """What the sources lane holds has a heading of its own."""
    form = incident_form()
    held = read_answers(form, {"sources": [{"src": "S1", "src_name": "Example Name"}]})
    page = "\n".join(report_page(view(sources_answers=held), 80))
    assert page.index("SOURCES LANE") < page.index("Identity: Example Name")


@pytest.mark.parametrize(
    ("variables", "tag"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ar_SY.UTF-8"}, "ar-SY"),
        ({"LANG": "ar_SY.UTF-8", "LC_ALL": "fr_FR"}, "fr-FR"),
        ({"LANG": "uk_UA", "LC_ALL": ""}, "uk-UA"),
    ],
)
def test_language(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], tag: str) -> None:
    """Labels come in the language the system asks for."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_language() == tag
