"""A disk that is full at a certain page: it is called full, nothing is lost, and with space work goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import DEEP
from tests.faults import small_disk, talk
from tests.faults.figures import Figures
from tests.faults.life import COORDINATOR, REPORTER, SERVER, STEPS, Life, between, unsettled
from tests.faults.needs import need
from tests.faults.runs import Warm
from tests.faults.small_disk import SmallDisk
from tests.faults.sweep import AT_A_TIME
from tests.faults.test_io_errors_server import BUSY

COMMANDS = (3, 4, 5, 6)
"""Of the life's steps: edit, finish, sync, and the coordinator's pull."""

OFFSETS = 20
"""Fill levels, in pages that are left: from none to more than a command needs."""

STRIDES, SERVER_STRIDE = {3: 4, 4: 4, 5: 6, 6: 12}, 2
"""Pages from one fill level to the next, for each command by what it needs, and for a server."""

SIDE_BY_SIDE = 5
"""A laptop that meets a full server waits and tries again for a quarter of a minute."""

SENDING = 5


@pytest.fixture(autouse=True)
def _root() -> None:
    need(small_disk.missing())


@pytest.mark.parametrize("number", COMMANDS, ids=[str(STEPS[number]) for number in COMMANDS])
def test_laptop(number: int, life: Life, tmp_path: Path, figures: Figures) -> None:
    """A command on a full disk says so and changes nothing it does not say; with space it completes."""
    chosen = levels(STRIDES[number])
    found, failed = at_levels(partial(fill, life, number), chosen, tmp_path, AT_A_TIME)
    assert not found, "\n".join(found)
    assert 0 < failed < len(chosen)
    figures.add(
        f"disk full under `{STEPS[number]}`: {len(chosen)} fill levels, {failed} failed, 0 lost, 0 torn"
    )


def test_server(life: Life, warm: Warm, tmp_path: Path, figures: Figures) -> None:
    """A server on a full disk is busy, keeps what it promised, and goes on by itself when there is space."""
    chosen = levels(SERVER_STRIDE)
    found, failed = at_levels(partial(fill_server, life, warm), chosen, tmp_path, SIDE_BY_SIDE)
    assert not found, "\n".join(found)
    assert 0 < failed < len(chosen)
    figures.add(f"disk full under the server: {len(chosen)} fill levels, {failed} exchanges put off, 0 lost")


def test_blunt_program_is_caught(life: Life, tmp_path: Path) -> None:
    """The control: a program that does not know a full disk when it meets one misspeaks."""
    faults, _ = at_levels(partial(fill, life, 4, program="blunt"), [12], tmp_path, 1)
    assert any("it crashed" in fault for fault in faults), faults


def test_torn_vault_is_caught(life: Life, tmp_path: Path) -> None:
    """The control: without transactions a disk that becomes full leaves a report torn."""
    faults, _ = at_levels(partial(fill, life, 4, program="torn"), range(10, 40, 2), tmp_path, AT_A_TIME)
    assert any("neither done nor undone" in fault for fault in faults), faults


def at_levels(
    trial: Callable[[SmallDisk, int], tuple[list[str], int]],
    chosen: Sequence[int],
    folder: Path,
    side_by_side: int,
) -> tuple[list[str], int]:
    """Try each fill level on a disk of its own; every fault, and how many commands failed."""

    def one(pages: int) -> tuple[list[str], int]:
        with small_disk.mounted(folder / f"disk-{pages}") as disk:
            faults, code = trial(disk, pages)
            return [f"{pages} pages left: {fault}" for fault in faults], code

    with ThreadPoolExecutor(side_by_side) as pool:
        told = list(pool.map(one, chosen))
    return [fault for faults, _ in told for fault in faults], sum(code != 0 for _, code in told)


def levels(stride: int) -> range:
    """Pages that are left, the levels of one run."""
    return range(0, OFFSETS * stride, 1 if DEEP else stride)


def fill(
    life: Life, number: int, disk: SmallDisk, pages: int, *, program: str = "fieldkit"
) -> tuple[list[str], int]:
    """One command with so many pages left; what was wrong, and its exit code."""
    step, (before, after) = STEPS[number], life.looks[number]
    with life.copy(number) as world, life.serving(world, step) as port:
        there = world.copied(disk.folder / "world", step.who)
        disk.leave(pages)
        ran = life.act(there, step, port, program=program)
        found = talk.misspoken(ran, talk.NO_SPACE)
        disk.clear()
        try:
            left = life.look(there, step.who)
            if ran.code == 0 and left != after:
                found.append(f"it said that it is done, and it is not: {left}")
            if talk.NOTHING_STORED in ran.err and not step.linked and left != before:
                found.append(f"it said that nothing was stored, and something was: {left}")
            if left not in (before, after) and not (step.linked and between(before, left, after)):
                found.append(f"neither done nor undone: {left}")
            if left != after:
                again = life.act(there, step, port)
                found += [] if again.code == 0 else [f"with space it ended with {again.code}: {again.err}"]
                found += [] if life.look(there, step.who) == after else ["with space it did not complete"]
        except AssertionError as error:
            found.append(str(error))
        there.remove()
    return found, ran.code


def fill_server(life: Life, warm: Warm, disk: SmallDisk, pages: int) -> tuple[list[str], int]:
    """A report sent to a server with so many pages left, and again when there is space."""
    with life.copy(SENDING) as world:
        there = world.copied(disk.folder / "world", SERVER)
        with warm.server(there.home(SERVER)) as serving:
            disk.leave(pages)
            ran = warm.fieldkit(world.home(REPORTER), "sync", port=serving.port)
            found = talk.misspoken(ran, (BUSY,))
            disk.clear()
            for who, verb in ((REPORTER, "sync"), (COORDINATOR, "pull"), (REPORTER, "sync")):
                again = warm.fieldkit(world.home(who), verb, port=serving.port)
                found += [f"with space {verb} ended with {again.code}: {again.err}"] if again.code else []
        found += unsettled(life.look(world, REPORTER), life.look(world, COORDINATOR))
        there.remove()
    return found, ran.code
