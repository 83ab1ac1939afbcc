"""kill -9 at every call of a panic erase: a whole vault or no key slots, and no word said too soon (R9)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from fieldkit.actions import capture, records, unlock, wiping
from fieldkit.actions.errors import LockedProblem
from fieldkit.vault.home import Home
from fieldkit.vault.keyslots import FLOOR_COST
from tests.faults import kill_finish, strace_rig
from tests.faults.figures import Figures
from tests.faults.needs import need
from tests.faults.strace_rig import Point, Trace
from tests.faults.sweep import copy_of, sweep

WORDS = ("wipe", "--yes")
HASTY = ("-m", "tests.faults.hasty_wipe")
TITLE = "Synthetic: a report that stays or goes, whole"
WHOLE, GONE = "a whole vault", "no key slots"

pytestmark = pytest.mark.apart


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with a draft, and what a crash left of key slots beside it."""
    need(strace_rig.missing())
    home = tmp_path_factory.mktemp("wipe") / "home"
    with unlock.initialise(home, kill_finish.PASSPHRASE, cost=FLOOR_COST) as session:
        capture.new_draft(session, {"title": TITLE})
    (home / "slots.cbor.new").write_bytes((home / "slots.cbor").read_bytes())
    (home / "attempts").write_text("1 1\n")
    return home


def left(home: Path) -> str:
    """What is there, by opening it as anybody would."""
    try:
        with unlock.unlock(home, kill_finish.PASSPHRASE) as session:
            session.vault.check_integrity()
            assert [line.title for line in records.list_records(session)] == [TITLE]
            return WHOLE
    except LockedProblem:
        return GONE


def faults(home: Path, said: bytes) -> list[str]:
    """What was wrong after a kill, and after a second erase."""
    found = []
    now = left(home)
    if now == WHOLE and said:
        found.append(f"it said {said!r}, and the vault opens")
    if now == GONE and wiping.anything_in(home) and not Home(home).erased():
        found.append("it opens no more, and no start would go on with the rest")
    if wiping.anything_in(home):
        wiping.erase(home)
    found += [f"the second erase left {path.name}" for path in home.rglob("*") if path.is_file()]
    return found


def kill(module: Sequence[str], home: Path, point: Point) -> tuple[Trace, list[str]]:
    """Kill an erase at a point and look."""
    killed = kill_finish.run_cli(home, WORDS, point, module)
    found = faults(home, killed.stdout)
    home.mkdir(exist_ok=True)  # for the sweep, which removes it
    return killed.trace, found


def dry_run(template: Path, module: Sequence[str]) -> tuple[Path, list[Point]]:
    """An erase that is left alone: its home and its calls there."""
    home = copy_of(template)
    done = kill_finish.run_cli(home, WORDS, module=module)
    assert (done.returncode, home.exists()) == (0, False), done.stderr
    return home, done.trace.points(home)


def test_every_call(template: Path, figures: Figures) -> None:
    """Whatever it was doing: whole, or gone; and a second time everything is gone."""
    dry, points = dry_run(template, kill_finish.CLI)
    assert left(copy_of(template)) == WHOLE
    names = [Path(point.place).name for point in points]
    assert {"slots.cbor", "slots.cbor.new", "vault.db", "attempts", "home-0"} & set(names)
    assert names[0] == "slots.cbor"
    assert max(names.index("slots.cbor.new"), names.index("slots.cbor")) < names.index("vault.db")
    found = sweep(template, points, dry, partial(kill, kill_finish.CLI))
    assert not found, "\n".join(found)
    figures.add(f"kill -9 of `fieldkit wipe`: {len(points)} points, whole or gone, never said too soon")


def test_hasty_program_is_caught(template: Path) -> None:
    """The control: one that says it first is seen to lie."""
    dry, points = dry_run(template, HASTY)
    found = sweep(template, points[:1], dry, partial(kill, HASTY))
    assert any("and the vault opens" in fault for fault in found), found
