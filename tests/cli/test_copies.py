"""Copies and backups of a home folder, by command line alone, with a real server over real TLS."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldkit.actions.copies import COPIED, DOUBTFUL
from fieldkit.cli.exit_codes import ExitCode
from tests.cli.program import Program
from tests.cli.test_journey import ANSWERS
from tests.support.server import start_server

pytestmark = pytest.mark.apart


@dataclass(frozen=True)
class Party:
    """A coordinator and a certified reporter, and where their homes are."""

    folder: Path
    coordinator: Program
    reporter: Program


@pytest.fixture
def party(tmp_path: Path) -> Iterator[Party]:
    """An organisation on a running server."""
    server = start_server(tmp_path)
    try:
        chief, reporter = (Program(home=tmp_path / name).create() for name in ("chief", "reporter"))
        chief.json("org", "create", "Example group", "--server", server.ticket_text(), "--name", "chief")
        reporter.json("join", _invited(chief, "reporter", "north-7"))
        reporter.json("sync")
        chief.json("pull")
        yield Party(tmp_path, chief, reporter)
    finally:
        server.stop()


def _invited(chief: Program, role: str, name: str) -> str:
    text: str = chief.json("org", "invite", role, name)["invite"]
    chief.json("sync")
    return text


def report(by: Program, title: str) -> None:
    """Write and finish a report."""
    path = by.home.with_suffix(".json")
    path.write_text(json.dumps({**ANSWERS, "title": title}), encoding="utf-8")
    by.json("finish", str(by.json("new", "--from", str(path))["number"]))


def copied(party: Party, whose: Program, name: str) -> Program:
    """A copy of a home folder, as a person makes one."""
    shutil.copytree(whose.home, party.folder / name)
    return Program(home=party.folder / name)


def titles(program: Program) -> list[str]:
    """The reports in a list."""
    return sorted(line["title"] for line in program.json("list"))


def test_a_copied_home(party: Party) -> None:
    """Both copies' words arrive once; the second says what happened, in sync, status and doctor."""
    clone = copied(party, party.reporter, "clone")
    report(party.reporter, "by the one")
    report(clone, "by the other")
    assert party.reporter.json("sync")["alarms"] == []
    ran = clone("sync")
    assert ran.code is ExitCode.OK
    assert f"Tell a coordinator: {COPIED}" in ran.err
    assert COPIED in clone("status").out
    assert any(COPIED in finding["detail"] for finding in clone.json("doctor"))
    report(clone, "later")
    assert clone.json("sync")["waiting_frames"] == 0
    pulled = party.coordinator.json("pull")
    assert pulled["alarms"] == [f"north-7: {DOUBTFUL}"]
    assert titles(party.coordinator) == ["by the one", "by the other", "later"]
    assert DOUBTFUL in party.coordinator("show", "1").out
    doubtful = {line["name"]: line["doubtful"] for line in party.coordinator.json("org", "members")}
    assert doubtful == {"chief": False, "north-7": True}


def test_a_home_put_back_to_a_backup(party: Party) -> None:
    """What was sent before stays with the coordinator, what is written after arrives."""
    backup = copied(party, party.reporter, "backup")
    report(party.reporter, "sent before")
    party.reporter.json("sync")
    shutil.rmtree(party.reporter.home)
    shutil.copytree(backup.home, party.reporter.home)
    report(party.reporter, "written after")
    told = party.reporter.json("sync")
    assert (told["waiting_frames"], COPIED in told["alarms"]) == (0, True)
    party.coordinator.json("pull")
    assert titles(party.coordinator) == ["sent before", "written after"]


def test_a_copied_home_of_the_chief(party: Party) -> None:
    """Each copy lets another coordinator in; in the end everybody pulls everything."""
    newcomers = [Program(home=party.folder / name).create() for name in ("second", "third")]
    for newcomer in newcomers:
        newcomer.json("join", _invited(party.coordinator, "coordinator", newcomer.home.name))
    clone = copied(party, party.coordinator, "clone")
    copies = (party.coordinator, clone)
    for one, newcomer in zip(copies, newcomers, strict=True):
        newcomer("sync")
        report(one, f"with {newcomer.home.name}")
        one.json("pull")
    everybody = (*copies, *newcomers)
    for _ in range(2):
        for one in everybody:
            one("sync")
            one("pull")
    assert {tuple(titles(one)) for one in everybody} == {("with second", "with third")}
    assert {one.json("status")["last_try_failed"] for one in everybody} == {False}
