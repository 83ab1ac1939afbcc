"""The whole way by command line alone: real vaults, a real server, real TLS."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.cli import shapes
from fieldkit.cli.exit_codes import ExitCode
from tests.cli.program import Program
from tests.support.server import RealServer, start_server

pytestmark = pytest.mark.apart

ANSWERS = {
    "title": "تسلل إلى مدينة مارع",
    "kind": ["killing"],
    "start": "about 3 Aug 2026",
    "gov": "Aleppo",
    "narrative": "Shots were heard for an hour.",
    "sources": [{"src": "S1", "src_name": "Example Resident"}],
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    """A running server."""
    running = start_server(tmp_path)
    try:
        yield running
    finally:
        running.stop()


def member(folder: Path, name: str) -> Program:
    """A person's vault."""
    return Program(home=folder / name).create()


def test_journey(tmp_path: Path, server: RealServer) -> None:
    """Create, invite, join, write, finish, send, pull, export, withdraw: each verb and its keys."""
    coordinator, reporter = member(tmp_path, "coordinator"), member(tmp_path, "reporter")
    made = coordinator.json(
        "org", "create", "Example group", "--server", server.ticket_text(), "--name", "first"
    )
    assert list(made) == list(shapes.ORGANISATION.keys)
    invite = coordinator.json("org", "invite", "reporter", "north-7")["invite"]
    coordinator.json("sync")

    joined = reporter.json("join", invite)
    assert joined["fingerprint"] == made["fingerprint"]
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ANSWERS), encoding="utf-8")
    number = str(reporter.json("new", "--from", str(path))["number"])
    finished = reporter.json("finish", number)
    assert list(finished) == list(shapes.FINISHED.keys)
    assert finished["lanes"] == ["main", "sources"]
    assert reporter.json("show", finished["incident"][:8])["line"]["state"] == "waiting"

    assert reporter.json("sync", "--dry-run")["waiting_frames"] > 0
    sent = reporter.json("sync")
    assert (sent["waiting_frames"], sent["refused"]) == (0, [])
    assert sent["receipts_verified"] > 0
    assert [line["state"] for line in reporter.json("list")] == ["received"]

    coordinator.json("sync")
    pulled = coordinator.json("pull")
    assert (pulled["incidents_new"], pulled["gaps"], pulled["forks"]) == (1, [], [])
    assert [line["title"] for line in coordinator.json("list")] == [ANSWERS["title"]]
    assert {line["name"]: line["state"] for line in coordinator.json("org", "members")} == {
        "first": "you",
        "north-7": "certified",
    }

    out = tmp_path / "reports.csv"
    exported = coordinator.json("export", str(out), "--format", "csv")
    assert (exported["incidents"], exported["path"]) == (1, str(out))
    with out.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert ANSWERS["title"] in row.values()
    assert "Example Resident" not in out.read_text(encoding="utf-8-sig")
    assert coordinator("export", str(out), "--format", "csv").code is ExitCode.INPUT

    assert reporter.json("sync")["delivered_now"] == 1
    assert reporter.json("list", "--state", "delivered")[0]["number"] == int(number)
    taken = reporter.json("withdraw", number, "--reason", "sent by mistake")
    assert (list(taken), taken["state"]) == (list(shapes.REPORT_LINE.keys), "withdrawn")
    reporter.json("sync")
    coordinator.json("pull")
    assert [line["state"] for line in coordinator.json("list")] == ["withdrawn"]


def test_no_server(tmp_path: Path, server: RealServer) -> None:
    """Without the server: code 5, a hint, and the report still waits."""
    coordinator = member(tmp_path, "coordinator")
    coordinator.json("org", "create", "Example group", "--server", server.ticket_text())
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ANSWERS), encoding="utf-8")
    number = str(coordinator.json("new", "--from", str(path))["number"])
    coordinator.json("finish", number)
    server.stop()
    ran = coordinator("sync", "--json")
    assert (ran.code, ran.out) == (ExitCode.LINK, "")
    assert ran.error["name"] == "link"
    assert ran.error["hint"]
    assert coordinator.json("status")["waiting"] == 1
