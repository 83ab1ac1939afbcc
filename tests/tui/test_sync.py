"""The sync screen: the truth at every moment, in plain words, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from fieldkit.tui import link_words
from fieldkit.tui.ports.link import Activity, LinkView, Stage, Standing
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.sync import SyncScreen
from fieldkit.tui.widgets.link_queue import LinkQueue
from fieldkit.tui.widgets.said import Said
from tests.tui.desk import MemoryDesk, MemoryDoor
from tests.tui.link_desk import NOTHING, THREE, WAITING, MemoryLink, line
from tests.tui.reports_desk import MemoryLine
from tests.tui.showing import settle, showing, text_of, wait_for

pytestmark = pytest.mark.anyio

RUNNING = Activity(
    busy=True,
    phase="sending",
    word="sending",
    up=6_100,
    down=1_400,
    queue=(
        replace(THREE[0], gone=4_096, stage=Stage.GOING),
        replace(THREE[1], stage=Stage.GOING),
        THREE[2],
    ),
    settled=(line(38, "Обстріл", stage=Stage.RECEIVED),),
)
BROKEN = Activity(
    word="offline",
    error="the connection was cut",
    advice="try again: nothing is lost, and what arrived is not sent twice",
    next_try=40.0,
    queue=(replace(THREE[0], stage=Stage.TRIED), *THREE[1:]),
)
TAKING_BACK = Activity(queue=(replace(THREE[1], withdraws=True),))
DONE = Activity(
    settled=(
        replace(THREE[2], stage=Stage.RECEIVED),
        replace(THREE[0], stage=Stage.RECEIVED),
        line(36, "Attack on a clinic", stage=Stage.DELIVERED),
    ),
    news=(
        "✓ 2 reports confirmed by the server",
        "✓✓ 1 report delivered to a coordinator",
        "it took 12.1 KB up, 2.2 KB down, 6.4 s",
    ),
)
PULLED = Activity(
    pulling=True,
    news=(
        "! missing: 1f2e3d4c: 4 to 6 in lane 1",
        "2 new reports came",
        "5 records opened and checked",
        "north-7 is told: 5 frames opened",
        "it took 2.2 KB up, 14.0 KB down, 3.0 s",
    ),
)

STATES: dict[str, tuple[LinkView, Activity]] = {
    "nothing": (replace(NOTHING, awaited=1), Activity()),
    "by itself": (replace(NOTHING, by_itself=True), Activity()),
    "server full": (
        replace(WAITING, unfinished=True),
        Activity(
            word="sync failed",
            error="the server refused: this laptop's share of the server is used up",
            advice="ask a coordinator to pull, then sync again",
            queue=THREE,
        ),
    ),
    "three": (WAITING, Activity(queue=THREE)),
    "unmeasured": (replace(WAITING, speed=0, last_sync=None), Activity(queue=THREE)),
    "running": (WAITING, RUNNING),
    "paused": (
        replace(WAITING, by_itself=True, unfinished=True),
        Activity(paused=True, word="paused", queue=(replace(THREE[0], stage=Stage.TRIED), *THREE[1:])),
    ),
    "failed": (replace(WAITING, by_itself=True, unfinished=True, cap=200_000), BROKEN),
    "done": (NOTHING, DONE),
    "taking back": (replace(WAITING, reports=1), TAKING_BACK),
    "coordinator": (replace(NOTHING, coordinator=True), PULLED),
    "no organisation": (
        replace(NOTHING, standing=Standing.NONE, address="", route="directly", last_sync=None),
        Activity(),
    ),
    "not let in": (
        replace(WAITING, standing=Standing.WAITING),
        Activity(queue=(*THREE[1:], line(None, size=1_300))),
    ),
    "clock": (
        replace(
            WAITING, notices=("it differed from the server's by 30 hours at the last receipt: set the clock",)
        ),
        Activity(queue=(replace(THREE[2], hurried=True), *THREE[:2])),
    ),
}


def door(view: LinkView = NOTHING, now: Activity | None = None) -> tuple[MemoryDoor, MemoryLink]:
    """A home whose link stands so."""
    link = MemoryLink(seen=view, now=now or Activity())
    return MemoryDoor(desk=MemoryDesk(link=link)), link


def heads(pilot: Pilot[None], word: str) -> bool:
    """Whether the line above the screen says so."""
    return word in text_of(pilot).splitlines()[0]


async def open_sync(pilot: Pilot[None], key: str = "f5") -> None:
    """Go there."""
    await pilot.press(key)
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, SyncScreen))
    await settle(pilot)


@pytest.mark.parametrize("name", STATES)
async def test_states(name: str, snapshot: SnapshotAssertion) -> None:
    """What a tired person reads in each state."""
    home, _ = door(*STATES[name])
    async with showing(home) as pilot:
        await open_sync(pilot)
        assert text_of(pilot) == snapshot


@pytest.mark.parametrize("key", ["f5", "s"])
async def test_there_and_back(key: str) -> None:
    """F5 and s open it from the list; Esc leaves, and F5 too; what runs goes on."""
    home, link = door(WAITING, RUNNING)
    async with showing(home) as pilot:
        await open_sync(pilot, key)
        await pilot.press("escape" if key == "s" else "f5")
        assert isinstance(pilot.app.screen, RecordsScreen)
        assert (link.paused, link.begun) == (0, [])


async def test_s_sends_and_space_stops() -> None:
    """One key each; while it runs there is nothing to begin, while nothing runs nothing to stop."""
    home, link = door(WAITING, Activity(queue=THREE))
    async with showing(home) as pilot:
        await open_sync(pilot)
        await pilot.press("space", "s")
        assert (link.begun, link.paused) == ([False], 0)
        link.say(busy=True, phase="sending")
        await wait_for(pilot, lambda: "Now: sending" in text_of(pilot))
        await pilot.press("s", "space")
        assert (link.begun, link.paused) == ([False], 1)


async def test_progress_is_drawn_as_it_happens() -> None:
    """Bytes of each report while they go, its receipt when it has come, without a key."""
    home, link = door(WAITING, Activity(queue=THREE))
    async with showing(home) as pilot:
        await open_sync(pilot)
        assert "not sent yet" in text_of(pilot)
        link.say(busy=True, phase="sending", queue=RUNNING.queue)
        await wait_for(pilot, lambda: "4.1 of 8.2 KB" in text_of(pilot))
        assert "✓" not in text_of(pilot)
        link.say(
            changed=True,
            view=replace(WAITING, reports=2),
            queue=THREE[1:],
            settled=(replace(THREE[0], stage=Stage.RECEIVED),),
        )
        await wait_for(pilot, lambda: "confirmed by the server" in text_of(pilot))
        await wait_for(pilot, lambda: "2 reports wait:" in text_of(pilot))


async def test_ticks_come_into_the_list() -> None:
    """What changed on the server shows in the list without a restart; the cursor stays with its report."""
    home, link = door()
    home.desk.lines = [
        MemoryLine(number=2, title="second"),
        MemoryLine(number=1, glyph="⇅", state="waiting", title="first"),
    ]
    async with showing(home) as pilot:
        await pilot.press("down")
        home.desk.lines = [
            MemoryLine(number=3, glyph="✓", state="received", title="third"),
            MemoryLine(number=2, title="second"),
            MemoryLine(number=1, glyph="✓✓", state="delivered", title="first"),
        ]
        link.say(changed=True)
        await wait_for(pilot, lambda: "✓✓ delivered 0001" in text_of(pilot))
        assert "third" in text_of(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await settle(pilot)
        assert home.desk.asked == [1]


async def test_header_says_how_the_link_is() -> None:
    """In a word, on every screen."""
    home, link = door()
    async with showing(home) as pilot:
        for word in ("sending", "offline"):
            link.say(word=word)
            await wait_for(pilot, partial(heads, pilot, word))


async def test_settings() -> None:
    """b and l change what is set, and the screen says what holds now."""
    home, link = door(WAITING, Activity(queue=THREE))
    async with showing(home) as pilot:
        await open_sync(pilot)
        assert "Automatic sending: off (b). Limit: none (l)." in text_of(pilot)
        await pilot.press("b", "l")
        await wait_for(
            pilot, lambda: "Automatic sending: on (b). Limit: 50 KB each time (l)." in text_of(pilot)
        )
        assert (link.seen.by_itself, link.seen.cap) == (True, 50_000)


async def test_hurry() -> None:
    """u lets the report under the cursor go first, visibly; the cursor follows it; again takes it back."""
    home, link = door(WAITING, Activity(queue=THREE))
    async with showing(home) as pilot:
        await open_sync(pilot)
        await pilot.press("down", "down", "u")
        await wait_for(pilot, lambda: "‼ goes first: " in text_of(pilot))
        await pilot.press("u")
        await wait_for(pilot, lambda: "goes first" not in text_of(pilot))
        assert link.hurried == [(39, True), (39, False)]


@pytest.mark.parametrize("coordinator", [True, False])
async def test_pull_is_the_coordinators(coordinator: bool) -> None:
    """p fetches, from the list and from the screen, for those who read; for others it is not there."""
    home, link = door(replace(NOTHING, coordinator=coordinator))
    async with showing(home) as pilot:
        active = pilot.app.screen.active_bindings.values()
        offered = [one.binding.id for one in active if one.enabled]
        assert ("list.pull" in offered) is coordinator
        await pilot.press("p")
        await settle(pilot)
        assert isinstance(pilot.app.screen, SyncScreen) is coordinator
        if not coordinator:
            await open_sync(pilot)
        await pilot.press("p")
        assert link.begun == ([True, True] if coordinator else [])


async def test_nothing_can_be_sent_without_an_organisation() -> None:
    """What is no use is not offered."""
    home, link = door(replace(NOTHING, standing=Standing.NONE))
    async with showing(home) as pilot:
        await open_sync(pilot)
        await pilot.press("s", "p", "b", "l")
        await settle(pilot)
        assert (link.begun, link.seen.by_itself, link.seen.cap) == ([], False, 0)
        assert "s Send now" not in text_of(pilot)


async def test_trouble_is_told() -> None:
    """What the vault cannot say is no silence."""
    home, link = door(WAITING)
    link.trouble = Trouble("the disk could not be read", "check it")
    async with showing(home) as pilot:
        await open_sync(pilot)
        assert "The disk could not be read. Check it." in text_of(pilot)


async def test_nothing_is_left_after_a_lock() -> None:
    """Titles go, and nobody listens any more."""
    home, link = door(WAITING, Activity(queue=THREE))
    async with showing(home) as pilot:
        await open_sync(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, SyncScreen)
        queue, places = screen.query_one(LinkQueue), list(screen.query(Said))
        assert "Arrest campaign" in text_of(pilot)
        await pilot.press("f8")
        await pilot.pause()
        assert "Arrest campaign" not in text_of(pilot)
        assert link.told is None
        assert (screen._view, queue._shown, queue._lines) == (None, (), ())
        assert {place.words for place in places} == {""}


def test_silence_is_told_in_steps() -> None:
    """Nothing for the first seconds; then for how long, and that nothing hangs on it."""
    said = [" ".join(link_words.happens(NOTHING, RUNNING, still)) for still in (0, 4, 5, 9, 12)]
    assert [("No answer" in one) for one in said] == [False, False, True, True, True]
    assert "No answer for 5 s" in said[3] and "No answer for 10 s" in said[4]


def test_the_key_that_tries_again_is_the_one_that_was_pressed() -> None:
    """After a pull that failed it is p."""
    for pulling, key in ((True, "p"), (False, "s")):
        broken = replace(BROKEN, pulling=pulling, next_try=None)
        assert f"Press {key} to try again." in list(link_words.happens(NOTHING, broken))
