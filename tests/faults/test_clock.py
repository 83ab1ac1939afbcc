"""Clocks that are wrong: laptops and servers in 1970, 1999, 2038 and 2106, and jumps of fifteen years."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faults import clock
from tests.faults.clock import SLACK_SECONDS, YEAR_SECONDS
from tests.faults.figures import Figures
from tests.faults.life import COORDINATOR, REPORTER, SERVER, Life, World
from tests.faults.needs import need
from tests.faults.runs import Ran, Warm


def seconds(text: str) -> int:
    """UTC seconds of a date."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


WRONG = {
    "1970": seconds("1970-01-01T00:00:10"),
    "1999": seconds("1999-12-31T23:59:50"),
    "before 2^31": seconds("2038-01-19T03:14:00"),
    "after 2^31": seconds("2038-01-19T03:14:30"),
    "before 2^32": seconds("2106-02-07T06:28:00"),
    "after 2^32": seconds("2106-02-07T06:28:30"),
}
"""Where counters of 31 and 32 bits end, and what a laptop says whose battery is dead."""

FRESH, SETTLED = 2, 8
"""Steps of the life: the reporter has joined and not synced yet; everything so far is delivered."""

ANSWERS = {
    "kind": "arrest",
    "start": "3 Aug 2026",
    "gov": "Aleppo",
    "narrative": "Synthetic: nobody was hurt.",
}


@pytest.fixture(autouse=True)
def _faketime() -> None:
    need(clock.missing())


class Talk:
    """People of one world, each with the clock that their programs believe."""

    def __init__(self, world: World, port: int) -> None:
        self._world = world
        self._port = port

    def __call__(self, warm: Warm, who: str, *words: str, stdin: str = "") -> Ran:
        """One command, which must succeed."""
        ran = warm.fieldkit(self._world.home(who), *words, stdin=stdin, port=self._port)
        assert ran.code == 0, f"{who} {words}: exit code {ran.code}, {ran.err}"
        return ran

    def told(self, warm: Warm, who: str, *words: str) -> Any:
        """What a command prints with --json."""
        return json.loads(self(warm, who, *words, "--json").out)

    def write(self, warm: Warm, title: str) -> str:
        """A new report of the reporter, finished; its number."""
        text = json.dumps({"title": title, **ANSWERS})
        number = self(warm, REPORTER, "new", "--from", "-", stdin=text).out.decode().strip()
        self(warm, REPORTER, "finish", number)
        return number

    def arrived(self, warm: Warm, title: str) -> Any:
        """The one report of this title that the coordinator has, whole."""
        (line,) = (line for line in self.told(warm, COORDINATOR, "list") if line["title"] == title)
        return self.told(warm, COORDINATOR, "show", str(line["number"]))


@pytest.mark.parametrize("name", WRONG)
def test_laptop(name: str, life: Life, warm: Warm, tmp_path: Path, figures: Figures) -> None:
    """A laptop with a wrong clock writes, sends and is acknowledged; it claims its own time, and is told."""
    when = WRONG[name]
    with (
        life.copy(FRESH, whole=True) as world,
        warm.server(world.home(SERVER)) as serving,
        clock.at(when, tmp_path) as odd,
    ):
        talk = Talk(world, serving.port)
        number = talk.write(odd, "Written under a wrong clock")
        sent = talk.told(odd, REPORTER, "sync")
        assert sent["waiting_frames"] == 0 and sent["receipts_verified"]
        pulled = talk.told(warm, COORDINATOR, "pull")
        assert (pulled["incidents_new"], pulled["refused"], pulled["forks"]) == (1, 0, [])
        assert talk.told(odd, REPORTER, "sync")["delivered_now"] == 1
        view = talk.told(odd, REPORTER, "show", number)
        assert view["line"]["state"] == "delivered"
        arrived = talk.arrived(warm, "Written under a wrong clock")
        (revision,) = arrived["revisions"]
        assert when <= revision["created"] <= when + SLACK_SECONDS
        for form in ("csv", "jsonl", "geojson"):
            talk(warm, COORDINATOR, "export", "--format", form, str(tmp_path / f"reports.{form}"))
        (found,) = (found for found in talk.told(odd, REPORTER, "doctor") if found["title"] == "clock")
        assert found["level"] == "warning", found
    figures.add(f"a laptop's clock at {name}: written, received, delivered, its time kept as a claim, warned")


@pytest.mark.parametrize("name", WRONG)
def test_server(name: str, life: Life, warm: Warm, tmp_path: Path, figures: Figures) -> None:
    """A server with a wrong clock takes, confirms and hands out all the same; laptops are warned."""
    with (
        life.copy(SETTLED, whole=True) as world,
        clock.at(WRONG[name], tmp_path) as odd,
        odd.server(world.home(SERVER)) as serving,
    ):
        talk = Talk(world, serving.port)
        talk.write(warm, "Sent to an odd server")
        assert talk.told(warm, REPORTER, "sync")["waiting_frames"] == 0
        assert talk.told(warm, COORDINATOR, "pull")["incidents_new"] == 1
        assert talk.told(warm, REPORTER, "sync")["delivered_now"] == 1
        (found,) = (found for found in talk.told(warm, REPORTER, "doctor") if found["title"] == "clock")
        assert found["level"] == "warning", found
    figures.add(f"a server's clock at {name}: taken, confirmed, handed out; the laptop is warned")


@pytest.mark.parametrize("first", [15, -15])
def test_jumps(first: int, life: Life, warm: Warm, tmp_path: Path, figures: Figures) -> None:
    """A clock that jumps by 15 years, there and back, between revisions and between writing and sending.

    The order of revisions is that in which they were written, whatever the clocks said.
    """
    now = int(time.time())
    with (
        life.copy(SETTLED, whole=True) as world,
        warm.server(world.home(SERVER)) as serving,
        clock.at(now + first * YEAR_SECONDS, tmp_path) as there,
        clock.at(now - first * YEAR_SECONDS, tmp_path) as beyond,
    ):
        talk = Talk(world, serving.port)
        number = talk.write(warm, "first words")
        for title, clocks in (("second words", there), ("last words", beyond)):
            talk(clocks, REPORTER, "edit", number, "--set", f"title={title}")
            talk(clocks, REPORTER, "finish", number)
        assert talk.told(there, REPORTER, "sync")["waiting_frames"] == 0
        assert talk.told(warm, COORDINATOR, "pull")["incidents_new"] == 1
        assert talk.told(beyond, REPORTER, "sync")["delivered_now"] == 1
        assert talk.told(beyond, REPORTER, "sync")["waiting_frames"] == 0
        arrived = talk.arrived(warm, "last words")
        made = {revision["id"]: revision["created"] for revision in arrived["revisions"]}
        # The control: an order by clocks would not be the one in which they were written.
        assert sorted(made.values()) != [made[revision] for revision in written(arrived["revisions"])]
        assert not arrived["divided"]
    figures.add(
        f"a clock that jumps by {first:+} and {-2 * first:+} years: three revisions in their order, delivered"
    )


def test_clock_set_back_between_finish_and_sync(
    life: Life, warm: Warm, tmp_path: Path, figures: Figures
) -> None:
    """What was finished at a later time than it is sent arrives, and keeps the time that it claimed."""
    ahead = int(time.time()) + 3 * YEAR_SECONDS
    with life.copy(FRESH, whole=True) as world, warm.server(world.home(SERVER)) as serving:
        talk = Talk(world, serving.port)
        with clock.at(ahead, tmp_path) as later:
            talk.write(later, "Finished in the future")
        assert talk.told(warm, REPORTER, "sync")["waiting_frames"] == 0
        talk(warm, COORDINATOR, "pull")
        assert talk.told(warm, REPORTER, "sync")["delivered_now"] == 1
        (revision,) = talk.arrived(warm, "Finished in the future")["revisions"]
        assert ahead <= revision["created"] <= ahead + SLACK_SECONDS
    figures.add("a clock set back by 3 years between finish and sync: delivered")


def written(revisions: Any) -> list[str]:
    """Ids of revisions, each after its parents."""
    order: list[str] = []
    for _ in revisions:
        order += [
            one["id"] for one in revisions if one["id"] not in order and set(one["parents"]) <= set(order)
        ]
    assert len(order) == len(revisions), "a parent is missing"
    return order
