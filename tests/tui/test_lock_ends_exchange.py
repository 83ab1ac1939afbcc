"""A lock ends an exchange wherever it stands, and nothing of the session stays in memory (R8)."""

from __future__ import annotations

import gc
import socket
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from fieldkit.actions.network import over_https
from fieldkit.actions.session import Session
from fieldkit.tui.desks.link import VaultLink
from fieldkit.tui.desks.vault import VaultDesk
from fieldkit.tui.erasing import Erasing
from fieldkit.tui.ports.link import Stage
from fieldkit.vault.vault import Vault
from sync.client import link
from sync.client.engine import Engine
from sync.protocol.signing import SigningKey
from tests.actions.world import World, glyph, report
from tests.client.tiny_server import read_request, tiny_server
from tests.tui.care_desk import MemoryCare
from tests.tui.test_vault_link import until

Reached = Callable[[], bool]
"""Whether the exchange stands where it is to stand."""


@contextmanager
def nobody_listens(folder: Path) -> Iterator[tuple[str, bytes, Reached]]:
    """Connections are never answered: the queue of those that wait is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as fillers:
        place = listener.getsockname()
        for _ in range(3):
            filler = fillers.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(place)
        yield f"127.0.0.1:{place[1]}", bytes(32), lambda: stands_in(link.connect.__code__.co_filename)


@contextmanager
def no_name(folder: Path) -> Iterator[tuple[str, bytes, Reached]]:
    """The name of the server is never found, and never not found."""
    asked, over = threading.Event(), threading.Event()
    real = socket.getaddrinfo

    def never(host: str, *more: object, **named: object) -> list[object]:
        if named.get("flags"):
            return list(real(host, *more, **named))  # type: ignore[arg-type]
        asked.set()
        over.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", never)
        try:
            yield "server.example:443", bytes(32), asked.is_set
        finally:
            over.set()


@contextmanager
def no_handshake(folder: Path) -> Iterator[tuple[str, bytes, Reached]]:
    """A server that takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        far: list[socket.socket] = []

        def taken() -> bool:
            far[:] = far or [listener.accept()[0]]
            return bool(far)

        yield f"127.0.0.1:{listener.getsockname()[1]}", bytes(32), taken
        for one in far:
            one.close()


@contextmanager
def no_answer(folder: Path) -> Iterator[tuple[str, bytes, Reached]]:
    """A server that takes the whole request and says nothing."""
    with tiny_server(folder) as server:

        def behave(conn: object, _: object) -> None:
            server.requests.append(read_request(conn))  # type: ignore[arg-type]
            server.done.wait(60)

        server.behave = behave
        yield server.address, server.pin, lambda: bool(server.requests)


PLACES: dict[str, Callable[[Path], AbstractContextManager[tuple[str, bytes, Reached]]]] = {
    "looking up": no_name,
    "connecting": nobody_listens,
    "handshake": no_handshake,
    "answer": no_answer,
}


def exchange_thread() -> threading.Thread | None:
    """The thread that exchanges, if one lives."""
    return next((one for one in threading.enumerate() if one.name == "exchange"), None)


def stands_in(file: str) -> bool:
    """Whether the thread that exchanges stands in the code of a file."""
    thread = exchange_thread()
    frame = None if thread is None else sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        if frame.f_code.co_filename == file:
            return True
        frame = frame.f_back
    return False


def begin(world: World, first: Session, address: str, pin: bytes) -> tuple[VaultDesk, weakref.ref[Vault]]:
    """A reporter's desk with a report that is being sent; the test holds nothing else of the session."""
    session = world.reporter(first, "south")
    world.sessions.remove(session)
    report(session)
    session.connect = lambda _, pins, proxy: over_https(address, (pin,), None)
    desk = VaultDesk(session)
    desk.link.listen(lambda changed: None)
    desk.link.begin()
    return desk, weakref.ref(session.vault)


def kept(kind: type) -> int:
    """How many of a kind live."""
    gc.collect()
    return sum(type(one) is kind for one in gc.get_objects())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("how", ["lock", "panic"])
def test_wherever_it_stands(world: World, first: Session, tmp_path: Path, place: str, how: str) -> None:
    """When the lock is done no thread of it lives, and neither vault nor keys are held by anybody."""
    with PLACES[place](tmp_path) as (address, pin, reached):
        engines, signing = kept(Engine), kept(SigningKey)
        desk, vault = begin(world, first, address, pin)
        until(reached)
        home = desk._session.vault.home.folder
        if how == "lock":
            desk.lock()
        else:
            erasing = Erasing().begin(MemoryCare(), lambda desk=desk: desk.lock(orderly=False))  # type: ignore[misc]
            erasing.join()
        assert exchange_thread() is None
        del desk
        if how == "panic":
            del erasing
        assert (kept(Engine), vault()) == (engines, None)
        assert kept(SigningKey) == signing
    again = world._session(world.template.open(home))
    assert glyph(again) == "⇅"
    view = VaultLink(again)
    assert view.view().reports == 1
    stages = {line.stage for line in view.activity().queue if line.number is not None}
    assert stages == {Stage.TRIED if place == "answer" else Stage.HERE}
