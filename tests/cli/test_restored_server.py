"""A real server put back to a copy of its folder: what people are told and do; nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.cli.exit_codes import ExitCode
from tests.cli.program import Program
from tests.cli.test_journey import member
from tests.support.server import RealServer, start_server

pytestmark = pytest.mark.apart


class Keeper:
    """Whoever runs the server, with a copy of its folder."""

    def __init__(self, folder: Path) -> None:
        self._copy = folder / "copy"
        self.server = start_server(folder)

    def back_up(self) -> None:
        """Stop, copy, start."""
        self._stopped(lambda there: shutil.copytree(there, self._copy))

    def restore(self) -> None:
        """Stop, put the copy back, start."""

        def put_back(there: Path) -> None:
            shutil.rmtree(there)
            shutil.copytree(self._copy, there)

        self._stopped(put_back)

    def _stopped(self, act: object) -> None:
        assert callable(act)
        running: RealServer = self.server
        assert running.stop() == 0
        act(running.folder)
        self.server = start_server(running.folder.parent, folder=running.folder, listen=running.address)


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    """A running server and its keeper."""
    keeper = Keeper(tmp_path)
    yield keeper
    keeper.server.stop()


def write(reporter: Program, title: str) -> None:
    """A finished report."""
    answers = [f"title={title}", "kind=arrest", "start=2026-07-08", "gov=Example", "narrative=Synthetic."]
    number = reporter.json("new", *(part for answer in answers for part in ("--set", answer)))["number"]
    reporter.json("finish", str(number))


def states(program: Program) -> dict[str, str]:
    """Each report's state by its title."""
    return {line["title"]: line["state"] for line in program.json("list")}


def test_a_copy_is_put_back(tmp_path: Path, keeper: Keeper) -> None:
    """Reports and a newcomer lost: told, taken back, sent again, one command; all is there, once."""
    chief, north, south = (member(tmp_path, name) for name in ("chief", "north", "south"))
    chief.json("org", "create", "Example group", "--server", keeper.server.ticket_text(), "--name", "chief")
    invites = [chief.json("org", "invite", "reporter", name)["invite"] for name in ("north-7", "south-2")]
    chief.json("sync")
    north.json("join", invites[0])
    write(north, "before")
    north.json("sync")
    chief.json("pull")
    keeper.back_up()

    south.json("join", invites[1])
    for reporter in (north, south):
        write(reporter, f"after {reporter.home.name}")
        reporter.json("sync")
    chief.json("pull")
    write(north, "not pulled")
    north.json("sync")
    assert states(north) == {"before": "delivered", "after north": "delivered", "not pulled": "received"}
    keeper.restore()

    stopped = chief("pull", "--json")
    assert stopped.code is ExitCode.VERIFICATION
    assert "restored from an older backup" in stopped.error["message"]
    assert "fieldkit org restart-log" in stopped.error["hint"]
    told = north.json("sync")
    assert told["waiting_frames"] == 0 and any("wait again" in alarm for alarm in told["alarms"])
    assert south.json("sync")["waiting_frames"] == 0

    done = chief.json("org", "restart-log", "--yes")
    assert {lane["name"] for lane in done["lanes"]} >= {"main"} and done["waiting_frames"] == 0
    pulled = chief.json("pull")
    assert (pulled["forks"], pulled["gaps"], pulled["alarms"]) == ([], [], [])
    assert sorted(states(chief)) == ["after north", "after south", "before", "not pulled"]
    for reporter in (north, south):
        reporter.json("sync")
        assert set(states(reporter).values()) == {"delivered"}
    assert chief("org", "restart-log", "--yes").code is ExitCode.USAGE
