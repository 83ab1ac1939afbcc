"""Clients on slow links are waited for; those that only pretend to be slow are not. And what is too large."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.protocol.encoding import encode
from sync.protocol.errors import Refusal
from sync.protocol.ids import MAIN
from sync.protocol.limits import FRAME_BYTES, REPLY_ITEM_BYTES
from sync.protocol.messages import EndItem, FeedItem, ReceiptItem
from sync.protocol.receipts import open_receipt
from tests.faults.figures import Figures
from tests.faults.organisation import Party
from tests.load.serving import fill, found_party, head, person, pull_body, serving, sync_body
from tests.load.sockets import held, memory_bytes
from tests.server.world import read_items, refusals
from tests.support.server import RealServer, client_context, post

STALL_SECONDS = 1
LEAST_BYTES = 20_000
"""Bytes in a stall time that this server wants to see taken or sent."""

SMALL_BUFFER = 4_096
FEED_FRAMES, FEED_BODY = 60, 57_344 + 16
REPLY_BYTES = 8 << 20
SLOW_SECONDS = 4 * STALL_SECONDS
UNREAD_REPLIES = 200
MEMORY_BYTES = 512 << 20
DRIP_BYTES, DRIP_SECONDS = 100, 0.05
LATE_SECONDS = 4.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server that waits a second."""
    settings = (
        f"stall_seconds = {STALL_SECONDS}\ndrip_seconds = {STALL_SECONDS}\ndrip_bytes = {LEAST_BYTES}\n"
    )
    with serving(tmp_path_factory.mktemp("slow") / "server", settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
def party(server: RealServer) -> Party:
    """An organisation with a long feed."""
    made = found_party(server)
    fill(server, made, FEED_FRAMES, FEED_BODY)
    return made


def ask(server: RealServer, party: Party) -> ssl.SSLSocket:
    """Ask for the feed on a connection that holds little by itself."""
    host, _, port = server.address.rpartition(":")
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    raw.settimeout(SLOW_SECONDS + LATE_SECONDS)
    raw.connect((host, int(port)))
    connection = client_context().wrap_socket(raw)
    body = pull_body(party, reply_limit=REPLY_BYTES)
    connection.sendall(head("/v1/pull", len(body)) + body)
    return connection


def test_a_reply_taken_slowly_arrives_whole(server: RealServer, party: Party) -> None:
    """Four times the stall time for three megabytes: as long as bytes are taken, nothing is cut."""
    begin = time.monotonic()
    with ask(server, party) as connection:
        got = bytearray()
        wanted = FEED_FRAMES * FEED_BODY
        while b"\r\n\r\n" not in got or len(got) < whole_size(got):
            piece = connection.recv(65_536)
            assert piece, f"the reply was cut after {len(got)} bytes and {time.monotonic() - begin:.1f} s"
            got += piece
            ahead = SLOW_SECONDS * len(got) / wanted - (time.monotonic() - begin)
            time.sleep(max(0.0, ahead))
    assert time.monotonic() - begin >= SLOW_SECONDS
    items = read_items(bytes(got).partition(b"\r\n\r\n")[2])
    assert isinstance(items[-1], EndItem)
    assert not items[-1].more


def whole_size(got: bytearray) -> int:
    """Bytes of a reply of which the head is there."""
    first, _, _ = bytes(got[:500]).partition(b"\r\n\r\n")
    return len(first) + 4 + int(first.rpartition(b"content-length: ")[2])


def test_a_reply_taken_in_drips_is_dropped(server: RealServer, party: Party) -> None:
    """Some bytes now and then do not hold megabytes of the server's memory."""
    port = int(server.address.rpartition(":")[2])
    with ask(server, party) as connection:
        begin, end = time.monotonic(), connection.getsockname()
        connection.recv(DRIP_BYTES)
        while end in held(port):
            assert time.monotonic() - begin < STALL_SECONDS + LATE_SECONDS
            connection.recv(DRIP_BYTES)
            time.sleep(DRIP_SECONDS)
    assert time.monotonic() - begin >= STALL_SECONDS


def test_replies_nobody_takes_do_not_fill_the_memory(tmp_path: Path, figures: Figures) -> None:
    """Hundreds ask for megabytes and read nothing; a reader beside them has everything, in shorter pages."""
    with serving(tmp_path / "server") as server:
        party = found_party(server)
        fill(server, party, FEED_FRAMES, FEED_BODY)
        asking = [ask(server, party) for _ in range(UNREAD_REPLIES)]
        pages = read_feed(server, party)
        most = memory_bytes(server.pid)
        for connection in asking:
            connection.close()
        server.process.kill()
    figures.add(
        f"slow: {UNREAD_REPLIES} replies of {FEED_FRAMES * FEED_BODY:,} bytes asked for and not read:"
        f" server memory {most >> 20} MiB at most; a reader beside them has the feed in {pages} pages"
    )
    assert most < MEMORY_BYTES
    assert pages > 1


def read_feed(server: RealServer, party: Party) -> int:
    """Pull the whole feed; how many replies it took."""
    index, pages = 0, 0
    while index < FEED_FRAMES:
        status, reply = post(
            server.address, "/v1/pull", pull_body(party, reply_limit=REPLY_BYTES, start=index)
        )
        found = [item.index for item in read_items(reply) if isinstance(item, FeedItem)]
        assert status == 200
        assert found == list(range(index, index + len(found)))
        index, pages = index + len(found), pages + 1
    return pages


TOO_LARGE = {
    "a frame": (encode([int(MAIN), bytes(FRAME_BYTES + 1)]), Refusal.MALFORMED),
    "an item": (encode([int(MAIN), bytes(REPLY_ITEM_BYTES)]), Refusal.MALFORMED),
    "an item that promises an exabyte": (b"\x82\x01\x5b" + (1 << 60).to_bytes(8, "big"), Refusal.MALFORMED),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_is_too_large_leaves_what_came_before(server: RealServer, party: Party, name: str) -> None:
    """The frames before it are committed and acknowledged, and it is refused with a reason."""
    writer, (junk, code) = person(party), TOO_LARGE[name]
    uploads = [writer.upload(MAIN, writer.record()) for _ in range(3)]
    status, reply = post(server.address, "/v1/sync", sync_body(party, writer, *uploads, junk))
    items = read_items(reply)
    (item,) = [item for item in items if isinstance(item, ReceiptItem)]
    assert (status, [found for _, _, found in refusals(items)]) == (200, [code])
    assert open_receipt(item.receipt, party.log_key).head == 3
