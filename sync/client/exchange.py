"""One exchange: one request out, one reply in, item by item as it arrives (docs/protocol.md §9)."""

from __future__ import annotations

from typing import Final

from sync.client.board import Board
from sync.client.errors import Break, LinkError, VerificationError
from sync.client.plan import Event
from sync.client.ports import Answer, Clock, ExchangeStore, Identity, Traffic, Transport
from sync.client.reply import Gains, ReplyRules
from sync.client.request import Request
from sync.protocol.encoding import SequenceReader
from sync.protocol.errors import ProtocolError
from sync.protocol.limits import REPLY_ITEM_BYTES
from sync.protocol.messages import ErrorItem, parse_reply

OK: Final = 200

ERROR_BYTES: Final = 4_096
"""The reply to a request that was refused as a whole: one short item."""

WRAPPING_BYTES: Final = 65_536
"""What may come beside a reply's body: handshake, head, and as much again as the body for its wrapping."""

FLUSH_BYTES: Final = 262_144
FLUSH_SECONDS: Final = 2.0
"""How much of a reply a crash of the laptop may cost while it arrives: whichever comes first.

On slow links it is the seconds. On fast ones a commit is most of what keeping a small piece costs.
"""


class Exchange:
    """Sends one request and applies its reply; satisfies `ports.Watch`. `gains` hold also after a break."""

    def __init__(
        self, *, board: Board, identity: Identity, store: ExchangeStore, clock: Clock, request: Request
    ) -> None:
        self.request = request
        self.confirmed = 0
        """Bytes of the body that went through, as far as the network tells."""
        self._board = board
        self._clock = clock
        self._rules = ReplyRules(identity, store, request, clock.now())
        self._began = self._body_moved = clock.monotonic()
        self._part = (0, self._began)
        """How much of the body was confirmed before the last of it, and when."""
        self._most_body = request.facts.reply_limit + REPLY_ITEM_BYTES
        self._most_down = 2 * self._most_body + WRAPPING_BYTES

    @property
    def gains(self) -> Gains:
        """What the reply brought so far."""
        return self._rules.gains

    @property
    def seconds(self) -> float:
        """How long the confirmed bytes of the body took.

        Of a whole body at the pace of its greater part: the end of it, once lost, waits for a timer of TCP,
        which takes seconds and says nothing about the link.
        """
        part, at = self._part
        if self.confirmed == len(self.request.body) < 2 * part:
            return (at - self._began) * self.confirmed / part
        return self._body_moved - self._began

    def run(self, transport: Transport, path: str) -> None:
        """Do it. Raises LinkError, RefusedError, VerificationError, StoppedError; what came before holds."""
        self._board.asking(self.request)
        try:
            with transport.post(path, self.request.body, self) as answer:
                self._board.on(Event.REPLY)
                self._answered()
                if answer.status == OK:
                    self._read(answer)
                else:
                    self._read_error(answer)
        finally:
            self._board.attempted(self.request, self.confirmed, self.seconds)

    # Told by the transport

    def connected(self) -> None:
        """The request goes out next."""
        self._began = self._body_moved = self._clock.monotonic()
        self._board.on(Event.CONNECTED)

    def sent(self) -> None:
        """The whole request was handed over."""
        self._board.on(Event.SENT)

    def moved(self, traffic: Traffic) -> None:
        """Bytes moved. Heads and wrappings of answers count too, or one could come for ever."""
        if traffic.down > self._most_down:
            raise _too_much()
        if traffic.body > self.confirmed:
            self.confirmed = traffic.body
            self._body_moved = self._clock.monotonic()
            if self.confirmed < len(self.request.body):
                self._part = (self.confirmed, self._body_moved)
        self._board.moved(traffic)
        if self.gains.end is None:
            self._board.pause_if_asked()

    # The reply

    def _answered(self) -> None:
        self.confirmed = len(self.request.body)
        self._body_moved = self._clock.monotonic()

    def _read(self, answer: Answer) -> None:
        try:
            self._read_items(answer)
        except ProtocolError as error:
            raise VerificationError(f"the server's answer cannot be read: {error}") from None
        except LinkError:
            if self.gains.end is None:
                raise
        finally:
            self._rules.finish()
        if self.gains.end is None:
            raise LinkError(Break.CUT, "the answer has no end")
        self._rules.conclude()

    def _read_items(self, answer: Answer) -> None:
        """Take each whole item as it comes; flush now and then."""
        reader = SequenceReader(item_limit=REPLY_ITEM_BYTES)
        left = self._most_body
        flushed = began = self._clock.monotonic()
        for chunk in answer:
            left -= len(chunk)
            self.gains.reply_bytes += len(chunk)
            self.gains.reply_seconds = self._clock.monotonic() - began
            if left < 0:
                raise _too_much()
            for value, _ in reader.feed(chunk):
                self._rules.take(parse_reply(value))
            now = self._clock.monotonic()
            if self._rules.gathered > FLUSH_BYTES or now - flushed > FLUSH_SECONDS:
                self._rules.flush()
                flushed = now
        if self.gains.end is not None and reader.rest:
            raise VerificationError("the server went on after the end of its answer")

    def _read_error(self, answer: Answer) -> None:
        """An answer other than 200 counts only when it is one error item; its status means nothing."""
        reader = SequenceReader(item_limit=ERROR_BYTES)
        size = 0
        try:
            for chunk in answer:
                size += len(chunk)
                for value, _ in reader.feed(chunk[:ERROR_BYTES]):
                    item = parse_reply(value)
                    if isinstance(item, ErrorItem):
                        self._rules.take(item)
                if size > ERROR_BYTES:
                    break
        except ProtocolError:
            pass
        raise LinkError(Break.NOT_FIELDKIT, f"HTTP status {answer.status}")


def _too_much() -> VerificationError:
    return VerificationError("the server sends more than it was asked for")
