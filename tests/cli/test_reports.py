"""The reporter's verbs on a real vault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldkit.cli import shapes
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.shape import Shape
from tests.cli.program import Program

TITLE = "تسلل إلى مدينة مارع"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A vault with one full draft (number 1)."""
    made = Program(home=tmp_path_factory.mktemp("home") / "vault").create()
    answers = {
        "title": TITLE,
        "kind": ["killing"],
        "start": "about 3 Aug 2026",
        "gov": "Aleppo",
        "narrative": "Shots \x1b[31mwere\x1b[0m heard.",
        "sources": [{"src": "S1", "src_name": "Example Name"}],
    }
    path = made.home.parent / "answers.json"
    path.write_text(json.dumps(answers), encoding="utf-8")
    assert made.json("new", "--from", str(path))["number"] == 1
    return made


def has_shape(value: dict[str, object], shape: Shape) -> bool:
    """Whether an object has exactly the keys its shape names, in their order."""
    return list(value) == list(shape.keys)


def test_new_prints_its_number(program: Program) -> None:
    """Without --json, standard output holds the number and nothing else."""
    ran = program("new")
    assert ran.code is ExitCode.OK
    assert ran.out.strip().isdigit()
    assert "Still needed" in ran.err


def test_new_says_what_is_missing(program: Program) -> None:
    """A draft takes anything, and tells what is missing."""
    value = program.json("new", "--set", "title=Short", "--set", "kind=arrest", "--set", "kind=killing")
    assert has_shape(value, shapes.DRAFT)
    assert value["title"] == "Short"
    assert value["missing"] == ["start", "gov", "narrative"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new", "--set", "titel=x"), "no such question here"),
        (("new", "--set", "kind=nonsense"), "'nonsense' is not in the list"),
        (("new", "--form", "other"), "there is no form 'other'"),
        (("new", "--from", "/nowhere.json"), "/nowhere.json cannot be read"),
        (("edit", "999", "--set", "title=x"), "999"),
        (("show", "zzzz"), "expected a number or at least 4 hex digits"),
    ],
)
def test_bad_input(program: Program, arguments: tuple[str, ...], message: str) -> None:
    """What cannot be worked on leaves with code 3 and says why, and nothing goes to standard output."""
    ran = program(*arguments, "--json")
    assert ran.code is ExitCode.INPUT
    assert ran.out == ""
    assert message in ran.err
    assert ran.error["code"] == 3
    assert ran.error["name"] == "input"


def test_edit_sets_and_unsets(program: Program) -> None:
    """An answer is changed and another one removed."""
    number = str(program.json("new", "--set", "title=Before", "--set", "gov=Idlib")["number"])
    value = program.json("edit", number, "--set", "title=After", "--unset", "gov")
    assert value["title"] == "After"
    assert "gov" in value["missing"]
    assert program.json("show", number)["answers"] == {"title": "After"}


def test_list(program: Program) -> None:
    """Newest first, bounded by --limit, filtered by --state, the same keys on every line."""
    for _ in range(3):
        program("new", "--quiet")
    everything = program.json("list", "--limit", "0")
    assert all(has_shape(line, shapes.REPORTS) for line in everything)
    assert {line["state"] for line in everything} == {"draft"}
    assert program.json("list", "--limit", "2") == everything[:2]
    assert program.json("list", "--state", "received") == []


def test_list_in_pages(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long list is read page by page and loses nothing at their ends."""
    for _ in range(4):
        program("new", "--quiet")
    whole = program.json("list", "--limit", "0")
    monkeypatch.setattr("fieldkit.cli.verbs.reports.PAGE", 2)
    assert program.json("list", "--limit", "0") == whole
    assert program.json("list", "--limit", "3") == whole[:3]


def test_list_for_people(program: Program) -> None:
    """A line has sign, word, number and title; talk says that there is more."""
    for _ in range(2):
        program("new", "--quiet")
    ran = program("list", "--limit", "1")
    assert ran.out.startswith("✎  draft  ")
    assert len(ran.out.splitlines()) == 1
    assert "--limit 0" in ran.err
    assert program("list", "--limit", "1", "--quiet").err == ""


def test_show_for_machines(program: Program) -> None:
    """Answers come in the stored form; the sources lane only when it is asked for."""
    value = program.json("show", "1")
    assert has_shape(value, shapes.REPORT)
    assert value["answers"]["start"] == ["2026-08-03~", "about 3 Aug 2026"]
    assert value["answers"]["sources"] == [{"src": "S1"}]
    assert value["sources_answers"] is None
    asked = program.json("show", "1", "--sources")
    assert asked["sources_answers"]["sources"] == [{"src": "S1", "src_name": "Example Name"}]


def test_stored_answers_can_be_put_in_again(program: Program, tmp_path: Path) -> None:
    """What `show --json` prints, `new --from` takes, and it comes out the same."""
    answers = program.json("show", "1")["answers"]
    path = tmp_path / "again.json"
    path.write_text(json.dumps(answers), encoding="utf-8")
    number = program.json("new", "--from", str(path))["number"]
    assert program.json("show", str(number))["answers"] == answers


def test_show_for_people(program: Program) -> None:
    """Labels and answers under their headings, escape sequences gone, no source's name."""
    ran = program("show", "1")
    assert "\nWhat happened\n" in ran.out
    assert f"  Title: {TITLE}\n" in ran.out
    assert "  Account: Shots [31mwere[0m heard.\n" in ran.out
    assert "Example Name" not in ran.out
    assert "Example Name" in program("show", "1", "--sources").out


def test_finish_needs_an_organisation(program: Program) -> None:
    """A vault that belongs to nobody cannot sign; the hint says how to join."""
    ran = program("finish", "1", "--json")
    assert ran.code is ExitCode.INPUT
    assert "join" in ran.error["hint"]
