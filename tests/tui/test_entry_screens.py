"""Joining, recovery words, and what is told after a crash."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.pilot import Pilot

from fieldkit.tui.ports.entry import Recovered, SavedDraft
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.joining import JoiningScreen
from fieldkit.tui.screens.paper import PaperScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.recovered import RecoveredScreen, moment
from fieldkit.tui.screens.unlock import UnlockScreen
from fieldkit.tui.widgets.invite_field import InviteField
from fieldkit.tui.widgets.secret_field import PaperField
from tests.tui.desk import PASSPHRASE, MemoryDesk, MemoryDoor
from tests.tui.entry_desk import FINGERPRINT, INVITE, PAPER, MemoryEntry, member
from tests.tui.showing import settle, showing, text_of, type_passphrase, wait_for

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def on(entry: MemoryEntry, action: str) -> AsyncIterator[Pilot[None]]:
    """The screen that an action of the palette shows, over the list."""
    async with showing(MemoryDoor(desk=MemoryDesk(entry=entry))) as pilot:
        await pilot.app.run_action(action)
        await settle(pilot)
        yield pilot


async def paste(pilot: Pilot[None], text: str) -> None:
    """As a terminal hands over what is pasted."""
    pilot.app.screen.query_one(InviteField).post_message(events.Paste(text))
    await pilot.pause()


async def until(pilot: Pilot[None], *texts: str) -> str:
    """The screen once it shows all of these."""
    await wait_for(pilot, lambda: all(text in text_of(pilot) for text in texts))
    return text_of(pilot)


async def test_joining(snapshot: SnapshotAssertion) -> None:
    """A pasted invite, the words to compare, a pseudonym; then the organisation."""
    entry = MemoryEntry()
    async with on(entry, "join") as pilot:
        assert text_of(pilot) == snapshot(name="asked")
        await paste(pilot, INVITE)
        await pilot.press("enter")
        shown = await until(pilot, *FINGERPRINT, "Nothing has been sent yet")
        assert shown == snapshot(name="looked at")
        assert entry.joined is None
        await pilot.press(*"nort", "enter")
        assert await until(pilot, "You are called nort") == snapshot(name="joined")
        assert entry.pseudonyms == ["nort"]
        assert "Esc Close" in text_of(pilot) and "Not now" not in text_of(pilot)
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))


BROKEN = [
    lambda text: "\n".join(text[start : start + 40] for start in range(0, len(text), 40)),
    lambda text: f"  {text[:70]}\r\n  {text[70:]}\r\n",
    lambda text: f"\n\n{text}\n",
]


@pytest.mark.parametrize("broken", BROKEN, ids=["lines", "indented", "blank lines"])
async def test_a_paste_in_several_lines(broken: Callable[[str], str]) -> None:
    """However a message program broke it, it is one invite."""
    async with on(MemoryEntry(), "join") as pilot:
        await paste(pilot, broken(INVITE))
        await pilot.press("enter")
        await until(pilot, *FINGERPRINT)


async def test_a_terminal_that_types_what_is_pasted() -> None:
    """Without bracketed paste each line ends with Enter: what came stays, and the rest goes behind it."""
    async with on(MemoryEntry(), "join") as pilot:
        for part in (INVITE[:60], INVITE[60:]):
            await pilot.press(*part, "enter")
            await settle(pilot)
        await until(pilot, *FINGERPRINT)


async def test_an_invite_that_is_cut() -> None:
    """That is told, with how much came; nothing is lost of it."""
    async with on(MemoryEntry(), "join") as pilot:
        await paste(pilot, INVITE[:60])
        await pilot.press("enter")
        await until(pilot, "The invite was mistyped or cut. Copy it again, whole.", "So far 60 characters")
        assert pilot.app.screen.query_one(InviteField).value == INVITE[:60]
        await paste(pilot, INVITE[60:])
        await pilot.press("enter")
        await until(pilot, *FINGERPRINT)


@pytest.mark.parametrize("wrong", [INVITE.replace("Ab3", "Ba3", 1), "/stick/none", "kfi1.x"])
async def test_a_whole_invite_takes_the_place_of_what_was_refused(wrong: str) -> None:
    """Whoever pastes it again need not empty the field first."""
    async with on(MemoryEntry(), "join") as pilot:
        await paste(pilot, wrong)
        await pilot.press("enter")
        await wait_for(pilot, lambda: "opy it again" in text_of(pilot) or "No such file" in text_of(pilot))
        await paste(pilot, INVITE)
        assert pilot.app.screen.query_one(InviteField).value == INVITE
        await pilot.press("enter")
        await until(pilot, *FINGERPRINT)


async def test_a_whole_invite_typed_behind_a_wrong_one() -> None:
    """Also where the terminal types what is pasted; a path may hold such letters and stays whole."""
    async with on(MemoryEntry(), "join") as pilot:
        field = pilot.app.screen.query_one(InviteField)
        await pilot.press(*"fki1.Ba3", "enter")
        await until(pilot, "takes the place of this one")
        await pilot.press(*INVITE)
        assert field.value == INVITE
        field.value = "/stick/fki1.txt"
        assert field.value == "/stick/fki1.txt"


async def test_an_invite_in_a_file() -> None:
    """A path is read; one that is not there is told."""
    entry = MemoryEntry(files={"/stick/invite.txt": INVITE})
    async with on(entry, "join") as pilot:
        await paste(pilot, "/stick/none")
        await pilot.press("enter")
        await until(pilot, "/stick/none: No such file or directory")
        pilot.app.screen.query_one(InviteField).value = "/stick/invite.txt"
        await pilot.press("enter")
        await until(pilot, *FINGERPRINT)


async def test_words_that_differ() -> None:
    """Esc on what the invite says joins nothing and empties the field."""
    entry = MemoryEntry()
    async with on(entry, "join") as pilot:
        await paste(pilot, INVITE)
        await pilot.press("enter")
        await until(pilot, *FINGERPRINT)
        await pilot.press("escape")
        await until(pilot, "Paste or type")
        assert pilot.app.screen.query_one(InviteField).value == ""
        assert entry.joined is None


async def test_no_link() -> None:
    """It is told, nothing has changed, and the same Enter tries again."""
    entry = MemoryEntry(broken=Trouble("the server does not answer", "try again later"))
    async with on(entry, "join") as pilot:
        await paste(pilot, INVITE)
        await pilot.press("enter")
        await until(pilot, *FINGERPRINT)
        await pilot.press("enter")
        await until(pilot, "The server does not answer. Try again later.", *FINGERPRINT)
        assert entry.joined is None
        entry.broken = None
        await pilot.press("enter")
        await until(pilot, "You are called reporter-1a2b")


async def test_without_a_link_the_invite_is_kept() -> None:
    """It says so, now and whenever the screen is opened; Enter goes on, another may be pasted."""
    entry = MemoryEntry(no_link=True)
    async with on(entry, "join") as pilot:
        await paste(pilot, INVITE)
        await pilot.press("enter")
        await until(pilot, *FINGERPRINT)
        await pilot.press("enter")
        shown = await until(pilot, "could not be reached", "is kept in this vault", *FINGERPRINT)
        assert "You are called" not in shown and entry.joined is None
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
    async with on(entry, "join") as pilot:
        await until(pilot, "is kept in this vault", *FINGERPRINT)
        entry.no_link = False
        await paste(pilot, INVITE)
        await pilot.press("enter")
        await until(pilot, "Nothing has been sent yet")
        await pilot.press("enter")
        await until(pilot, "You are called reporter-1a2b")


async def test_who_has_just_joined_is_made_known() -> None:
    """The exchange that tells the server begins by itself; looking at the organisation later begins none."""
    desk = MemoryDesk(entry=MemoryEntry())
    async with showing(MemoryDoor(desk=desk)) as pilot:
        pilot.app.action_join()  # type: ignore[attr-defined]
        await pilot.pause()
        await paste(pilot, INVITE)
        await pilot.press("enter")
        await until(pilot, *FINGERPRINT)
        await pilot.press("enter")
        await until(pilot, "Telling the server goes on")
        await wait_for(pilot, lambda: desk.link.begun == [False])
        await pilot.press("enter")
        pilot.app.action_join()  # type: ignore[attr-defined]
        await until(pilot, "has not confirmed the join yet")
        assert desk.link.begun == [False]


@pytest.mark.parametrize("taken", [False, True])
async def test_the_organisation_can_be_seen_again(taken: bool) -> None:
    """Its words are there at any time; another invite is asked for only while the server took none."""
    async with on(MemoryEntry(joined=member(taken=taken)), "join") as pilot:
        shown = await until(pilot, *FINGERPRINT)
        assert ("has not confirmed the join yet" in shown) is not taken
        assert pilot.app.screen.query_one(InviteField).display is not taken
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))


async def test_the_invite_does_not_stay_behind() -> None:
    """Whoever locks in the middle leaves nothing of it."""
    async with on(MemoryEntry(), "join") as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, JoiningScreen)
        field = screen.query_one(InviteField)
        await paste(pilot, INVITE)
        await pilot.press("f8")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, UnlockScreen))
        assert (field.value, screen._invite) == ("", "")


async def test_recovery_words(snapshot: SnapshotAssertion) -> None:
    """Offered, shown, hidden, asked back; they open nothing before both were right."""
    entry = MemoryEntry()
    async with on(entry, "paper") as pilot:
        assert text_of(pilot) == snapshot(name="offered")
        await pilot.press("enter")
        assert await until(pilot, *PAPER) == snapshot(name="shown")
        await pilot.press("enter")
        shown = await until(pilot, "Word number 4")
        assert not any(word in shown for word in PAPER)
        await type_passphrase(pilot, PAPER[4])
        await until(pilot, "That is not word 4")
        await pilot.press("enter")
        await until(pilot, "No word was typed. Word number 4")
        await type_passphrase(pilot, PAPER[3].upper())
        await until(pilot, "Word number 11")
        assert entry.kept == []
        await type_passphrase(pilot, PAPER[10])
        assert await until(pilot, "open this vault from now on") == snapshot(name="kept")
        assert entry.kept == [PAPER]
        assert "Esc Close" in text_of(pilot) and "Not now" not in text_of(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))


async def test_recovery_words_can_be_left() -> None:
    """At the offer, and while they are shown: nothing has changed. While they are asked, they come back."""
    for steps, gone in ((0, True), (1, True), (2, False)):
        entry = MemoryEntry()
        async with on(entry, "paper") as pilot:
            screen = pilot.app.screen
            assert isinstance(screen, PaperScreen)
            await pilot.press(*["enter"] * steps)
            await settle(pilot)
            assert ("Esc Not now" if gone else "Esc Back") in text_of(pilot)
            await pilot.press("escape")
            await settle(pilot)
            assert (pilot.app.screen is not screen) is gone
            assert all(word in text_of(pilot) for word in PAPER) is not gone
            assert entry.kept == []


async def test_recovery_words_that_could_not_be_kept() -> None:
    """That is told, and nobody believes in a paper that opens nothing."""
    entry = MemoryEntry(broken=Trouble("the disk is full", "make room"))
    async with on(entry, "paper") as pilot:
        await pilot.press("enter")
        await until(pilot, *PAPER)
        await pilot.press("enter")
        await type_passphrase(pilot, PAPER[3])
        await until(pilot, "Word number 11")
        await type_passphrase(pilot, PAPER[10])
        shown = await until(pilot, "The disk is full. Make room.")
        assert "from now on" not in shown


async def test_recovery_words_do_not_stay_behind() -> None:
    """A lock in the middle leaves neither the words nor what was typed."""
    async with on(MemoryEntry(), "paper") as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, PaperScreen)
        field = screen.query_one(PaperField)
        await pilot.press("enter", "enter", *"word")
        await pilot.press("f8")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, UnlockScreen))
        assert (screen._paper, field.value) == (None, "")


SAVED = 1_790_000_067


def left(more: int = 0) -> Recovered:
    """Two drafts that a crash left."""
    drafts = (
        SavedDraft(number=42, title="Artillery shelling [red]مارع", saved=SAVED, words=120, answers=14),
        SavedDraft(number=43, title="", saved=SAVED - 60, words=1, answers=1),
    )
    return Recovered(opened=SAVED - 600, drafts=drafts, more=more)


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Clocks here read UTC."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("utc")
async def test_after_a_crash(snapshot: SnapshotAssertion) -> None:
    """What is there, of which report, until which second; told once it was read."""
    entry = MemoryEntry(recovered=left(more=3))
    door = MemoryDoor(desk=MemoryDesk(entry=entry))
    async with showing(door, unlock=False) as pilot:
        await type_passphrase(pilot, PASSPHRASE)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecoveredScreen))
        await settle(pilot)
        assert text_of(pilot) == snapshot
        assert entry.was_told == 0
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
        await settle(pilot)
        assert entry.was_told == 1


async def test_a_lock_before_it_was_read_tells_it_again() -> None:
    """It counts as read when somebody said so."""
    entry = MemoryEntry(recovered=left())
    async with showing(MemoryDoor(desk=MemoryDesk(entry=entry)), unlock=False) as pilot:
        await type_passphrase(pilot, PASSPHRASE)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecoveredScreen))
        screen = pilot.app.screen
        await pilot.press("f8")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, UnlockScreen))
        assert entry.was_told == 0
        assert screen._found is None  # type: ignore[attr-defined]


async def test_nothing_is_said_after_a_good_end() -> None:
    """The list comes at once."""
    async with showing(MemoryDoor()) as pilot:
        assert isinstance(pilot.app.screen, RecordsScreen)
        assert len(pilot.app.screen_stack) == 2


async def test_a_fault_of_the_screens_is_no_good_end() -> None:
    """When they end by a fault, the vault is told so."""
    for fault in (None, ValueError("x")):
        door = MemoryDoor()
        async with showing(door) as pilot:
            pilot.app.crash = fault  # type: ignore[attr-defined]
        assert door.desk.orderly is (fault is None)


@pytest.mark.usefixtures("utc")
def test_moments() -> None:
    """To the second; the day only when it is another."""
    today = time.localtime(SAVED)
    assert moment(SAVED, today) == "today at 14:14:27"
    assert moment(SAVED - 400 * 86_400, today) == "on 17 August 2025 at 14:14:27"
    assert moment(SAVED - 365 * 86_400, today).startswith("on 21 September 2025")
