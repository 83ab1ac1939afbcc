"""Reaching a host: every address is tried, and whoever hangs up waits for none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from sync.client.errors import StoppedError
from sync.client.reach import reach

PATIENCE = 20
"""Seconds until a call that does not come back is a defect."""


def place(name: tuple[str, int]) -> tuple[object, ...]:
    """An address as the system gives it."""
    return socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", name


@contextmanager
def deaf() -> Iterator[tuple[str, int]]:
    """An address that never answers: the queue of those that wait is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as fillers:
        for _ in range(3):
            filler = fillers.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()


@contextmanager
def refusing() -> Iterator[tuple[str, int]]:
    """An address on which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()


def answers(monkeypatch: pytest.MonkeyPatch, *names: tuple[str, int]) -> None:
    """What a name stands for."""

    def look_up(host: str, *_: object, **how: object) -> list[object]:
        if how.get("flags"):
            raise socket.gaierror(socket.EAI_NONAME, "a name")
        if not names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [place(name) for name in names]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_the_first_that_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several addresses one refuses and one does not answer in time: the third is used."""
    with refusing() as no, deaf() as silent, socket.create_server(("127.0.0.1", 0)) as listener:
        answers(monkeypatch, no, silent, listener.getsockname())
        with reach("server.example", 1, timeout=0.1, hung_up=threading.Event()) as sock:
            assert sock.getpeername() == listener.getsockname()


@pytest.mark.parametrize("known", [True, False])
def test_none_takes_it(monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    """The last reason is told, as is a name that nobody knows."""
    with refusing() as no:
        answers(monkeypatch, *([no] if known else []))
        with pytest.raises(ConnectionRefusedError if known else socket.gaierror):
            reach("server.example", 1, timeout=5, hung_up=threading.Event())


@pytest.mark.parametrize("waits_for", ["the name", "the connection"])
def test_hanging_up(monkeypatch: pytest.MonkeyPatch, waits_for: str) -> None:
    """Whatever it waits for: it ends, with nothing left open."""
    hung_up, over, came = threading.Event(), threading.Event(), []

    def look_up(host: str, *_: object, **how: object) -> list[object]:
        if how.get("flags") and waits_for == "the name":
            raise socket.gaierror(socket.EAI_NONAME, "a name")
        if waits_for == "the name":
            over.wait(PATIENCE)
        return [place(silent)]

    def ask() -> None:
        try:
            reach("server.example", 1, timeout=PATIENCE, hung_up=hung_up)
        except StoppedError:
            came.append("stopped")

    with deaf() as silent:
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        asking = threading.Thread(target=ask)
        asking.start()
        hung_up.set()
        asking.join(PATIENCE / 2)
        over.set()
        assert came == ["stopped"]
