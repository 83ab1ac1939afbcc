"""The signed hello that authenticates an exchange (docs/protocol.md §3 kind 1, §9)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import Frame, build, check_signature, encode_header, parse_value
from sync.protocol.ids import HELLO_LANE, Chain, Device, Incarnation, KeyId, Organisation
from sync.protocol.kinds import PULL_LANES, SYNC_LANES, Key, Kind
from sync.protocol.limits import HELLO_SIZES
from sync.protocol.signing import SIGNATURE_BYTES, SigningKey


class Purpose(IntEnum):
    """What the exchange is for."""

    SYNC = 1
    PULL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Who speaks, to which server, and what they hold."""

    organisation: Organisation
    device: Device
    incarnation: Incarnation
    log_key_id: KeyId
    purpose: Purpose
    nonce: bytes
    created: int
    """Seconds since 1970 by the sender's clock: advisory."""
    reply_limit: int
    directory_version: int
    root_version: int
    mail_cursor: int
    lanes: tuple[tuple[int, int] | tuple[int, bytes, int], ...]
    """sync: (lane, own head sequence); pull: (lane, generation, next index); ascending lanes."""

    @property
    def chain(self) -> Chain:
        """What the hello's signature covers beside its header."""
        return Chain(
            organisation=self.organisation,
            lane=HELLO_LANE,
            device=self.device,
            incarnation=self.incarnation,
        )


def build_hello(hello: Hello, key: SigningKey) -> Frame:
    """The signed hello, padded to the smallest size that fits."""
    header = {
        Key.HELLO_ORGANISATION: hello.organisation,
        Key.HELLO_DEVICE: hello.device,
        Key.HELLO_INCARNATION: hello.incarnation,
        Key.LOG_KEY_ID: hello.log_key_id,
        Key.PURPOSE: int(hello.purpose),
        Key.NONCE: hello.nonce,
        Key.CREATED: hello.created,
        Key.REPLY_LIMIT: hello.reply_limit,
        Key.DIRECTORY_VERSION: hello.directory_version,
        Key.ROOT_VERSION: hello.root_version,
        Key.MAIL_CURSOR: hello.mail_cursor,
        Key.LANES: [list(entry) for entry in hello.lanes],
    }
    return build(hello.chain, key, Kind.HELLO, header, bytes(_body_length(len(encode_header(header)))))


def _body_length(header_length: int) -> int:
    """Zero bytes that bring the frame to a listed size; the head that tells their length counts too.

    A size is passed over where no length meets it: 23 bytes have a head of one, 24 a head of two.
    """
    others = 2 + sum(_head_length(length) + length for length in (header_length, SIGNATURE_BYTES))
    for size in HELLO_SIZES:
        for head in (1, 2, 3):
            length = size - others - head
            if length >= 0 and _head_length(length) == head:
                return length
    raise ProtocolError(Refusal.SIZE, f"expected a hello of at most {max(HELLO_SIZES)} bytes")


def _head_length(length: int) -> int:
    """Bytes of the head of a byte string (§1)."""
    return 1 if length < 24 else 2 if length < 256 else 3


def parse_hello(value: object, raw: bytes) -> tuple[Hello, Frame]:
    """Read a hello, decoded as the first item of a request; its signature is for `verify_hello`."""
    frame = parse_value(value, raw)
    if frame.kind is not Kind.HELLO:
        raise ProtocolError(Refusal.KIND, f"expected a hello first, got a {frame.kind.name.lower()} frame")
    if len(frame.body) != _body_length(len(frame.header_bytes)) or any(frame.body):
        raise ProtocolError(Refusal.SIZE, f"expected a hello of the first of {HELLO_SIZES} bytes that fits")
    header = frame.header
    purpose = Purpose(header[Key.PURPOSE])
    entries = SYNC_LANES if purpose is Purpose.SYNC else PULL_LANES
    hello = Hello(
        organisation=header[Key.HELLO_ORGANISATION],
        device=header[Key.HELLO_DEVICE],
        incarnation=header[Key.HELLO_INCARNATION],
        log_key_id=header[Key.LOG_KEY_ID],
        purpose=purpose,
        nonce=header[Key.NONCE],
        created=header[Key.CREATED],
        reply_limit=header[Key.REPLY_LIMIT],
        directory_version=header[Key.DIRECTORY_VERSION],
        root_version=header[Key.ROOT_VERSION],
        mail_cursor=header[Key.MAIL_CURSOR],
        lanes=entries([list(entry) for entry in header[Key.LANES]]),
    )
    return hello, frame


def verify_hello(hello: Hello, frame: Frame, public_key: bytes) -> None:
    """Raise ProtocolError (SIGNATURE) unless the device's key signed the hello."""
    check_signature(frame, hello.chain, public_key)
