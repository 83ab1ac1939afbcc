"""Capture and review on a real vault: what is shown is what is signed, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.pilot import Pilot

from fieldkit.actions import writing
from fieldkit.actions.session import Session
from fieldkit.tui.desks.writing import VaultWriting
from fieldkit.tui.screens.capture import CaptureScreen
from fieldkit.tui.screens.form import FormScreen
from fieldkit.tui.screens.review import Outcome, ReviewScreen
from tests.actions.world import Template, World
from tests.tui.alone import Alone, alone
from tests.tui.showing import settle, text_of, wait_for

if TYPE_CHECKING:
    from fieldkit.tui.ports.door import Desk

pytestmark = pytest.mark.anyio


@dataclass
class OnlyWriting:
    """A desk of which only the writing is used."""

    writing: VaultWriting


@pytest.fixture
def reporter(tmp_path: Path) -> Iterator[Session]:
    """A certified reporter."""
    world = World(tmp_path, Template.make(tmp_path / "template"))
    yield world.reporter(world.founder())
    world.close()


def desk(session: Session) -> Desk:
    """As the screens take it."""
    return OnlyWriting(writing=VaultWriting(session))  # type: ignore[return-value]


async def press(pilot: object, *keys: str) -> None:
    """Each key, and what it asks for."""
    for key in keys:
        await pilot.press(key)  # type: ignore[attr-defined]
        await settle(pilot)  # type: ignore[arg-type]


async def test_captured_looked_over_and_signed(reporter: Session) -> None:
    """From the first letter to a report that waits: every word is in the vault, and is what is signed."""
    async with alone(CaptureScreen(desk(reporter))) as pilot:
        await pilot.press(*"Shots", "enter", *"2026-08", "enter", *"Aleppo", "tab", "tab", *"Two", "escape")
        await settle(pilot)
        assert isinstance(pilot.app, Alone)
        (number,) = pilot.app.results
    assert isinstance(number, int)
    opened = writing.open_report(reporter, str(number)).writer
    assert opened.snapshot().answers == {
        "title": "Shots",
        "start": ["2026-08"],
        "gov": "Aleppo",
        "narrative": "Two",
    }
    opened.write(("kind",), ["arrest"])
    opened.write(("urgency",), "life")
    writing.store(reporter, number, opened.snapshot())
    async with alone(ReviewScreen(desk(reporter), number)) as pilot:
        assert "URGENT: Life at risk now" in text_of(pilot) and "READY" in text_of(pilot)
        await press(pilot, "f9")
        assert reporter.vault.drafts.has(number)
        await press(pilot, "f9")
        assert "FINISHED AND SIGNED" in text_of(pilot) and not reporter.vault.drafts.has(number)
        await press(pilot, "escape")
        assert isinstance(pilot.app, Alone) and pilot.app.results == [Outcome(finished=True)]
    line = reporter.vault.records.line(number)
    assert line.state.value == "waiting"


async def test_what_was_changed_since_is_not_signed(reporter: Session) -> None:
    """Another window wrote on after the review: nothing is signed before it is looked over again."""
    filled = {"title": "One", "kind": "arrest", "start": "2026", "gov": "Aleppo", "narrative": "n"}
    draft = writing.begin(reporter, filled)
    async with alone(ReviewScreen(desk(reporter), draft.number)) as pilot:
        await press(pilot, "f9")
        draft.writer.write(("title",), "Two")
        writing.store(reporter, draft.number, draft.writer.snapshot())
        await press(pilot, "f9")
        assert "Nothing was signed." in text_of(pilot) and "Title: Two" in text_of(pilot)
        assert reporter.vault.drafts.has(draft.number)


async def test_nothing_typed_leaves_nothing_in_the_vault(reporter: Session) -> None:
    """Esc at once: no draft is left in the list."""
    async with alone(CaptureScreen(desk(reporter))) as pilot:
        await press(pilot, "escape")
        assert isinstance(pilot.app, Alone) and pilot.app.results == [None]
    assert reporter.vault.records.counts().drafts == 0


@pytest.fixture
def finished(reporter: Session) -> int:
    """The number of a finished report."""
    filled = {"title": "One", "kind": "arrest", "start": "2026", "gov": "Aleppo", "narrative": "n"}
    return writing.finish(reporter, writing.begin(reporter, filled).number).number


async def opened(pilot: Pilot[None]) -> None:
    """Wait until the form shows its first page."""
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_open)


async def test_a_look_at_a_finished_report_leaves_nothing(reporter: Session, finished: int) -> None:
    """Opened for a change, Finish pressed twice, left: it says that there is nothing to sign, and there is
    neither a draft nor a revision.
    """
    async with alone(FormScreen(desk(reporter), finished)) as pilot:
        await opened(pilot)
        assert not reporter.vault.drafts.has(finished)
        await press(pilot, "f9")
        await wait_for(pilot, lambda: "NOTHING WAS CHANGED" in text_of(pilot))
        await press(pilot, "f9", "f9", "escape", "escape")
        await wait_for(pilot, lambda: isinstance(pilot.app, Alone) and len(pilot.app.results) == 1)
    line = reporter.vault.records.line(finished)
    assert line.incident is not None and not line.has_draft
    assert len(reporter.vault.revisions.of_incident(line.incident)) == 1


@pytest.mark.parametrize("back", [True, False])
async def test_a_change_taken_back_leaves_nothing(reporter: Session, finished: int, back: bool) -> None:
    """A letter typed is in the vault as a draft; taken back again, no draft is left. The control keeps it."""
    async with alone(FormScreen(desk(reporter), finished)) as pilot:
        await opened(pilot)
        await press(pilot, "end", "x", "f2")
        await wait_for(pilot, lambda: reporter.vault.drafts.has(finished))
        await press(pilot, *(("ctrl+z", "f2") if back else ()), "escape")
        await wait_for(pilot, lambda: isinstance(pilot.app, Alone) and len(pilot.app.results) == 1)
    assert reporter.vault.drafts.has(finished) is not back
