"""A network without sockets: real server handlers behind the transport's port, cut or spoilt on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fieldkit.actions.network import PinnedTransport
from sync.client.errors import Break, LinkError, VerificationError
from sync.client.ports import Traffic, Watch
from tests.server.world import NOW, Site

PIECE = 4_096
"""Bytes that an answer arrives in."""


@dataclass
class Time:
    """One clock for everybody; nobody waits."""

    now: int = NOW

    def __call__(self) -> int:
        return self.now

    def pass_by(self, *, days: int = 0, seconds: int = 0) -> None:
        """Turn it on."""
        self.now += days * 86_400 + seconds


@dataclass
class EngineTime:
    """The engine's view of the clock: sleeping costs nothing."""

    time: Time

    def now(self) -> int:
        """UTC seconds."""
        return self.time.now

    def monotonic(self) -> float:
        """Seconds."""
        return float(self.time.now)

    def sleep(self, seconds: float) -> None:
        """Return at once."""


@dataclass
class Network:
    """The way to one server. `posts` lists what was asked, `connections` how often somebody connected."""

    site: Site
    time: Time
    posts: list[tuple[str, bytes]] = field(default_factory=list)
    connections: list[tuple[str, str | None]] = field(default_factory=list)
    observed: bytes = b""
    dead: bool = False
    """Nothing gets through."""
    deaf: bool = False
    """Requests arrive, answers do not."""
    cut_up: int | None = None
    """Requests are cut after so many bytes."""
    cut_down: int | None = None
    """Answers are cut after so many bytes."""
    lives: int | None = None
    """After so many requests nothing gets through."""
    only: Callable[[str], bool] = lambda _: True
    """Which paths the cuts above concern."""
    spoil: Callable[[str, bytes], bytes] = lambda _, reply: reply
    """Changes an answer on its way."""

    @contextmanager
    def connect(
        self, address: str, pins: tuple[bytes, ...] | None, proxy: str | None
    ) -> Iterator[PinnedTransport]:
        """Satisfies `fieldkit.actions.network.Connect`."""
        self.connections.append((address, proxy))
        yield Wire(self, pins)

    def mend(self) -> None:
        """Everything gets through again."""
        self.dead = self.deaf = False
        self.cut_up = self.cut_down = self.lives = None


@dataclass
class WireAnswer:
    """A reply in pieces, perhaps cut."""

    status: int
    body: bytes
    cut: bool

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self.body), PIECE):
            yield self.body[start : start + PIECE]
        if self.cut:
            raise LinkError(Break.CUT)


class Wire:
    """Satisfies `PinnedTransport`."""

    def __init__(self, network: Network, pins: tuple[bytes, ...] | None) -> None:
        self._network = network
        self._pins = pins

    @property
    def observed(self) -> bytes:
        """The pin of whoever answers."""
        return self._network.observed or self._network.site.pins[0]

    def hang_up(self) -> None:
        """Nothing waits here."""

    @contextmanager
    def post(self, path: str, body: bytes, watch: Watch) -> Iterator[WireAnswer]:
        """See `sync.client.ports.Transport`."""
        network = self._network
        hit = network.only(path)
        if (network.dead and hit) or network.lives == 0:
            raise LinkError(Break.UNREACHABLE)
        if network.lives is not None:
            network.lives -= 1
        if self._pins is not None and self.observed not in self._pins:
            raise VerificationError("its key matches no pin")
        watch.connected()
        network.posts.append((path, body))
        cut = hit and network.cut_up is not None and network.cut_up < len(body)
        arrived = body[: network.cut_up] if cut else body
        watch.moved(Traffic(up=len(arrived), body=0))
        network.site.now = network.time.now
        answer = network.site.handlers.routes[path].handle(arrived, not cut)
        if cut or (network.deaf and hit):
            raise LinkError(Break.CUT)
        watch.sent()
        reply = network.spoil(path, answer.body)
        short = reply[: network.cut_down] if hit and network.cut_down is not None else reply
        watch.moved(Traffic(up=len(body), down=len(short), body=len(body)))
        yield WireAnswer(answer.status, short, len(short) < len(reply))
