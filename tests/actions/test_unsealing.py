"""A page is opened before the vault is held, and what its size is changes nothing."""

from __future__ import annotations

from functools import partial

import pytest

from fieldkit.actions import capture, exchange, records, unsealing
from fieldkit.actions.reading import Reader, Tally
from fieldkit.actions.session import Session
from fieldkit.actions.trust import Trust
from fieldkit.actions.unsealing import Arrival, Heard, Unsealer
from fieldkit.actions.verifying import Signatures
from fieldkit.vault.inbox import Entry, EntryState, Inbox
from fieldkit.vault.revisions import Revisions
from sync.protocol.ids import ADMIN, MAIN, SOURCES
from tests.actions.world import SOURCED, World, report

REPORTS = 5


def pulled_unread(first: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything comes and is stored; nothing of it is read yet."""
    with monkeypatch.context() as patch:
        patch.setattr(Reader, "read", lambda self, lanes: Tally())
        exchange.pull(first)


def test_nothing_is_held_while_a_page_is_opened(
    world: World, first: Session, reporter: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever saves a report meanwhile waits for the storing alone; the admin lane goes as one."""
    for number in range(REPORTS):
        report(reporter, SOURCED, title=f"Report {number}")
    exchange.sync(reporter)
    pulled_unread(first, monkeypatch)
    connection = first.vault._database._connection
    opened: set[tuple[int, bool]] = set()
    kept: list[tuple[int, bool]] = []
    verified, keep_firsts = Unsealer.verified, Revisions.keep_firsts

    def looked(self: Unsealer, arrival: Arrival, signatures: Signatures) -> Heard | None:
        opened.add((arrival.chain.lane, connection.in_transaction))
        return verified(self, arrival, signatures)

    def stored(self: Revisions, arrived: list[object], *, now: int) -> int:
        kept.append((len(arrived), connection.in_transaction))
        return keep_firsts(self, arrived, now=now)  # type: ignore[arg-type]

    monkeypatch.setattr(Unsealer, "verified", looked)
    monkeypatch.setattr(Revisions, "keep_firsts", stored)
    assert Reader(first, Trust(first)).read([ADMIN, MAIN, SOURCES]).incidents_new == REPORTS
    assert opened == {(MAIN, False), (SOURCES, False), (ADMIN, True)}
    assert kept == [(REPORTS, True)]


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_the_size_of_a_page_changes_nothing(
    world: World, first: Session, reporter: Session, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """An epoch and its records on one page or on several; a change, a part and a withdrawal among reports."""
    monkeypatch.setattr(unsealing, "READERS_KEPT", 0)
    monkeypatch.setattr(Inbox, "entries", partial_entries(size))
    report(reporter, SOURCED)
    report(reporter, title="Taken back")
    for number in range(REPORTS):
        report(reporter, title=f"Report {number}")
    capture.withdraw(reporter, "2", "a mistake")
    exchange.sync(reporter)
    pulled = exchange.pull(first)
    assert (pulled.incidents_new, pulled.refused, pulled.awaiting_key) == (REPORTS + 2, 0, 0)
    assert pulled.records_verified == REPORTS + 4
    assert first.vault.evidence.all() == [] and pulled.gaps == ()
    lines = {line.title: line for line in records.list_records(first)}
    assert [title for title, line in lines.items() if line.state == "withdrawn"] == ["Taken back"]
    numbers = [lines[f"Report {number}"].number for number in range(REPORTS)]
    assert numbers == sorted(numbers)
    exchange.sync(reporter)
    assert all(line.glyph == "✓✓" for line in records.list_records(reporter) if line.state != "withdrawn")


def partial_entries(size: int) -> object:
    """`Inbox.entries` with pages of this size."""
    real = Inbox.entries

    def entries(self: Inbox, lane: int, state: EntryState, *, after: int = 0) -> list[Entry]:
        return partial(real, limit=size)(self, lane, state, after=after)  # type: ignore[arg-type]

    return entries
