"""A server put back to an older copy of its folder: ticks that no longer hold go, and all is sent again."""

from __future__ import annotations

import shutil

import pytest

from tests.faults.figures import Figures
from tests.faults.life import COORDINATOR, REPORTER, SERVER, Life
from tests.faults.people import ROUNDS, People
from tests.faults.runs import Warm

SETTLED = 8
"""The step of the life before which all is delivered."""

BEFORE = "Arrests north of Aleppo, second day"
"""The one report of that life: it is in the backup."""

LOST = "Sent after the backup"
LATER = "Written after the server was put back"
TITLES = {BEFORE, LOST, LATER}

STOPPED = 7
"""Exit code of a pull that meets a smaller log than it had seen."""

ORDERS = {"reporter first": (REPORTER, COORDINATOR), "coordinator first": (COORDINATOR, REPORTER)}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("pulled", [False, True], ids=["not pulled", "pulled"])
def test_restored(pulled: bool, order: str, life: Life, warm: Warm, figures: Figures) -> None:
    """Told, waiting again, sent again: every record is at the coordinator once, every tick is true."""
    found = play(life, warm, pulled=pulled, order=ORDERS[order])
    assert not found, found
    since = "pulled" if pulled else "not pulled"
    figures.add(
        f"server restored from a backup ({since} since, {order}): the reporter was told, what was"
        " lost was sent again, every report at the coordinator once"
    )


def test_trusting_program_is_caught(life: Life, warm: Warm) -> None:
    """The control: a laptop that believes its old ticks sends nothing again, and its report is missing."""
    found = play(life, warm, pulled=False, order=ORDERS["reporter first"], program="trusting")
    assert any("did not arrive" in fault for fault in found), found


def play(
    life: Life, warm: Warm, *, pulled: bool, order: tuple[str, str], program: str = "fieldkit"
) -> list[str]:
    """The whole story; what is wrong in the end."""
    with life.copy(SETTLED, whole=True) as world:
        people = People(warm, world, program=program)
        backup = people.keep(world.folder, "backup")
        with warm.server(world.home(SERVER)) as serving:
            people.port = serving.port
            people.write(REPORTER, LOST)
            for who in (REPORTER, COORDINATOR, REPORTER) if pulled else (REPORTER,):
                people.exchange(who)
            assert people.states(REPORTER)[LOST] == ("delivered" if pulled else "received")
        shutil.rmtree(world.home(SERVER))
        shutil.copytree(backup, world.home(SERVER))
        people.alarms.clear()
        with warm.server(world.home(SERVER)) as serving:
            people.port = serving.port
            try:
                return afterwards(people, pulled=pulled, order=order)
            except AssertionError as error:
                return [str(error)]


def afterwards(people: People, *, pulled: bool, order: tuple[str, str]) -> list[str]:
    """What people do with the restored server; what is wrong in the end."""
    for who in order:
        if who == COORDINATOR and pulled and order[0] == COORDINATOR:
            people.exchange(COORDINATOR, allowed=(STOPPED,))
            people.do(COORDINATOR, "org", "restart-log", "--yes")
        else:  # when the reporter was first, the very same frames stand in the very same places again
            people.exchange(who)
        if who == REPORTER:
            people.write(REPORTER, LATER)
    for _ in range(ROUNDS):
        people.exchange(REPORTER)
        people.exchange(COORDINATOR)
    people.exchange(REPORTER)
    found = people.faults(TITLES, REPORTER)
    if not people.alarms[REPORTER]:
        found.append("the reporter was told nothing")
    return found
