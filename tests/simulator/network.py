"""The network between laptops and server, and what it does to requests and replies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NoReturn

from sync.client.errors import Break, LinkError
from sync.client.ports import Traffic, Watch
from tests.simulator.server import PINS, Crash, SimServer

PIECE: Final = 700
"""Bytes of a reply that arrive at once: items come in several pieces."""

KEPT: Final = 64
"""Old requests that may come again."""

PORTAL: Final = b"<html>welcome to our network</html>"


class Fault(StrEnum):
    """What can happen to one request and its reply."""

    UNREACHABLE = "unreachable"
    DROP = "drop"
    """The request is lost on its way."""
    HOLD = "hold"
    """The request hangs and arrives later, when nobody waits for it any more."""
    UP = "up"
    """The link breaks inside the request; the server gets the first part."""
    UP_CONFIRMED = "up-confirmed"
    """The same, but a proxy had confirmed all of it."""
    DOWN = "down"
    """The link breaks inside the reply."""
    TWICE = "twice"
    """The request comes twice; the second reply is the one that returns."""
    PORTAL = "portal"
    """Somebody else says 200 and something; the server hears nothing."""
    SILENCE = "silence"
    """Somebody else says 200 and nothing; the server hears nothing."""
    GATEWAY = "gateway"
    """A gateway says 502; the server hears nothing."""
    CRASH_BEFORE = "crash-before"
    """The server dies before it commits."""
    CRASH_AFTER = "crash-after"
    """The server dies after it committed and before it answers."""


FOREIGN: Final = frozenset({Fault.PORTAL, Fault.SILENCE})
"""Faults after which a laptop may rightly say that an answer does not verify."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault at the n-th request of an exchange; `at` in [0, 1) says where it breaks."""

    request: int
    fault: Fault
    at: float = 0.0

    def __str__(self) -> str:
        return f"{self.fault}@{self.request}:{self.at:.2f}"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it left a laptop."""

    path: str
    body: bytes = field(repr=False)


@dataclass(slots=True)
class Network:
    """All links to one server."""

    server: SimServer
    held: list[Sent] = field(default_factory=list)
    """Requests that have not arrived yet."""
    old: list[Sent] = field(default_factory=list)
    met: dict[Fault, int] = field(default_factory=dict)
    """How often each fault happened."""

    def deliver_held(self) -> int:
        """Let every late request arrive; nobody hears the replies."""
        late, self.held = self.held, []
        for sent in late:
            self.server.answer(sent.path, sent.body)
        return len(late)

    def replay(self, place: int) -> bool:
        """Let one old request arrive once more; False when there is none."""
        if not self.old:
            return False
        sent = self.old[place % len(self.old)]
        self.server.answer(sent.path, sent.body)
        return True

    def remember(self, sent: Sent) -> None:
        """Keep a request that may come again."""
        self.old = [*self.old[-KEPT + 1 :], sent]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A reply as it arrives, perhaps cut."""

    status: int
    body: bytes
    cut: bool = False

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self.body), PIECE):
            yield self.body[start : start + PIECE]
        if self.cut:
            raise LinkError(Break.CUT)


BREAKS: Final = frozenset({Fault.DROP, Fault.HOLD, Fault.UP, Fault.UP_CONFIRMED})
CRASHES: Final = {Fault.CRASH_BEFORE: Crash.BEFORE, Fault.CRASH_AFTER: Crash.AFTER}
ANSWERS: Final = {
    Fault.PORTAL: Pieces(200, PORTAL),
    Fault.SILENCE: Pieces(200, b""),
    Fault.GATEWAY: Pieces(502, PORTAL),
}
"""What somebody else says in the server's place."""


class Link:
    """One laptop's link during one exchange; satisfies `sync.client.ports.Transport`."""

    observed: Final = PINS[0]

    def __init__(self, network: Network, troubles: tuple[Trouble, ...]) -> None:
        self._network = network
        self._troubles = {trouble.request: trouble for trouble in troubles}
        self._requests = 0

    def hang_up(self) -> None:
        """Nothing waits here."""

    @contextmanager
    def post(self, path: str, body: bytes, watch: Watch) -> Iterator[Pieces]:
        """Send one request through whatever trouble is due."""
        trouble = self._troubles.get(self._requests)
        self._requests += 1
        if trouble is not None:
            self._network.met[trouble.fault] = self._network.met.get(trouble.fault, 0) + 1
        if trouble is not None and trouble.fault is Fault.UNREACHABLE:
            raise LinkError(Break.UNREACHABLE)
        watch.connected()
        self._network.remember(Sent(path, body))
        yield self._through(path, body, watch, trouble)

    def _through(self, path: str, body: bytes, watch: Watch, trouble: Trouble | None) -> Pieces:
        if trouble is None:
            return self._whole(path, body, watch)
        if trouble.fault in BREAKS:
            self._break(path, body, watch, trouble)
        if trouble.fault in ANSWERS:
            return ANSWERS[trouble.fault]
        server = self._network.server
        if trouble.fault is Fault.TWICE:
            server.answer(path, body)
        elif trouble.fault in CRASHES:
            server.store.crash = CRASHES[trouble.fault]
        whole = self._whole(path, body, watch)
        if trouble.fault is Fault.DOWN:
            return Pieces(whole.status, whole.body[: int(trouble.at * len(whole.body))], cut=True)
        return whole

    def _break(self, path: str, body: bytes, watch: Watch, trouble: Trouble) -> NoReturn:
        """The link breaks before any answer; `told` is what the far end's network confirmed."""
        told = len(body)
        if trouble.fault is Fault.DROP:
            raise LinkError(Break.CUT)
        if trouble.fault is Fault.HOLD:
            self._network.held.append(Sent(path, body))
            watch.sent()
        else:
            keep = int(trouble.at * len(body))
            self._network.server.answer(path, body[:keep], whole=False)
            told = keep if trouble.fault is Fault.UP else len(body)
        watch.moved(Traffic(up=told, body=told))
        raise LinkError(Break.STALLED if trouble.fault is Fault.HOLD else Break.CUT)

    def _whole(self, path: str, body: bytes, watch: Watch) -> Pieces:
        answer = self._network.server.answer(path, body)
        watch.sent()
        watch.moved(Traffic(up=len(body), body=len(body)))
        if answer is None:
            raise LinkError(Break.CUT)
        return Pieces(answer.status, answer.body)
