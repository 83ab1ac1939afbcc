"""Bytes of a sync request → hello and uploads, each frame parsed once (docs/protocol.md §9)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

from sync.protocol.encoding import Incomplete, SequenceReader, decode, scan
from sync.protocol.errors import ProtocolError, Refusal, malformed
from sync.protocol.frames import Frame, parse
from sync.protocol.hello import Hello, parse_hello
from sync.protocol.ids import Chain, Lane
from sync.protocol.kinds import Key
from sync.protocol.limits import HEADER_BYTES, HELLO_SIZES
from sync.protocol.messages import Upload, parse_upload
from sync.protocol.shapes import UINT_MAX
from sync.server.outcome import Refused

UNREADABLE_LANE: Final = 0
"""Lane in the refusal of an item whose envelope could not be read."""

UNREADABLE_ITEMS: Final = 64
"""Items of one request that may be unreadable: four million of a byte each would cost minutes to refuse."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """One upload whose frame has the right form; its signature is not checked yet."""

    chain: Chain
    frame: Frame


class Request:
    """A request body as far as it could be read: at first its hello and the upload after that.

    The rest is read by `read_uploads`, once the hello has been found to hold: nobody else makes us parse it.
    What follows the hello never raises: an upload that cannot be read is refused by itself, and when even its
    end cannot be found, or too many could not be read, it is the last one.
    """

    def __init__(self, body: bytes, *, whole: bool) -> None:
        self._whole = whole
        self._reader = SequenceReader()
        self._items = self._reader.feed(body)
        value, raw = next(self._items, (None, b""))
        if not raw:
            raise malformed("expected a hello as the first item of the request")
        self.hello, self.hello_frame = parse_hello(value, raw)
        self.uploads: list[Parsed] = []
        self.refused: list[Refused] = []
        self._read(1)

    def read_uploads(self) -> None:
        """Read what is left."""
        self._read(None)

    def _read(self, most: int | None) -> None:
        try:
            for value, _ in itertools.islice(self._items, most):
                if len(self.refused) >= UNREADABLE_ITEMS:
                    raise ProtocolError(Refusal.QUOTA, "too many unreadable items: the rest was not read")
                self._read_upload(value)
            if most is None and self._whole and self._reader.rest:
                raise malformed("the last item is cut short")
        except ProtocolError as error:
            self.refused.append(_unreadable(self.hello, error))
            self._whole = False  # said once
            self._items = iter(())

    def _read_upload(self, value: object) -> None:
        try:
            upload = parse_upload(value)
        except ProtocolError as error:
            self.refused.append(_unreadable(self.hello, error))
            return
        chain = _chain(self.hello, upload)
        try:
            self.uploads.append(Parsed(chain, parse(upload.frame)))
        except ProtocolError as error:
            sequence = _sequence(upload.frame)
            self.refused.append(Refused(chain.lane, chain.device, chain.incarnation, sequence, error.code))


def read_request(body: bytes, *, whole: bool) -> Request:
    """The hello of a body and its first upload; `whole` says that an unfinished item is an error, no cut.

    Raises ProtocolError when there is no hello.
    """
    return Request(body, whole=whole)


def claimed_organisation(body: bytes | bytearray) -> bytes:
    """For which organisation a request says it speaks, unproven; empty when it has no hello.

    Cheap enough for the event loop: no more is looked at than a hello may have.
    """
    start = bytes(body[: max(HELLO_SIZES)])
    try:
        frame = decode(start[: scan(start, 0)])
        header = decode(frame[1]) if isinstance(frame, list) and isinstance(frame[1], bytes) else None
    except (ProtocolError, Incomplete, IndexError):
        return b""
    claimed = header.get(Key.HELLO_ORGANISATION) if isinstance(header, dict) else None
    return claimed if isinstance(claimed, bytes) else b""


def _unreadable(hello: Hello, error: ProtocolError) -> Refused:
    return Refused(UNREADABLE_LANE, hello.device, hello.incarnation, 0, error.code)


def _chain(hello: Hello, upload: Upload) -> Chain:
    return Chain(
        organisation=hello.organisation,
        lane=Lane(upload.lane),
        device=hello.device if upload.device is None else upload.device,
        incarnation=hello.incarnation if upload.incarnation is None else upload.incarnation,
    )


def _sequence(raw: bytes) -> int:
    """The sequence of a frame that is refused, so that its sender can tell which it was.

    0 when it cannot be read.
    """
    try:
        frame = decode(raw)
        if not isinstance(frame, list) or len(frame) < 2 or not isinstance(frame[1], bytes):
            return 0
        header = decode(frame[1], limit=HEADER_BYTES)
    except ProtocolError:
        return 0
    sequence = header.get(Key.SEQUENCE) if isinstance(header, dict) else None
    return sequence if type(sequence) is int and 0 < sequence <= UINT_MAX else 0
