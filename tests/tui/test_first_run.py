"""From no vault to one: words, twice, and what follows; practice, and out of it again."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from fieldkit.tui.screens.first_run import FirstRunScreen, PracticeScreen
from fieldkit.tui.screens.joining import JoiningScreen
from fieldkit.tui.screens.new_vault import NewVaultScreen
from fieldkit.tui.screens.paper import PaperScreen
from fieldkit.tui.screens.records import RecordsScreen
from fieldkit.tui.screens.unlock import UnlockScreen
from fieldkit.tui.widgets.secret_field import SecretField
from tests.tui.desk import MemoryDoor
from tests.tui.entry_desk import WORDS
from tests.tui.showing import settle, showing, text_of, type_passphrase, wait_for

pytestmark = pytest.mark.anyio

SIX = " ".join(WORDS)


def none_yet(**changes: str) -> MemoryDoor:
    """A home without a vault."""
    return MemoryDoor(present=False, name="north-org", **changes)  # type: ignore[arg-type]


async def words_offered(pilot: Pilot[None]) -> None:
    """From the first screen to the words."""
    await pilot.press("enter")
    await wait_for(pilot, lambda: SIX in text_of(pilot))


async def test_first_screen(snapshot: SnapshotAssertion) -> None:
    """What there is to choose, and which home it is."""
    async with showing(none_yet(), unlock=False) as pilot:
        assert isinstance(pilot.app.screen, FirstRunScreen)
        assert text_of(pilot).splitlines()[0].startswith(" fieldkit · north-org")
        assert text_of(pilot) == snapshot


async def test_six_words(snapshot: SnapshotAssertion) -> None:
    """Typed once they are compared as they come; typed twice they make the vault, and are seen no more."""
    door = none_yet()
    async with showing(door, unlock=False) as pilot:
        await words_offered(pilot)
        assert text_of(pilot) == snapshot(name="offered")
        await pilot.press(*"lid", "space", *"coat")
        await pilot.pause()
        assert "2 of 6 words so far" in text_of(pilot)
        pilot.app.screen.query_one(SecretField).value = ""
        await type_passphrase(pilot, SIX)
        await wait_for(
            pilot, lambda: "once more" not in text_of(pilot) or "left the screen" in text_of(pilot)
        )
        await wait_for(pilot, lambda: "left the screen" in text_of(pilot))
        assert not any(word in text_of(pilot).split() for word in WORDS)
        assert text_of(pilot) == snapshot(name="again")
        assert door.made == []
        await type_passphrase(pilot, SIX)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, PaperScreen))
        assert door.made == [SIX]
        kinds = [type(screen) for screen in pilot.app.screen_stack[1:]]
        assert kinds == [RecordsScreen, JoiningScreen, PaperScreen]


@pytest.mark.parametrize(
    ("first", "second"),
    [("  ".join(WORDS), SIX), (SIX, f" {SIX.upper()} "), (SIX.title(), "   ".join(WORDS))],
)
async def test_six_words_in_any_spelling(first: str, second: str) -> None:
    """Blanks and capitals do not matter in the words that are offered: the vault opens with them as drawn."""
    door = none_yet()
    async with showing(door, unlock=False) as pilot:
        await words_offered(pilot)
        await type_passphrase(pilot, first)
        await wait_for(pilot, lambda: "left the screen" in text_of(pilot))
        await type_passphrase(pilot, second)
        await wait_for(pilot, lambda: door.made == [SIX])


async def test_in_one_of_ones_own_every_letter_counts() -> None:
    """One's own is taken as it was typed; another blank or capital is another passphrase, and told."""
    door = none_yet()
    async with showing(door, unlock=False) as pilot:
        await words_offered(pilot)
        for again in ("My  cat and twelve more", "my cat and twelve more", "My cat and twelve more "):
            await type_passphrase(pilot, "My cat and twelve more")
            await wait_for(pilot, lambda: "left the screen" in text_of(pilot))
            await type_passphrase(pilot, again)
            await wait_for(pilot, lambda: "each capital and each blank counts" in text_of(pilot))
        assert door.made == []


async def test_enter_without_a_word_says_what_is_missing() -> None:
    """The first time, the second time, and once more after that; nothing is made."""
    door = none_yet()
    async with showing(door, unlock=False) as pilot:
        await words_offered(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: "Nothing is typed yet. Type the six words above" in text_of(pilot))
        await type_passphrase(pilot, SIX)
        await wait_for(pilot, lambda: "left the screen" in text_of(pilot))
        assert "Nothing is typed yet" not in text_of(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: "Nothing is typed yet. Type the same passphrase" in text_of(pilot))
        assert "left the screen" in text_of(pilot) and door.made == []


async def test_two_that_differ() -> None:
    """Nothing is made, that is said and stays to be read, and the words are back."""
    door = none_yet()
    async with showing(door, unlock=False) as pilot:
        await words_offered(pilot)
        await type_passphrase(pilot, SIX)
        await wait_for(pilot, lambda: "left the screen" in text_of(pilot))
        await type_passphrase(pilot, "LID COAT")
        await settle(pilot)
        shown = text_of(pilot)
        assert "That was not the same. Nothing was made" in shown
        assert "Caps Lock" in shown
        assert WORDS[0] in shown.split()
        assert door.made == []


async def test_own_passphrase_is_judged(snapshot: SnapshotAssertion) -> None:
    """A weak one is not taken, and told why; a strong one is asked for again."""
    door = none_yet()
    async with showing(door, unlock=False) as pilot:
        await words_offered(pilot)
        await type_passphrase(pilot, "my cat")
        await wait_for(pilot, lambda: "Too weak (too short)" in text_of(pilot))
        assert text_of(pilot) == snapshot
        assert "my cat" not in text_of(pilot)
        assert pilot.app.screen.query_one(SecretField).value == ""
        await type_passphrase(pilot, "my cat and twelve more")
        await wait_for(pilot, lambda: "left the screen" in text_of(pilot))
        await type_passphrase(pilot, "my cat and twelve more")
        await wait_for(pilot, lambda: door.made == ["my cat and twelve more"])


async def test_nothing_stays_behind() -> None:
    """Whoever goes back leaves neither words nor what was typed."""
    async with showing(none_yet(), unlock=False) as pilot:
        await words_offered(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, NewVaultScreen)
        field = screen.query_one(SecretField)
        await pilot.press(*"secret")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, FirstRunScreen)
        assert (field.value, screen._words, screen._first) == ("", (), None)


async def test_home_where_none_can_be_made() -> None:
    """That is said before anything is asked, and no passphrase is."""
    door = none_yet(hindrance="the folder is open to others; chmod 700")
    async with showing(door, unlock=False) as pilot:
        assert "No vault can be made here: the folder is open to others" in text_of(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, FirstRunScreen)


async def test_a_fault_while_it_is_made() -> None:
    """It is told, and nothing looks made."""
    door = none_yet()
    async with showing(door, unlock=False) as pilot:
        await words_offered(pilot)
        await type_passphrase(pilot, SIX)
        await wait_for(pilot, lambda: "left the screen" in text_of(pilot))
        door.hindrance = "the disk is full"
        await type_passphrase(pilot, SIX)
        await wait_for(pilot, lambda: "The disk is full. Choose another folder." in text_of(pilot))
        assert isinstance(pilot.app.screen, NewVaultScreen)
        assert not pilot.app.screen.query_one(SecretField).disabled


async def practising(pilot: Pilot[None]) -> None:
    """From the first screen into practice."""
    await pilot.press("down", "enter")
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, PracticeScreen))
    await settle(pilot)


async def test_practice(snapshot: SnapshotAssertion) -> None:
    """Each of its screens says so in the first line: before it, in it, locked."""
    door = none_yet()
    async with showing(door, unlock=False) as pilot:
        await practising(pilot)
        assert text_of(pilot) == snapshot(name="before")
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
        await settle(pilot)
        assert text_of(pilot) == snapshot(name="list")
        for keys in (["f1"], ["f1", "f8"]):
            assert "PRACTICE" in text_of(pilot).splitlines()[0]
            await pilot.press(*keys)
            await settle(pilot)
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, UnlockScreen))
        assert text_of(pilot) == snapshot(name="locked")
        assert door.made == []
        assert door.rehearsal().made == [""]


async def choose(pilot: Pilot[None], words: str) -> None:
    """A command of the palette."""
    await pilot.press("ctrl+p", *("space" if letter == " " else letter for letter in words), "enter")
    await settle(pilot)


async def test_leaving_practice() -> None:
    """The vault is closed and the real home is there again, untouched."""
    door = none_yet()
    async with showing(door, unlock=False) as pilot:
        await practising(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
        await choose(pilot, "leave it")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, FirstRunScreen))
        assert door.rehearsal().desk.locked == 1
        assert "PRACTICE" not in text_of(pilot)
        assert door.rehearsal().present


async def test_throwing_practice_away() -> None:
    """It is closed first, then it is gone, and the real home is there."""
    door = none_yet()
    async with showing(door, unlock=False) as pilot:
        await practising(pilot)
        await pilot.press("enter")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, RecordsScreen))
        await choose(pilot, "throw it")
        await wait_for(pilot, lambda: isinstance(pilot.app.screen, FirstRunScreen))
        rehearsal = door.rehearsal()
        assert (rehearsal.desk.locked, rehearsal.thrown, rehearsal.present) == (1, 1, False)
        assert door.thrown == 0


async def test_a_real_vault_offers_no_throwing_away() -> None:
    """In the palette of a real vault there is nothing of practice."""
    async with showing(MemoryDoor()) as pilot:
        await pilot.press("ctrl+p", *"practice")
        await pilot.pause()
        assert "throw it away" not in text_of(pilot)
        await pilot.press("escape")
        await pilot.app.run_action("throw_away")
        assert isinstance(pilot.app.screen, RecordsScreen)
