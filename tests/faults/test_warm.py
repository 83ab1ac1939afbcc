"""The warm process runs what it is told, fails what it is told, and leaves nothing behind."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import runs
from tests.faults.needs import need
from tests.faults.runs import Job, Warm, command, seen
from tests.faults.strace_rig import CALLS, Harm

SECONDS = 10


@pytest.fixture(autouse=True)
def _root() -> None:
    need(runs.missing())


def test_runs_the_program(warm: Warm, tmp_path: Path) -> None:
    """Exit code, standard output and standard error are the program's own; runs do not know of each other."""
    home = tmp_path / "home"
    first = warm.fieldkit(home, "list")
    assert (first.code, first.out) == (4, b"") and "there is no vault" in first.err
    made = warm.fieldkit(home, "init")
    assert (made.code, made.out.decode().strip()) == (0, str(home))
    assert warm.look(home) == {"quarantined": 0, "reports": [], "role": None, "unsent": 0}


def test_several_programs_in_one_run(warm: Warm, tmp_path: Path) -> None:
    """One after the other, each with its own input, output and end; what is not needed is left out."""
    home = tmp_path / "home"
    look = Job(program="look", words=(str(home),))
    jobs = [look, command(home, "init"), command(home, "show", "7"), look, replace(look, unless="null")]
    nothing, made, unknown, found, needless = warm.several(jobs)
    assert nothing is not None and seen(nothing) is None
    assert made is not None and (made.code, made.out.decode().strip()) == (0, str(home))
    assert unknown is not None and unknown.code != 0 and unknown.err and not unknown.out
    assert found is not None and seen(found) == warm.look(home) and seen(found) is not None
    assert needless is None
    (home / "vault.db").write_bytes(b"torn")
    (torn,) = warm.several([look])
    assert torn is not None and torn.code != 0 and torn.err


def test_a_call_fails_where_it_should(warm: Warm, tmp_path: Path) -> None:
    """The dry run counts a call, the harm meets that very one, and the log proves it."""
    dry = warm.fieldkit(tmp_path / "dry", "init", trace=tmp_path / "log")
    points = [point for point in dry.trace.points(tmp_path / "dry") if point.call == "fsync"]
    assert (dry.code, dry.trace.injected) == (0, 0) and len(points) > 1
    there = points[-1].moved(tmp_path / "dry", tmp_path / "home")
    harm = Harm("error=EIO")
    ran = warm.fieldkit(
        tmp_path / "home", "init", trace=tmp_path / "log", point=there, does=harm, calls=CALLS
    )
    assert ran.code != 0 and ran.trace.injected == 1 and not ran.trace.killed
    assert [point for point in ran.trace.points(tmp_path / "home") if point == there]


def test_files_stop_growing(warm: Warm, tmp_path: Path) -> None:
    """A run whose files may not grow writes no more than that, and says so."""
    ran = warm.fieldkit(tmp_path / "home", "init", largest_file=5_000)
    assert ran.code != 0 and "error" in ran.err
    assert max(path.stat().st_size for path in (tmp_path / "home").iterdir() if path.is_file()) <= 5_000


def test_nothing_outlives_it(tmp_path: Path) -> None:
    """A server that was never asked to stop ends with the process it was forked from."""
    warm = Warm(tmp_path / "scratch")
    try:
        folder = tmp_path / "server"
        assert warm.run("server", ("init", str(folder), "--address", "127.0.0.1:8440")).code == 0
        started = warm.begin("server", ("serve", str(folder), "--listen", "127.0.0.1:0"))
        started.go()
        assert Path(f"/proc/{started.pid}").exists()
    finally:
        warm.close()
    until = time.monotonic() + SECONDS
    while Path(f"/proc/{started.pid}").exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not Path(f"/proc/{started.pid}").exists()
    started.close()
