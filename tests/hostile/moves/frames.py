"""Frames, chains and requests that no honest program makes (docs/protocol.md §3, §9)."""

from __future__ import annotations

import os

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.encoding import encode
from sync.protocol.errors import Refusal
from sync.protocol.frames import build
from sync.protocol.hello import Purpose
from sync.protocol.ids import ADMIN, MAIN, NO_HASH, Organisation
from sync.protocol.kinds import Key, Kind
from sync.protocol.limits import FRAME_BYTES
from sync.protocol.shapes import UINT_MAX
from tests.hostile.move import Move
from tests.hostile.rogue import Rogue

BEGINNING = {1: 1, 2: NO_HASH}


def two_epochs(rogue: Rogue) -> None:
    """Two valid epoch frames under one sequence, and a record under each."""
    first = rogue.epoch()
    del rogue.heads[MAIN]
    second = rogue.epoch()
    rogue.send(first)
    rogue.send(second)


def giant_step(rogue: Rogue) -> None:
    """A record at a step that would take years to derive."""
    header = {**BEGINNING, 3: bytes(16), 4: UINT_MAX, 5: bytes(16)}
    rogue.say(rogue.hello() + rogue.raw(Kind.RECORD, header, os.urandom(272)))


def last_step(rogue: Rogue) -> None:
    """The highest step there may be, under a key that is not its own."""
    epoch = rogue.epoch()
    header = {Key.SEQUENCE: 2, Key.PREVIOUS: epoch.hash, Key.EPOCH: epoch.hash[:16], Key.STEP: 1_023}
    frame = build(rogue.chain(MAIN), rogue.key, Kind.RECORD, {**header, Key.SEAL: bytes(16)}, os.urandom(272))
    rogue.send(epoch, frame)


def last_sequence(rogue: Rogue) -> None:
    """A record under the last sequence there is."""
    rogue.send(rogue.epoch(), rogue.sealed(encode([6, {1: 1}, None]), sequence=UINT_MAX))


def closes_the_last(rogue: Rogue) -> None:
    """A void under the last sequence, for the one before it."""
    header = {Key.SEQUENCE: UINT_MAX, Key.PREVIOUS: NO_HASH, Key.VOIDED: UINT_MAX - 1}
    header |= {Key.VOIDED_HASH: bytes(32), Key.REASON: 1, Key.VOIDED_PREVIOUS: bytes(32)}
    rogue.send(build(rogue.chain(MAIN), rogue.key, Kind.VOID, header))


def acknowledges(rogue: Rogue) -> None:
    """An acknowledgement, which only coordinators write."""
    header = {Key.TO: rogue.device, Key.INCARNATION: bytes(8), Key.RANGES: [[1, 9]], Key.PROOF: bytes(32)}
    rogue.send(rogue.write(MAIN, Kind.ACKNOWLEDGEMENT, header))


def certifies(rogue: Rogue) -> None:
    """A certificate and an invite, which only officers write."""
    to = {Key.TO: rogue.device, Key.INVITE: bytes(16), Key.ROLE: 2, Key.PUBLIC_KEY: rogue.key.public}
    invite = {Key.INVITE: os.urandom(16), Key.ROLE: 2, Key.EXPIRES: 1 << 30}
    rogue.send(
        rogue.write(ADMIN, Kind.CERTIFICATE, {**to, Key.JOIN_HASH: bytes(32)}),
        rogue.write(ADMIN, Kind.INVITE, invite, bytes(32)),
        lane=ADMIN,
    )


def replays(rogue: Rogue) -> None:
    """The same request three times."""
    body = rogue.hello() + rogue.upload(MAIN, rogue.epoch())
    for _ in range(3):
        rogue.say(body)


def another_organisation(rogue: Rogue) -> None:
    """A hello to an organisation that is not there, and a frame that was signed for it."""
    foreign = Organisation(b"\7" * 16)
    rogue.say(rogue.hello(organisation=foreign))
    true = rogue.organisation
    rogue.organisation = foreign
    frame = rogue.record()
    rogue.organisation = true
    rogue.send(frame)


def pulls(rogue: Rogue) -> None:
    """A pull of the lanes only coordinators read."""
    lanes = tuple((number, bytes(8), 0) for number in (1, 2, 3))
    rogue.say(rogue.hello(Purpose.PULL, lanes=lanes), "/v1/pull")


def junk(rogue: Rogue) -> None:
    """Frames of reserved kinds, pieces of attachments among them, and of no kind at all."""
    kinds = (6, 7, 9, 10, 12, 16, 99, UINT_MAX)
    rogue.say(rogue.hello() + b"".join(rogue.raw(kind, BEGINNING, os.urandom(900)) for kind in kinds))


def too_large(rogue: Rogue) -> None:
    """A frame that is larger than a frame, and a body of a size that is on no list."""
    header = {**BEGINNING, 3: bytes(16), 4: 0, 5: bytes(16)}
    rogue.say(
        rogue.hello()
        + encode([1, bytes(FRAME_BYTES + 1)])
        + rogue.raw(Kind.RECORD, header, os.urandom(60_001))
    )


def many_small_items(rogue: Rogue) -> None:
    """Ten thousand items of one byte."""
    rogue.say(rogue.hello() + b"\x00" * 10_000)


def nests(rogue: Rogue) -> None:
    """A body of nothing but brackets."""
    rogue.say(rogue.hello() + b"\x81" * 100_000)


def promises(rogue: Rogue) -> None:
    """An item that promises more than there is memory."""
    rogue.say(rogue.hello() + b"\x5b\x7f" + b"\xff" * 7 + bytes(60_000))


def broken_signatures(rogue: Rogue) -> None:
    """Many records whose signature does not hold."""
    frames = [rogue.record().raw for _ in range(300)]
    changed = [raw[:-1] + bytes([raw[-1] ^ 1]) for raw in frames]
    rogue.say(rogue.hello() + b"".join(encode([1, raw]) for raw in changed))


MOVES = (
    Move(
        name="two epochs under one number",
        does="forks its chain at an epoch",
        check="sync/protocol/chain.py::ChainLog.add",
        section="§3",
        act=two_epochs,
        refused=(Refusal.FORK,),
    ),
    Move(
        name="giant ratchet step",
        does="names a step beyond all",
        check="sync/protocol/frames.py::parse",
        section="§5",
        act=giant_step,
        refused=(Refusal.MALFORMED,),
    ),
    Move(
        name="last ratchet step",
        does="has a thousand keys derived for nothing",
        check="sync/protocol/sealing.py::open_record",
        section="§5",
        act=last_step,
        exit=ExitCode.PARTIAL,
        why=("the record does not open with its epoch's key",),
    ),
    Move(
        name="last sequence",
        does="jumps to the end of all numbers",
        check="fieldkit/vault/inbox.py::Inbox._link",
        section="§3",
        act=last_sequence,
        exit=ExitCode.PARTIAL,
        why=("a record frame holds a heartbeat",),
    ),
    Move(
        name="void of the last sequence",
        does="closes a number at the end of all",
        check="fieldkit/vault/inbox.py::Inbox._link",
        section="§3",
        act=closes_the_last,
        exit=ExitCode.PARTIAL,
    ),
    Move(
        name="forged acknowledgement by a reporter",
        does="acknowledges reports itself",
        check="sync/protocol/permissions.py::check_write",
        section="§8",
        act=acknowledges,
        refused=(Refusal.NOT_PERMITTED,),
    ),
    Move(
        name="certificates itself",
        does="writes what officers write",
        check="sync/protocol/permissions.py::check_write",
        section="§3",
        act=certifies,
        refused=(Refusal.NOT_PERMITTED,),
    ),
    Move(
        name="replayed hello",
        does="sends a request again",
        check="sync/server/nonces.py::Nonces.spend",
        section="§9",
        act=replays,
        whole=(Refusal.NONCE, Refusal.NONCE),
    ),
    Move(
        name="foreign organisation",
        does="speaks to and for another organisation",
        check="sync/server/documents.py::Documents.directory",
        section="§9",
        act=another_organisation,
        whole=(Refusal.ORGANISATION,),
        refused=(Refusal.SIGNATURE,),
    ),
    Move(
        name="pulls what it may not read",
        does="asks for the feeds",
        check="sync/protocol/permissions.py::check_pull",
        section="§9",
        act=pulls,
        whole=(Refusal.NOT_PERMITTED,),
    ),
    Move(
        name="junk frames and pieces",
        does="sends kinds that are reserved",
        check="sync/protocol/frames.py::parse_value",
        section="§3",
        act=junk,
        refused=(Refusal.KIND,),
    ),
    Move(
        name="oversize",
        does="sends too large a frame and body",
        check="sync/protocol/frames.py::parse",
        section="§3",
        act=too_large,
        refused=(Refusal.MALFORMED, Refusal.SIZE),
    ),
    Move(
        name="ten thousand one-byte items",
        does="sends a body of crumbs",
        check="sync/server/requests.py::Request._read",
        section="§9",
        act=many_small_items,
        refused=(Refusal.MALFORMED, Refusal.QUOTA),
    ),
    Move(
        name="deep nesting, request",
        does="nests a body",
        check="sync/protocol/encoding.py::Scanner.run",
        section="§1",
        act=nests,
        refused=(Refusal.MALFORMED,),
    ),
    Move(
        name="huge promise",
        does="promises a string of 2^63 bytes",
        check="sync/protocol/encoding.py::SequenceReader.feed",
        section="§1",
        act=promises,
        refused=(Refusal.MALFORMED,),
    ),
    Move(
        name="broken signatures",
        does="has many signatures checked",
        check="sync/protocol/frames.py::check_signature",
        section="§3",
        act=broken_signatures,
        refused=(Refusal.SIGNATURE,),
    ),
)
