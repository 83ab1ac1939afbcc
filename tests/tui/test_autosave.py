"""What is written reaches the vault, and what is said of it is true at every moment (R7)."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from fieldkit.forms.views import Snapshot
from fieldkit.tui import autosave
from fieldkit.tui.autosave import Autosave, Kept, Standing
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.ports.writing import KeptApart
from fieldkit.tui.widgets.saved_mark import in_words

pytestmark = pytest.mark.anyio

FULL = Trouble("the disk is full", "make room on it")
PATIENCE_TURNS = 500


@dataclass
class Vault:
    """Stores, unless it cannot; may be held in the middle of it."""

    trouble: Exception | None = None
    numbers: list[int] = field(default_factory=list)
    stamps: list[int] = field(default_factory=list)
    begun: int = 0
    going: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.going.set()

    def store(self, number: int, snapshot: Snapshot) -> int:
        """Store a draft."""
        self.begun += 1
        self.going.wait()
        if self.trouble is not None:
            raise self.trouble
        self.numbers.append(number)
        self.stamps.append(snapshot.stamp)
        return 1_790_000_000 + snapshot.stamp


@dataclass
class Desk:
    """One draft that changes, an autosave of it, and what it told."""

    vault: Vault
    pilot: Pilot[None]
    store_after: float = 0.0
    stamp: int = 0
    told: list[Standing] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keeper = Autosave(
            stores=self.vault,
            number=7,
            snapshot=lambda: Snapshot(answers={}, stamp=self.stamp),
            owner=self.pilot.app.query_one(Static),
            tell=self.told.append,
            store_after=self.store_after,
        )

    def write(self) -> None:
        """One more letter."""
        self.stamp += 1
        self.keeper.changed()

    async def until(self, ready: Callable[[], bool]) -> None:
        """Let the loop turn until something is so."""
        for _ in range(PATIENCE_TURNS):
            if ready():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(self.told)


class Bare(App[None]):
    """A program with one widget."""

    def compose(self):  # type: ignore[no-untyped-def]
        """The widget."""
        yield Static("")


@asynccontextmanager
async def writing(vault: Vault, *, store_after: float = 0.0) -> AsyncIterator[Desk]:
    """A draft being written."""
    async with Bare().run_test() as pilot:
        yield Desk(vault=vault, pilot=pilot, store_after=store_after)


async def test_saved_is_said_only_after_the_commit() -> None:
    """While the disk works the mark says writing; saved comes with the time of the commit."""
    vault = Vault()
    async with writing(vault) as desk:
        assert desk.keeper.standing == Standing(kept=Kept.SAVED)
        vault.going.clear()
        desk.write()
        await desk.until(lambda: vault.begun == 1)
        assert {standing.kept for standing in desk.told} == {Kept.WRITING}
        vault.going.set()
        await desk.until(lambda: desk.keeper.standing.kept is Kept.SAVED)
        assert desk.told[-1] == Standing(kept=Kept.SAVED, when=1_790_000_001)


async def test_what_comes_meanwhile_is_stored_next() -> None:
    """Letters typed while a store is under way are not called saved by its end, and go next."""
    vault = Vault()
    async with writing(vault) as desk:
        vault.going.clear()
        desk.write()
        await desk.until(lambda: vault.begun == 1)
        desk.write()
        desk.write()
        vault.going.set()
        await desk.until(lambda: vault.stamps == [1, 3])
        await desk.until(lambda: desk.keeper.standing.kept is Kept.SAVED)
        said = [standing.kept for standing in desk.told]
        assert said.index(Kept.SAVED) == len(said) - 1


async def test_many_letters_are_one_store() -> None:
    """The second runs from the first unsaved letter, and everything typed in it is stored together."""
    vault = Vault()
    async with writing(vault, store_after=0.2) as desk:
        for _ in range(9):
            desk.write()
        await desk.until(lambda: bool(vault.stamps))
        assert vault.stamps == [9]
    assert autosave.STORE_AFTER_SECONDS < 1


@pytest.mark.parametrize("fault", [FULL, OSError("gone")], ids=["expected", "unexpected"])
async def test_failure_is_told_and_tried_again(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is called saved, the words stay, and once it can be stored it is, by itself."""
    monkeypatch.setattr(autosave, "AGAIN_AFTER_SECONDS", 0.01)
    vault = Vault(trouble=fault)
    async with writing(vault) as desk:
        desk.write()
        await desk.until(lambda: vault.begun >= 2)
        assert desk.keeper.standing.kept is Kept.FAILED
        assert desk.keeper.standing.why
        assert not await desk.keeper.settled()
        vault.trouble = None
        await desk.until(lambda: desk.keeper.standing.kept is Kept.SAVED)
        assert vault.stamps == [1]


async def test_settled_waits_for_the_commit() -> None:
    """It does not wait for the second to pass, and is true only when everything is stored."""
    vault = Vault()
    async with writing(vault, store_after=60.0) as desk:
        assert await desk.keeper.settled()
        desk.write()
        assert await desk.keeper.settled()
        assert vault.stamps == [1]


async def test_closing_stores_at_once() -> None:
    """Without a turn of the loop; after it nothing more is stored, and closing again does nothing."""
    vault = Vault()
    async with writing(vault, store_after=60.0) as desk:
        desk.write()
        desk.keeper.close()
        assert vault.stamps == [1]
        desk.write()
        desk.keeper.close()
        await desk.pilot.pause(0.05)
        assert vault.stamps == [1, 2]
        desk.keeper.close()
        assert vault.begun == 2


async def test_closing_waits_for_a_store_under_way() -> None:
    """Two stores never run side by side."""
    vault = Vault()
    async with writing(vault) as desk:
        vault.going.clear()
        desk.write()
        await desk.until(lambda: vault.begun == 1)
        desk.write()
        threading.Timer(0.05, vault.going.set).start()
        desk.keeper.close()
        assert vault.stamps == [1, 2]


async def test_closing_that_fails_says_so() -> None:
    """Whoever closes learns that words are left."""
    async with writing(Vault(trouble=FULL), store_after=60.0) as desk:
        desk.write()
        with pytest.raises(Trouble, match="disk is full"):
            desk.keeper.close()


async def test_kept_apart_goes_on_there() -> None:
    """What was changed elsewhere is not written over: it is stored in another report, told, and goes on."""
    apart = KeptApart("report 7 was changed elsewhere", "compare", number=9, when=1_790_000_005)
    vault = Vault(trouble=apart)
    async with writing(vault) as desk:
        desk.write()
        await desk.until(lambda: desk.keeper.standing.apart is not None)
        assert desk.keeper.standing == Standing(kept=Kept.SAVED, when=1_790_000_005, apart=apart)
        vault.trouble = None
        desk.write()
        await desk.until(lambda: bool(vault.numbers))
        assert vault.numbers == [9]


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(kept=Kept.SAVED), "saved"),
        (Standing(kept=Kept.SAVED, when=1_790_000_000), "saved 14:13:20"),
        (Standing(kept=Kept.WRITING, when=1_790_000_000), "writing…"),
        (
            Standing(kept=Kept.FAILED, why="the disk is full", todo="make room on it"),
            "NOT SAVED: the disk is full. Make room on it.",
        ),
        (Standing(kept=Kept.FAILED, why="the disk is full"), "NOT SAVED: the disk is full."),
    ],
)
def test_words(standing: Standing, words: str, utc: None) -> None:
    """The mark's words, by this laptop's clock."""
    assert in_words(standing) == words
