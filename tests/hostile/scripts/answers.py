"""Answers that are not fieldkit's, or not quite HTTP (docs/protocol.md §9)."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator
from functools import cache

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.errors import Refusal
from sync.protocol.ids import Device, Incarnation
from sync.protocol.messages import EndItem, RefusedItem, encode_reply
from tests.hostile.scene import Scene
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.said import (
    ASK_OPERATOR,
    BETTER_LINK,
    MISTRUST,
    TRY_AGAIN,
    error,
    foreign,
    unreadable,
)
from tests.hostile.villain import Asked, Deed, reply
from tests.hostile.wire import Act, Ending, Pause, Piece, http

STATUS = "sync/client/exchange.py::Exchange._read_error"
ITEMS = "sync/client/exchange.py::Exchange._read_items"
FRAMING = "sync/client/http.py::HttpsTransport.errors"
BYTES = "sync/client/exchange.py::Exchange.moved"
STALL = "sync/client/link.py::Link._wait"
PORTAL = b"<!doctype html><html><title>Welcome</title><body>Please log in to this network.</body></html>"
BOMB_BYTES = 64 << 20


ODD = RefusedItem(
    lane=7, device=Device(bytes(16)), incarnation=Incarnation(bytes(8)), sequence=9, code=Refusal.SIZE
)
"""A true item that changes nothing."""


def page(status: str, body: bytes = PORTAL, *headers: str) -> Deed:
    """The same page for whatever is asked; the honest server never hears of it."""
    return lambda asked: [http(body, status=status, headers=headers)]


def committed(status: str) -> Deed:
    """Takes what was sent, and gives the true answer under another status."""
    return lambda asked: [http(asked.honestly().body, status=status)]


@cache
def bomb() -> bytes:
    """Zeros that were squeezed a thousandfold."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return squeezer.compress(bytes(BOMB_BYTES)) + squeezer.flush()


def chunks(body: bytes, size: int, extension: bytes = b"") -> Iterator[Piece]:
    """A chunked answer in pieces of `size`."""
    yield b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    for at in range(0, len(body), size):
        piece = body[at : at + size]
        yield b"%x%s\r\n%s\r\n" % (len(piece), extension, piece)
    yield b"0\r\n\r\n"


def endless_extensions(asked: Asked) -> Act:
    """One byte of answer in sixty thousand bytes of chunk heads, for ever."""
    yield b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    for octet in itertools.cycle(encode_reply(ODD)):
        yield b"1;%s\r\n%c\r\n" % (b"x" * 60_000, octet)


def endless_continue(asked: Asked) -> Act:
    """Tells the client to go on, for ever."""
    return itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 600)


def endless_headers(asked: Asked) -> Act:
    """A head that has no end."""
    yield b"HTTP/1.1 200 OK\r\n"
    for number in itertools.count():
        yield b"x-%d: %s\r\n" % (number, b"y" * 1_000)


def endless_items(asked: Asked) -> Act:
    """True items in small pieces, for ever."""
    yield b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n"
    for _ in itertools.count():
        yield encode_reply(ODD) * 60
        yield Pause(0.0001)


def lying_length(more: int, ending: Ending) -> Deed:
    """Says that the answer is longer or shorter than it is."""

    def deed(asked: Asked) -> Act:
        body = asked.honestly().body
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body) + more}\r\n\r\n".encode()
        return [head + body, ending]

    return deed


def headed(*lines: str) -> Deed:
    """The true answer under a head of these lines."""

    def deed(asked: Asked) -> Act:
        body = asked.honestly().body
        head = "\r\n".join([*lines, "", ""]).replace("LENGTH", str(len(body))).encode()
        return [head + body + b"\r\n", Ending.BYE]

    return deed


def after_request(*pieces: Piece) -> Deed:
    """These bytes whatever is asked, without the honest server."""
    return lambda asked: pieces


def answer_behind_the_answer(asked: Asked) -> Act:
    """The true answer, and behind it one more for a request that will come."""
    true = reply(asked.honestly())
    return [true + http(encode_reply(EndItem(request_limit=0, more=False)))]


def nobody_was_led_away(scene: Scene) -> None:
    """Every connection came here, and asked for what it had asked for."""
    assert {path for path, _ in scene.villain.asked} == {"/v1/sync"}


def _foreign(name: str, does: str, deed: Deed, why: str, check: str = STATUS) -> Script:
    return Script(
        name=name,
        does=does,
        check=check,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(foreign(why), ASK_OPERATOR),
        deed=deed,
        then=nobody_was_led_away,
    )


def _unread(name: str, does: str, deed: Deed, why: str, check: str = ITEMS) -> Script:
    return Script(
        name=name,
        does=does,
        check=check,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.VERIFICATION,
        told=(unreadable(why) if check == ITEMS else error(why), MISTRUST),
        deed=deed,
    )


def _cut(name: str, does: str, deed: Deed, why: str) -> Script:
    return Script(
        name=name,
        does=does,
        check="sync/client/exchange.py::Exchange._read",
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(error(f"the connection was cut ({why})"), TRY_AGAIN),
        deed=deed,
    )


def _stall(name: str, does: str, deed: Deed, exit_: ExitCode = ExitCode.LINK) -> Script:
    return Script(
        name=name,
        does=does,
        check=STALL,
        section="§9",
        verb=Verb.SYNC,
        exit=exit_,
        told=(BETTER_LINK,) if exit_ is ExitCode.LINK else (),
        deed=deed,
        stalls=True,
    )


def _odd_but_true(name: str, does: str, deed: Deed) -> Script:
    return Script(
        name=name,
        does=does,
        check="sync/client/exchange.py::Exchange._read",
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.OK,
        told=("still waiting  0 sealed parts",),
        deed=deed,
    )


MOVED = ("location: https://127.0.0.1:1/v1/sync",)

SCRIPTS = (
    _foreign("redirect 301", "sends the client elsewhere", page("301 Moved", b"", *MOVED), "HTTP status 301"),
    _foreign("redirect 307", "the same, body and all", page("307 Temporary", b"", *MOVED), "HTTP status 307"),
    _foreign("server error 500", "says that it is broken", page("500 Oops"), "HTTP status 500"),
    _foreign("bad gateway 502", "something in front says so", page("502 Bad"), "HTTP status 502"),
    _foreign(
        "true answer under 500", "takes the frames, says it failed", committed("500 Oops"), "HTTP status 500"
    ),
    _foreign("no content 204", "says there is nothing", page("204 None", b""), "HTTP status 204"),
    _foreign(
        "switching protocols 101",
        "wants another protocol",
        page("101 Go", b""),
        "Received server _SWITCH_UPGRADE event without a pending proposal",
        FRAMING,
    ),
    _unread(
        "captive portal",
        "gives a login page with 200",
        page("200 OK"),
        "an indefinite length or reserved head",
    ),
    _unread(
        "garbage 200",
        "gives noise with 200",
        page("200 OK", b"\xff\x00\xfe garbage" * 9),
        "a float or simple value other than false, true, null",
    ),
    _cut("200 with an empty body", "gives nothing with 200", page("200 OK", b""), "the answer has no end"),
    _unread(
        "gzip bomb",
        "labels 64 MB of zeros as gzip",
        page("200 OK", bomb(), "content-encoding: gzip"),
        "an indefinite length or reserved head",
    ),
    _foreign(
        "huge headers",
        "sends a megabyte of head",
        page("200 OK", b"", f"x: {'y' * 1_000_000}"),
        "Receive buffer too long",
        FRAMING,
    ),
    _foreign(
        "headers without end", "never ends its head", endless_headers, "Receive buffer too long", FRAMING
    ),
    _unread(
        "go on without end",
        "sends 100 Continue for ever",
        endless_continue,
        "the server sends more than it was asked for",
        BYTES,
    ),
    _unread(
        "chunk heads without end",
        "wraps each byte in 60 kB of chunk head",
        endless_extensions,
        "the server sends more than it was asked for",
        BYTES,
    ),
    _unread(
        "endless drip",
        "sends small items for ever",
        endless_items,
        "the server sends more than it was asked for",
        BYTES,
    ),
    _foreign(
        "chunk of negative size",
        "sends a chunk of -1 bytes",
        after_request(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\nx\r\n"),
        "illegal chunk header",
        FRAMING,
    ),
    _unread(
        "chunk of endless size",
        "promises 2^76 bytes",
        after_request(
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffffff\r\n" + b"\xff" * 500
        ),
        "a float or simple value other than false, true, null",
    ),
    _foreign(
        "words for the person",
        "writes a message where the status belongs",
        after_request(b"Your vault is damaged! Call +99 555 0100\r\n\r\n"),
        "illegal status line",
        FRAMING,
    ),
    _foreign(
        "two lengths",
        "gives two content lengths",
        headed("HTTP/1.1 200 OK", "content-length: LENGTH", "content-length: 7"),
        "conflicting Content-Length headers",
        FRAMING,
    ),
    _foreign(
        "length and chunks",
        "gives a length and says chunked",
        headed("HTTP/1.1 200 OK", "content-length: LENGTH", "transfer-encoding: chunked"),
        "illegal chunk header",
        FRAMING,
    ),
    _foreign(
        "another HTTP",
        "answers as HTTP/2 would",
        after_request(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" * 4, Ending.BYE),
        "illegal request line",
        FRAMING,
    ),
    _foreign(
        "status of no meaning",
        "gives status 999",
        headed("HTTP/1.1 999 Odd", "content-length: LENGTH"),
        "HTTP status 999",
    ),
    _cut(
        "length too short",
        "promises less than it sends",
        lying_length(-9, Ending.CUT),
        "the answer has no end",
    ),
    _stall("stalled reply", "reads the request and never answers", after_request(Ending.HOLD)),
    _stall(
        "stalled in the middle",
        "stops in the middle of its answer",
        after_request(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n\x82", Ending.HOLD),
    ),
    _stall(
        "length too long, then silence",
        "promises more and holds still",
        lying_length(500, Ending.HOLD),
        ExitCode.OK,
    ),
    _odd_but_true("length too long, then cut", "promises more and closes", lying_length(500, Ending.CUT)),
    _odd_but_true(
        "answer byte by byte in chunks",
        "wraps each byte in a chunk of its own",
        lambda asked: chunks(asked.honestly().body, 1, b";a=b"),
    ),
    _odd_but_true(
        "answer without a length",
        "ends its answer by closing",
        lambda asked: [b"HTTP/1.0 200 OK\r\n\r\n" + asked.honestly().body, Ending.BYE],
    ),
    _odd_but_true("an answer behind the answer", "answers what was not asked yet", answer_behind_the_answer),
)
