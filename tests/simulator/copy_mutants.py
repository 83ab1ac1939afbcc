"""Ways to be wrong about copies of a vault: the real code with one rule of docs/protocol.md taken out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from fieldkit.vault import copies
from fieldkit.vault.delivery import Delivery, RefusedFrame
from fieldkit.vault.identity import Identities
from sync.protocol.chain import ChainLog
from sync.protocol.frames import build, parse
from sync.protocol.ids import MAIN, Chain, FrameHash, Lane
from sync.protocol.kinds import Key, Kind
from sync.protocol.messages import ContradictionItem, encode_reply
from sync.protocol.signing import SigningKey
from sync.server import service
from sync.server.requests import Request
from sync.server.service import Service
from tests.simulator.server import SimStore

FORGER = SigningKey.from_bytes(b"f" * 32)


@contextmanager
def patched(owner: object, name: str, value: object) -> Iterator[None]:
    """Inside the block the attribute is another."""
    real = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, real)


def _forged(request: Request) -> bytes:
    """Proof of a copy that no copy signed: a record under a key of the server's own."""
    hello = request.hello
    chain = Chain(
        organisation=hello.organisation, lane=MAIN, device=hello.device, incarnation=hello.incarnation
    )
    places = {Key.SEQUENCE: 900, Key.PREVIOUS: bytes(32), Key.EPOCH: bytes(16), Key.STEP: 0}
    frame = build(chain, FORGER, Kind.RECORD, {**places, Key.SEAL: bytes(16)}, bytes(272))
    item = ContradictionItem(lane=MAIN, device=hello.device, incarnation=hello.incarnation, frame=frame.raw)
    return encode_reply(item)


def forging_server() -> AbstractContextManager[None]:
    """A server that puts forged proof before every answer."""
    real = Service.sync
    return patched(Service, "sync", lambda self, request: _forged(request) + real(self, request))


@contextmanager
def believes_any_proof() -> Iterator[type[SimStore]]:
    """A laptop that takes proof of a copy without looking at the signature, at a server that forges it."""
    with forging_server(), patched(copies, "check_signature", lambda *_: None):
        yield SimStore


@contextmanager
def keeps_its_incarnation() -> Iterator[type[SimStore]]:
    """A laptop that seals anew what was refused as a fork, and goes on in the same chain."""
    with patched(Identities, "begin_incarnation", lambda self, incarnation: None):
        yield SimStore


@contextmanager
def voids_forks(*, joining: bool) -> Iterator[type[SimStore]]:
    """A laptop that closes by a void what was refused as a fork, at a server that gives no proof of it.

    `joining`: the server does not look at what a void says its sequence followed.
    """
    with ExitStack() as stack:
        stack.enter_context(patched(service, "contradiction_items", lambda found: ()))
        stack.enter_context(patched(Delivery, "to_void", _to_void))
        if joining:
            stack.enter_context(patched(ChainLog, "close", _close))
        yield SimStore


def _to_void(self: Delivery) -> list[RefusedFrame]:
    """Every refused record of the present incarnation."""
    database: Any = self._db
    rows = database.rows(
        "SELECT f.id, f.lane, f.sequence, f.hash, f.raw, f.refused FROM frame f WHERE f.refused IS NOT NULL"
        " AND f.kind NOT IN (4, 19) AND NOT EXISTS (SELECT 1 FROM frame v WHERE v.voids = f.id)"
        " AND f.incarnation = (SELECT incarnation FROM identity) ORDER BY f.id"
    )
    return [
        RefusedFrame(
            id=id_,
            lane=Lane(lane),
            sequence=sequence,
            hash=FrameHash(hash_),
            previous=parse(raw).previous,
            code=code,
        )
        for id_, lane, sequence, hash_, raw, code in rows
    ]


_CLOSE = ChainLog.close


def _close(self: ChainLog, sequence: int, frame_hash: FrameHash, previous: FrameHash) -> bool:
    """As before there was key 43: whatever lies before the sequence is what it followed."""
    before = self.head_hash if sequence == self.head + 1 else self._hash_beyond(sequence - 1)
    return _CLOSE(self, sequence, frame_hash, previous if before is None else before)
