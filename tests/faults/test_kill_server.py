"""kill -9 at every call with which the server changes its folder: what has a receipt survives, whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.faults import kill_server, strace_rig
from tests.faults.figures import Figures
from tests.faults.kill_server import Life, Story
from tests.faults.needs import need
from tests.faults.strace_rig import Point, Trace
from tests.faults.sweep import copy_of, sweep

HASTY = ("-m", "tests.faults.hasty_server")

PHASES = {"two requests": kill_server.from_the_start, "stopping": kill_server.while_stopping}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that every run gets a copy of."""
    need(strace_rig.missing())
    return tmp_path_factory.mktemp("kill") / "server"


@pytest.fixture(scope="module")
def story(template: Path) -> Story:
    """What is sent in every run."""
    return kill_server.prepare(template)


@pytest.mark.parametrize("phase", PHASES)
def test_every_call(phase: str, template: Path, story: Story, figures: Figures) -> None:
    """What has a receipt survives, the rest is whole or absent, sending again completes it, nothing twice."""
    live = PHASES[phase]

    def kill(folder: Path, point: Point) -> tuple[Trace, list[str]]:
        life = live(folder, story, point)
        return life.trace, kill_server.faults(folder, story, life)

    dry = copy_of(template)
    life = live(dry, story, None)
    assert len(life.promised) == kill_server.FRAMES
    points = life.trace.points(dry)
    assert life.trace.shared(dry) == 0
    assert {"pwrite64", "fdatasync"} <= {point.call for point in points}
    found = sweep(template, points, dry, kill)
    assert not found, "\n".join(found)
    kinds = ", ".join(f"{number} {call}" for call, number in Counter(point.call for point in points).items())
    figures.add(f"kill -9 of the server, {phase}: {len(points)} points ({kinds}), 0 receipts broken")


def test_hasty_server_is_caught(template: Path, story: Story) -> None:
    """The control: a server that answers before it commits loses frames that have a receipt."""

    def live(folder: Path, point: Point | None) -> Life:
        return kill_server.from_the_start(folder, story, point, HASTY)

    dry = copy_of(template)
    wal = [point for point in live(dry, None).trace.points(dry) if point.place.endswith("-wal")]
    folder = copy_of(template)
    first = wal[0].moved(dry, folder)
    life = live(folder, first)
    assert life.trace.died_at(first)
    assert kill_server.faults(folder, story, life) == ["3 frames with a receipt are lost"]
