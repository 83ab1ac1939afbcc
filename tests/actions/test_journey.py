"""The whole journey over the real server: processes, sockets, TLS."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.actions import capture, enrol, exchange, publish, records, status
from fieldkit.actions.session import Session
from fieldkit.demo.data.sample import campaign, mare
from fieldkit.demo.data.synthetic import synthetic
from tests.actions.world import Template
from tests.support.server import RealServer, start_server

pytestmark = pytest.mark.apart

EXTRA = 4


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    """A running server."""
    running = start_server(tmp_path)
    yield running
    running.stop()


def test_journey(server: RealServer, template: Template, tmp_path: Path) -> None:
    """Found, invite, join, report, sync, pull, acknowledge, a second coordinator, export."""
    first, north, second = (Session(vault=template.copy(tmp_path / name)) for name in ("c1", "r", "c2"))
    with first, north, second:
        enrol.create_organisation(first, "Test Watch", server.ticket_text())
        text = enrol.invite(first, "reporter", "north-7").text
        exchange.sync(first)
        enrol.join(north, text, pseudonym="north-7")
        count = write_reports(north)

        sent = exchange.sync(north)
        assert (sent.waiting_frames, sent.confirmed_frames) == (0, sent.sent_frames)
        assert status.status(north).received == count

        pulled = exchange.pull(first)
        assert (pulled.certified, pulled.incidents_new, pulled.refused) == (("north-7",), count, 0)
        assert exchange.sync(north).delivered_now == count
        assert {line.glyph for line in records.list_records(north)} == {"✓✓"}

        text = enrol.invite(first, "coordinator", "south").text
        exchange.sync(first)
        enrol.join(second, text)
        exchange.sync(second)
        assert exchange.sync(first).granted == ("south",)
        late = exchange.pull(second)
        assert (late.incidents_new, late.awaiting_key, late.gaps, late.forks) == (count, 0, (), ())

        for kind in publish.FORMATS:
            told = publish.export(second, kind, tmp_path / f"out.{kind}")
            assert told.incidents + told.left_out == count
        exchange.sync(north)
        idle = exchange.sync(north)
        assert (idle.requests, idle.sent_frames) == (1, 0)
        for session in (first, north, second):
            findings = status.doctor(session.vault.home.folder, session)
            assert {finding.level for finding in findings} == {"ok"}
    kept = b"".join(path.read_bytes() for path in server.folder.rglob("*") if path.is_file())
    assert b"north-7" not in kept and b"Aleppo" not in kept


def write_reports(session: Session) -> int:
    """The sample's two reports, linked, and a few synthetic ones; how many."""
    told = campaign()
    first = capture.finish(session, str(capture.new_draft(session, told.answers).number))
    others = [mare(first.incident), *synthetic(int.from_bytes(os.urandom(2), "big"), EXTRA)]
    for other in others:
        capture.finish(session, str(capture.new_draft(session, other.answers).number))
    return 1 + len(others)
