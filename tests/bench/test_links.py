"""The bad links of the benchmark are as bad as they say, and what is sent over them arrives."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from tests.bench.badlink import PACKET_BYTES, BadLink, Way, Weather
from tests.bench.links import CASES, Case, link_rows
from tests.bench.packets import PacketLink, available
from tests.bench.table import Row

pytestmark = pytest.mark.serial

SIZE = 8_000
SECONDS = 20.0


@contextmanager
def sink() -> Iterator[tuple[str, list[bytes]]]:
    """A server that takes in what comes, says `ok` at its end, and where it listens."""
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        while data := connection.recv(65_536):
                            taken.append(data)
                        connection.sendall(b"ok")
                    except OSError:
                        continue

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}", taken
        listener.shutdown(socket.SHUT_RDWR)
        serving.join()


def send(address: str, size: int = SIZE) -> tuple[bytes, float]:
    """Send some bytes and wait for the answer; the answer, and the seconds it took."""
    host, _, port = address.rpartition(":")
    began = time.monotonic()
    with socket.create_connection((host, int(port)), SECONDS) as connection:
        connection.sendall(bytes(size))
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(10), time.monotonic() - began


WEATHERS = {
    "slow": (Weather(rate=16_000), 0.5),
    "far": (Weather(rate=1e6, delay=0.15), 0.6),
    "dark": (Weather(rate=16_000, lit=0.25, dark=0.4), 0.8),
}


@pytest.mark.parametrize("name", WEATHERS)
def test_the_model_takes_the_time_of_its_link(name: str) -> None:
    """The bytes need their time at the rate, every way its delay, and darkness is waited out."""
    weather, least = WEATHERS[name]
    with sink() as (target, taken), BadLink(target, weather, Random(1)) as link:
        answer, seconds = send(link.address)
        assert (answer, len(b"".join(taken))) == (b"ok", SIZE)
        assert least <= seconds < least + 1
        assert link.moved == SIZE + len(b"ok")


@pytest.mark.parametrize(
    "weather",
    [Weather(rate=8_000, lives=0.3), Weather(rate=8_000, lit=0.3, dark=0.1, resets=True)],
    ids=["each connection lives so long", "older than the dark"],
)
def test_the_model_resets_connections(weather: Weather) -> None:
    """The near end is told by a reset; what went through before has arrived."""
    with sink() as (target, taken), BadLink(target, weather, Random(1)) as link:
        with pytest.raises(ConnectionError):
            send(link.address)
        assert 0 < len(b"".join(taken)) < SIZE


def test_lost_packets_are_sent_again() -> None:
    """Each loss costs the link its time again, and the packet a round trip."""
    weather = Weather(rate=1_000, delay=0.3, loss=0.5)
    way = Way(weather, Random(1))
    arrivals = [way.sends(100, 0.0) for _ in range(400)]
    lost = [at for at, lost in arrivals if lost]
    assert 0.4 < len(lost) / 400 < 0.6
    assert 1.8 < way.moved / 40_000 < 2.2
    assert way.free == pytest.approx(way.moved / weather.rate)


def test_a_faster_link_is_the_same_link() -> None:
    """Twenty times the rate, a twentieth of every time, the same losses."""
    weather = Weather(rate=8_000, delay=0.3, loss=0.05, lives=20, lit=20, dark=2, resets=True)
    expected = Weather(rate=160_000, delay=0.015, loss=0.05, lives=1, lit=1, dark=0.1, resets=True, pace=0.05)
    assert weather.faster(20) == expected
    assert [weather.spells(at) for at in (0, 19, 20, 21.9, 41, 42)] == [0, 0, 1, 1, 1, 2]
    assert [weather.dark_left(at) for at in (0.0, 20.0, 21.5, 22.0)] == [0, 2, 0.5, 0]


@pytest.mark.skipif(not available(), reason="needs root and /dev/net/tun")
def test_a_link_for_packets() -> None:
    """The kernel's own TCP needs the time of the link, and gets through its losses."""
    weather = Weather(rate=40_000, delay=0.05, loss=0.02)
    with sink() as (target, taken), PacketLink(target, weather, Random(3)) as link:
        answer, seconds = link.run(lambda: send(link.address, 5 * SIZE))
        assert (answer, len(b"".join(taken))) == (b"ok", 5 * SIZE)
        assert 1.0 < seconds < SECONDS
        assert link.moved > 5 * SIZE + 5 * SIZE // PACKET_BYTES * 40


@pytest.mark.skipif(not available(), reason="needs root and /dev/net/tun")
def test_a_packet_link_resets_what_lived_through_the_dark() -> None:
    """The reset that the link makes is one the kernel takes."""
    weather = Weather(rate=40_000, delay=0.02, lit=0.5, dark=0.2, resets=True)
    with (
        sink() as (target, _),
        PacketLink(target, weather, Random(3)) as link,
        pytest.raises(ConnectionError),
    ):
        link.run(lambda: send(link.address, 10 * SIZE))


def test_records_arrive_over_every_link() -> None:
    """Row 5, small and by the model, each link forty times as fast: all were confirmed by receipts."""
    cases = tuple(Case(what=case.what, weather=case.weather) for case in CASES)
    rows = [row for row in link_rows(1, cases=cases, records=5, factor=40) if isinstance(row, Row)]
    assert len(rows) == len(CASES)
    for row in rows:
        assert row.limit is not None
        assert row.limit.ratio > 1
