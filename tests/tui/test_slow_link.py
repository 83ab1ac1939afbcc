"""Over a real server and a slow link: what is written is stored at once, and one wish ends the exchange."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fieldkit.actions import capture, enrol, exchange
from fieldkit.actions.network import Connect, PinnedTransport, over_https
from fieldkit.actions.session import Session
from fieldkit.demo.proxy import Proxy, Shape
from fieldkit.model.state import State
from fieldkit.tui.desks.link import VaultLink
from fieldkit.tui.desks.writing import VaultWriting
from fieldkit.tui.ports.link import Stage
from tests.actions.world import ANSWERS, Template, report
from tests.support.server import RealServer, start_server
from tests.tui.test_vault_link import linked, run, until

pytestmark = pytest.mark.serial

REPORTS = 12
SLOW = Shape(up=2_000.0)
"""All that waits would take half a minute."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A real one, on loopback."""
    running = start_server(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


def through(proxy: Proxy) -> Connect:
    """The road of a laptop that reaches the server by a bad link."""
    there = proxy.address

    @contextmanager
    def connect(
        address: str, pins: tuple[bytes, ...] | None, proxied: str | None
    ) -> Iterator[PinnedTransport]:
        with over_https(there, pins, proxied) as transport:
            yield transport

    return connect


@pytest.fixture
def north(tmp_path: Path, template: Template, server: RealServer) -> Iterator[Session]:
    """A reporter with much to send, whom a coordinator let in."""
    with (
        Session(vault=template.copy(tmp_path / "chief")) as chief,
        Session(vault=template.copy(tmp_path / "north")) as north,
    ):
        enrol.create_organisation(chief, "Test Watch", server.ticket_text(), pseudonym="chief")
        exchange.sync(chief)
        text = enrol.invite(chief, "reporter", "north").text
        exchange.sync(chief)
        enrol.join(north, text, pseudonym="north")
        for session in (north, chief, north):
            exchange.sync(session)
        noise = random.Random(7)
        for number in range(REPORTS):
            report(north, title=f"Report {number}", narrative=noise.randbytes(2_500).hex())
        yield north


def target(server: RealServer) -> tuple[str, int]:
    """Where the proxy leads."""
    host, _, port = server.address.rpartition(":")
    return host, int(port)


def sending(link: VaultLink) -> bool:
    """Whether bytes of a report are on their way."""
    return any(0 < line.gone < line.size for line in link.activity().queue)


def test_writing_goes_on_while_it_sends(north: Session, server: RealServer) -> None:
    """Drafts are stored while one exchange hangs on the link: each commit comes back long before it ends."""
    with Proxy(target(server), shape=SLOW) as proxy, linked(north) as (link, _):
        north.connect = through(proxy)
        writing = VaultWriting(north)
        draft = writing.begin({**ANSWERS, "title": "written meanwhile"})
        link.begin()
        until(lambda: sending(link))
        for letter in "abcde":
            draft.writer.write(("narrative",), f"Three shells fell. {letter}")
            assert writing.store(draft.number, draft.writer.snapshot()) > 0
        assert sending(link), "the exchange was over before the drafts were stored: nothing is shown"
        link.pause()
        until(lambda: not link.activity().busy)
        now = link.activity()
        assert (now.paused, now.error) == (True, "")
        assert draft.number not in {line.number for line in now.queue}
        assert capture.edit(north, str(draft.number), {}).number == draft.number


def test_one_wish_ends_it_and_nothing_is_lost(north: Session, server: RealServer) -> None:
    """Stopped in the middle: what has no receipt waits; the next exchange brings the rest, each once."""
    with linked(north) as (link, _):
        with Proxy(target(server), shape=SLOW) as proxy:
            north.connect = through(proxy)
            link.begin()
            until(lambda: sending(link))
            link.pause()
            until(lambda: not link.activity().busy)
        now = link.activity()
        assert len([line for line in now.queue if line.number]) + len(now.settled) == REPORTS
        assert {line.stage for line in now.queue} <= {Stage.HERE, Stage.TRIED}
        assert Stage.TRIED in {line.stage for line in now.queue}
        north.connect = over_https
        now = run(link)
        assert now.queue == () and {line.stage for line in now.settled} == {Stage.RECEIVED}
        assert len(now.settled) == REPORTS
    counts = north.vault.records.counts()
    assert (counts.received, counts.waiting) == (REPORTS, 0)
    assert north.vault.records.line(1).sent is State.RECEIVED


def test_a_server_that_goes_away(north: Session, server: RealServer) -> None:
    """Every connection is cut: said in plain words, and told what to do; mended, it goes on."""
    with linked(north) as (link, _):
        with Proxy(target(server)) as proxy:
            north.connect = through(proxy)
            proxy.cut_after_up(9_000)
            link.begin()
            until(lambda: proxy.counts.cuts == 1)
            link.pause()
            until(lambda: not link.activity().busy)
        link.begin()
        until(lambda: bool(link.activity().error))
        now = link.activity()
        assert "cannot be reached" in now.error and "nothing is lost" in now.advice
        north.connect = over_https
        assert run(link).queue == ()


def test_another_server_in_its_place(north: Session, tmp_path: Path) -> None:
    """Another certificate: nothing is sent, and the words say whom to ask."""
    wrong = start_server(tmp_path)
    try:
        with Proxy(target(wrong)) as proxy, linked(north) as (link, _):
            north.connect = through(proxy)
            now = run(link)
            assert now.word == "sync failed" and now.error and "coordinator" in now.advice
            assert {line.stage for line in now.queue} == {Stage.HERE}
    finally:
        wrong.stop()
