"""Exports: what leaves the vault on purpose, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldkit.actions import capture, exchange, publish
from fieldkit.actions.errors import InputProblem, UsageProblem
from fieldkit.actions.session import Session
from tests.actions.world import CANARY, SOURCED, World, report


@pytest.fixture
def pulled(world: World, first: Session, reporter: Session) -> Session:
    """A coordinator who holds one report with a source and a position."""
    report(reporter, SOURCED, lat="10.5", lon="-30.25")
    exchange.sync(reporter)
    exchange.pull(first)
    return first


@pytest.mark.parametrize("kind", publish.FORMATS)
def test_sources_only_when_asked_for(world: World, pulled: Session, tmp_path: Path, kind: str) -> None:
    """No format holds a protected answer unless it was asked for by name."""
    plain, full = tmp_path / "plain", tmp_path / "full"
    told = publish.export(pulled, kind, plain)
    assert (told.incidents, told.left_out, told.bytes) == (1, 0, plain.stat().st_size)
    assert CANARY not in plain.read_text()
    publish.export(pulled, kind, full, sources=True)
    assert kind == "geojson" or CANARY in full.read_text()
    assert plain.stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(world: World, pulled: Session, tmp_path: Path) -> None:
    """Neither a file that is there nor what somebody else is writing beside it."""
    out = tmp_path / "out.csv"
    out.write_text("mine")
    with pytest.raises(InputProblem, match="there already"):
        publish.export(pulled, "csv", out)
    other = tmp_path / "other.csv.part"
    other.write_text("mine too")
    with pytest.raises(InputProblem, match="in the way"):
        publish.export(pulled, "csv", tmp_path / "other.csv")
    assert (out.read_text(), other.read_text()) == ("mine", "mine too")


@pytest.mark.parametrize("name", ["missing/out.csv", "x" * 300, "nul\0byte"])
def test_places_that_cannot_be_written(world: World, pulled: Session, tmp_path: Path, name: str) -> None:
    """Trouble with the file is told, and nothing is left behind."""
    with pytest.raises(InputProblem):
        publish.export(pulled, "csv", tmp_path / name)
    assert not list(tmp_path.glob("*.part"))


def test_unknown_format_and_no_organisation(world: World, pulled: Session, tmp_path: Path) -> None:
    """Both are said before a file is made."""
    with pytest.raises(UsageProblem, match="no export format"):
        publish.export(pulled, "pdf", tmp_path / "out")
    with pytest.raises(InputProblem, match="no organisation"):
        publish.export(world.laptop("alone"), "csv", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_withdrawn_is_marked_and_keeps_its_sources_apart(
    world: World, pulled: Session, reporter: Session, tmp_path: Path
) -> None:
    """A report that was taken back says so in its line."""
    capture.withdraw(reporter, "1", "in danger")
    exchange.sync(reporter)
    exchange.pull(pulled)
    publish.export(pulled, "jsonl", tmp_path / "out")
    publish.export(pulled, "jsonl", tmp_path / "full", sources=True)
    line = json.loads((tmp_path / "out").read_text())
    assert line["state"] == "withdrawn" and CANARY not in str(line)
    assert CANARY in (tmp_path / "full").read_text()


def test_no_position_is_counted(world: World, first: Session, tmp_path: Path) -> None:
    """GeoJSON leaves out what has no position, and says how many."""
    report(first)
    told = publish.export(first, "geojson", tmp_path / "out")
    assert (told.incidents, told.left_out, told.reason_left_out) == (0, 1, "no position")


def test_reporter_is_the_name_that_was_given(
    world: World, pulled: Session, reporter: Session, tmp_path: Path
) -> None:
    """Nobody can sign an export with another's pseudonym."""
    me = reporter.vault.identities.require()
    pulled.vault.members.named(me.device, me.role, "as invited", now=world.time.now)
    publish.export(pulled, "jsonl", tmp_path / "out")
    assert json.loads((tmp_path / "out").read_text())["reporter"] == "as invited"
