"""The hostile server: the honest one's handlers, its log key and its TLS key, in the hands of a script."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sync.protocol.encoding import SequenceReader
from sync.protocol.hello import Hello, parse_hello
from sync.protocol.messages import ReplyItem, encode_reply
from sync.server.handlers import Answer
from sync.server.tls import certificate, new_key, pin_of, server_context
from tests.hostile.wire import Act, Peer, http
from tests.server.world import Site, read_items

STATUS_WORDS = {200: "200 OK"}


@dataclass(frozen=True, slots=True)
class TlsKey:
    """A certificate with its key, and the pin that directories name for it."""

    context: ssl.SSLContext
    pin: bytes

    @classmethod
    def make(cls, folder: Path, name: str) -> TlsKey:
        """A fresh one, as a server makes it."""
        key = new_key()
        key_file, certificate_file = folder / f"{name}.key", folder / f"{name}.pem"
        key_file.write_bytes(key)
        certificate_file.write_bytes(certificate(key))
        return cls(server_context(certificate_file, key_file), pin_of(key))


@dataclass(frozen=True, slots=True)
class Asked:
    """One request in the villain's hands."""

    path: str
    body: bytes = field(repr=False)
    site: Site
    bag: Mapping[str, bytes] = field(repr=False)
    """What the script has ready."""
    lies: list[str] = field(repr=False)
    """Paths that were answered with something else than the truth: a script may find nothing to change."""

    @property
    def hello(self) -> Hello:
        """Who asks."""
        value, raw = next(SequenceReader().feed(self.body))
        return parse_hello(value, raw)[0]

    def honestly(self) -> Answer:
        """Let the honest handlers do it, with all that follows: frames are committed."""
        return self.site.handlers.routes[self.path].handle(self.body, True)

    def items(self) -> list[ReplyItem]:
        """The honest answer, item by item."""
        return read_items(self.honestly().body)


Deed = Callable[[Asked], Act]
"""What a hostile server does with a request."""


def reply(answer: Answer) -> bytes:
    """An answer as the honest server sends it."""
    return http(answer.body, status=STATUS_WORDS.get(answer.status, f"{answer.status} Refused"))


def saying(*items: ReplyItem) -> bytes:
    """A whole answer of these items."""
    return http(b"".join(map(encode_reply, items)))


def tampered(change: Callable[[Asked, list[ReplyItem]], list[ReplyItem]]) -> Deed:
    """Do what was asked, then answer with other items."""
    return lambda asked: [saying(*change(asked, asked.items()))]


def spoilt(change: Callable[[bytes], bytes]) -> Deed:
    """Do what was asked, then answer with other bytes."""
    return lambda asked: [http(change(asked.honestly().body))]


@dataclass
class Villain:
    """Answers honestly until a script is `acting`. Remembers who asked for what."""

    site: Site
    key: TlsKey
    deed: Deed | None = None
    context: ssl.SSLContext | None = None
    """In the place of the right TLS key, during the script."""
    opening: Callable[[], Act] | None = None
    """What happens on a new connection instead of TLS."""
    times: int | None = None
    """How many requests the deed is done to; the others are answered honestly. None: all of them."""
    bag: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    lies: list[str] = field(default_factory=list)
    peers: list[Peer] = field(default_factory=list)

    def peer(self) -> Peer:
        """The other end of a new connection."""
        if self.opening is not None:
            peer = Peer(None, self._answer, self.opening())
        else:
            peer = Peer(self.context or self.key.context, self._answer)
        self.peers.append(peer)
        return peer

    def _answer(self, path: str, body: bytes) -> Act:
        self.asked.append((path, body))
        asked = Asked(path, body, self.site, self.bag, self.lies)
        if self.deed is None or self.times == 0:
            return [reply(asked.honestly())]
        if self.times is not None:
            self.times -= 1
        return self.deed(asked)

    def repent(self) -> None:
        """Be honest from here on."""
        self.deed = self.context = self.opening = self.times = None
