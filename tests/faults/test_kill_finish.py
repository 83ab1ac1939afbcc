"""kill -9 of the program as it is, in `edit` and `finish`: nothing is lost, nothing is torn.

Every call of these and ten more commands is tried in test_kill_life.py, on the same code without its start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import DEEP
from tests.faults import kill_finish, strace_rig
from tests.faults.figures import Figures
from tests.faults.kill_finish import WORKLOADS
from tests.faults.needs import need
from tests.faults.strace_rig import Point, Trace
from tests.faults.sweep import copy_of, sweep

EACH = 1 if DEEP else 3
"""Of so many points one is tried."""

TORN = ("-m", "tests.faults.torn_cli")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that every run gets a copy of."""
    need(strace_rig.missing())
    home = tmp_path_factory.mktemp("kill") / "home"
    kill_finish.prepare(home)
    return home


def chosen(points: Sequence[Point], each: int) -> list[Point]:
    """Every so-many-th point, the first and the last, and the first of each kind of call on each file."""
    kinds = {(point.call, point.place): point for point in reversed(points)}
    taken = {*points[::each], points[-1], *kinds.values()}
    return [point for point in points if point in taken]


def test_the_choice_leaves_out_no_kind() -> None:
    """Of each kind the first, of all the last; and all of them where all are asked for."""
    calls = ["mkdir", "pwrite64", "pwrite64", "pwrite64", "fsync", "pwrite64", "unlink", "unlink"]
    points = [Point(call=call, place="/a", when=when) for when, call in enumerate(calls)]
    assert [point.when for point in chosen(points, 3)] == [0, 1, 3, 4, 6, 7]
    assert chosen(points, 1) == points


@pytest.mark.parametrize("name", WORKLOADS)
def test_calls(name: str, template: Path, figures: Figures) -> None:
    """The vault opens whole, the act is done or undone, a second try completes it, nothing twice."""
    workload = WORKLOADS[name]
    dry = copy_of(template)
    before = kill_finish.look(copy_of(template))
    done = kill_finish.run_cli(dry, workload.words)
    assert done.returncode == 0 and done.stdout
    points = done.trace.points(dry)
    after = kill_finish.look(dry)
    assert after != before

    def kill(home: Path, point: Point) -> tuple[Trace, list[str]]:
        killed = kill_finish.run_cli(home, workload.words, point)
        return killed.trace, kill_finish.faults(home, workload, before, after, killed.stdout)

    assert done.trace.shared(dry) == 0
    assert {"pwrite64", "fsync"} <= {point.call for point in points}
    tried = chosen(points, EACH)
    found = sweep(template, tried, dry, kill)
    assert not found, "\n".join(found)
    kinds = ", ".join(f"{number} {call}" for call, number in Counter(point.call for point in tried).items())
    figures.add(
        f"kill -9 of `fieldkit {name}`: {len(tried)} of {len(points)} points ({kinds}), 0 lost, 0 torn"
    )


def test_torn_vault_is_caught(template: Path) -> None:
    """The control: without transactions a kill in the middle leaves a report neither draft nor finished."""
    workload = WORKLOADS["finish"]
    before = kill_finish.look(copy_of(template))
    dry = copy_of(template)
    done = kill_finish.run_cli(dry, workload.words, module=TORN)
    after = kill_finish.look(dry)
    commits = [
        point
        for point in done.trace.points(dry)
        if (point.call, Path(point.place).name) == ("fsync", "vault.db-wal")
    ]
    home = copy_of(template)
    middle = commits[len(commits) // 2].moved(dry, home)
    killed = kill_finish.run_cli(home, workload.words, middle, TORN)
    assert killed.trace.died_at(middle)
    found = kill_finish.faults(home, workload, before, after, killed.stdout)
    assert any(fault.startswith("neither done nor undone") for fault in found), found
