"""Two copies of one vault: both may write, what both wrote arrives, once, and their owner is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.figures import Figures
from tests.faults.life import COORDINATOR, REPORTER, SERVER, Life
from tests.faults.people import People
from tests.faults.runs import Warm

COPY = "copy"
SETTLED = 8
"""The step of the life before which all is delivered."""

BEFORE = "Arrests north of Aleppo, second day"
"""The one report of that life."""

TOLD = "copied"
"""A word of what people are told."""


def nothing(_: People) -> None:
    """All was delivered when the copy was made."""


def finished(people: People) -> None:
    """A report was finished and not sent."""
    people.write(REPORTER, "Finished before the copy")


def sealed(people: People) -> None:
    """A report was sealed, and the link was dead."""
    people.write(REPORTER, "Sealed before the copy")
    people.port, port = 1, people.port
    people.exchange(REPORTER, allowed=(5,))
    people.port = port


MOMENTS: dict[str, tuple[Callable[[People], None], set[str]]] = {
    "delivered": (nothing, set()),
    "finished": (finished, {"Finished before the copy"}),
    "sealed": (sealed, {"Sealed before the copy"}),
}
"""What stood in the vault when it was copied, and what must arrive of that."""


@pytest.mark.parametrize("at_once", [False, True], ids=["in turn", "at once"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_two_copies(moment: str, at_once: bool, life: Life, warm: Warm, figures: Figures) -> None:
    """Both copies write and send, in turn or at the same time: every word arrives once, the owner is told."""
    found, people = play(life, warm, moment, at_once=at_once)
    assert not found, found
    told = [who for who in (REPORTER, COPY) if any(TOLD in alarm for alarm in people.alarms[who])]
    assert told, people.alarms
    assert any(TOLD in alarm for alarm in people.alarms[COORDINATOR]), people.alarms
    figures.add(
        f"two copies of a vault ({moment} at the copy, exchanging {'at once' if at_once else 'in turn'}):"
        f" every report at the coordinator once, {' and '.join(told)} told"
    )


def test_a_backup_of_a_vault_goes_on(life: Life, warm: Warm, figures: Figures) -> None:
    """A laptop put back to an older copy of itself writes on; what it had sent meanwhile stays."""
    with life.copy(SETTLED, whole=True) as world, warm.server(world.home(SERVER)) as serving:
        people = People(warm, world, serving.port)
        people.copy(REPORTER, COPY)
        people.write(REPORTER, "After the backup")
        people.exchange(REPORTER)
        people.copy(COPY, REPORTER)
        people.write(REPORTER, "After the laptop was put back")
        people.settle(REPORTER, COORDINATOR)
        found = people.faults({BEFORE, "After the backup", "After the laptop was put back"}, REPORTER)
        assert not found, found
        assert any(TOLD in alarm for alarm in people.alarms[REPORTER]), people.alarms
    figures.add("a vault put back to an older copy: goes on, its owner is told, 0 lost")


def test_stubborn_program_is_caught(life: Life, warm: Warm) -> None:
    """The control: a copy that stays in its chain has its words refused, and the test sees them missing."""
    found, _ = play(life, warm, "delivered", at_once=False, program="stubborn")
    assert any("did not arrive" in fault for fault in found), found


def play(
    life: Life, warm: Warm, moment: str, *, at_once: bool, program: str = "fieldkit"
) -> tuple[list[str], People]:
    """The whole story; what is wrong in the end."""
    before, expected = MOMENTS[moment]
    with life.copy(SETTLED, whole=True) as world, warm.server(world.home(SERVER)) as serving:
        people = People(warm, world, serving.port, program)
        before(people)
        people.copy(REPORTER, COPY)
        for who in (REPORTER, COPY):
            people.write(who, f"Written by the {who}")
        with ThreadPoolExecutor(2 if at_once else 1) as pool:
            list(pool.map(lambda who: people.exchange(who, allowed=(0, 6, 8)), (REPORTER, COPY)))
        try:
            people.settle(REPORTER, COPY, COORDINATOR)
        except AssertionError as error:
            return [str(error)], people
        titles = {BEFORE, *expected, f"Written by the {REPORTER}", f"Written by the {COPY}"}
        return people.faults(titles, REPORTER, COPY), people
