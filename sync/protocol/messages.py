"""The items of requests and replies (docs/protocol.md §9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from sync.protocol.encoding import decode, encode
from sync.protocol.errors import Refusal, malformed
from sync.protocol.ids import ID_BYTES, INCARNATION_BYTES, Device, Incarnation, InviteId, Lane, Organisation
from sync.protocol.limits import CONTROL_BYTES, DIRECTORY_BYTES, FRAME_BYTES, ORGANISATION_BYTES, ROOT_BYTES
from sync.protocol.receipts import STATEMENT_BYTES
from sync.protocol.shapes import Check, between, blob, boolean, constant, lane_number, octets, row, uint


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A frame on its way up; device and incarnation are None for the hello's own."""

    lane: Lane
    device: Device | None = None
    incarnation: Incarnation | None = None
    frame: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptItem:
    """A signed receipt, see receipts.py."""

    receipt: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailItem:
    """A frame addressed to the device, at a position of its mailbox."""

    mail_index: int
    lane: Lane
    index: int
    device: Device
    incarnation: Incarnation
    frame: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RootItem:
    """A signed root document."""

    root: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryItem:
    """The newest signed directory."""

    directory: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedItem:
    """An upload item that was not taken; sequence 0 when it could not be read."""

    lane: int
    device: Device
    incarnation: Incarnation
    sequence: int
    code: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """A frame at a position of a lane."""

    lane: Lane
    index: int
    device: Device
    incarnation: Incarnation
    frame: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointItem:
    """A signed checkpoint, see receipts.py."""

    checkpoint: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationItem:
    """The frame by which a coordinator let a lane begin anew (kind 20), see generations.py."""

    device: Device
    incarnation: Incarnation
    frame: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionItem:
    """A frame the server holds that contradicts one it refused as a fork: proof of a copied vault."""

    lane: Lane
    device: Device
    incarnation: Incarnation
    frame: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndItem:
    """The reply is whole; what a request may weigh; whether more waits."""

    request_limit: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorItem:
    """The whole request was refused."""

    code: Refusal


ReplyItem = (
    ReceiptItem
    | MailItem
    | RootItem
    | DirectoryItem
    | RefusedItem
    | FeedItem
    | CheckpointItem
    | GenerationItem
    | ContradictionItem
    | EndItem
    | ErrorItem
)

_device = octets(ID_BYTES)
_incarnation = octets(INCARNATION_BYTES)
_frame = blob(FRAME_BYTES)
_OWN = row(between(1), _frame)
_CARRIED = row(between(1), _device, _incarnation, _frame)


def _refusal(value: object) -> Refusal:
    try:
        return Refusal(uint(value))
    except ValueError:
        raise malformed("expected a known refusal code") from None


_SHAPES: Final[dict[int, tuple[type[Any], Check]]] = {
    1: (ReceiptItem, row(uint, blob(STATEMENT_BYTES))),
    2: (MailItem, row(uint, uint, lane_number, uint, _device, _incarnation, _frame)),
    3: (RootItem, row(uint, blob(ROOT_BYTES))),
    4: (DirectoryItem, row(uint, blob(DIRECTORY_BYTES))),
    5: (RefusedItem, row(uint, uint, _device, _incarnation, uint, _refusal)),
    6: (FeedItem, row(uint, lane_number, uint, _device, _incarnation, _frame)),
    7: (CheckpointItem, row(uint, blob(STATEMENT_BYTES))),
    8: (EndItem, row(uint, uint, boolean)),
    9: (ErrorItem, row(uint, _refusal)),
    10: (GenerationItem, row(uint, _device, _incarnation, _frame)),
    11: (ContradictionItem, row(uint, lane_number, _device, _incarnation, _frame)),
}
_NUMBERS: Final = {item: number for number, (item, _) in _SHAPES.items()}


def encode_upload(upload: Upload) -> bytes:
    """One upload item."""
    if upload.device is None:
        return encode([upload.lane, upload.frame])
    return encode([upload.lane, upload.device, upload.incarnation, upload.frame])


def parse_upload(value: object) -> Upload:
    """Read an upload item; raise ProtocolError (MALFORMED). The frame inside is not looked at."""
    if isinstance(value, list) and len(value) == 2:
        lane, frame = _OWN(value)
        return Upload(lane=lane, frame=frame)
    lane, device, incarnation, frame = _CARRIED(value)
    return Upload(lane=lane, device=device, incarnation=incarnation, frame=frame)


def encode_reply(item: ReplyItem) -> bytes:
    """One reply item."""
    fields = [getattr(item, name) for name in type(item).__dataclass_fields__]
    return encode([_NUMBERS[type(item)], *(int(one) if isinstance(one, Refusal) else one for one in fields)])


def parse_reply(value: object) -> ReplyItem:
    """Read a reply item; raise ProtocolError (MALFORMED)."""
    if not isinstance(value, list) or not value or not isinstance(value[0], int) or value[0] not in _SHAPES:
        raise malformed("expected a reply item")
    kind, shape = _SHAPES[value[0]]
    _, *read = shape(value)
    item: ReplyItem = kind(**dict(zip(kind.__dataclass_fields__, read, strict=True)))
    return item


_INVITE_REQUEST = row(constant("fieldkit/invite"), constant(1), octets(ID_BYTES), octets(ID_BYTES))
_ORGANISATION_REQUEST = row(
    constant("fieldkit/organisation"), constant(1), octets(ID_BYTES), blob(ROOT_BYTES), blob(DIRECTORY_BYTES)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRequest:
    """Makes an organisation with a ticket's single-use code."""

    code: bytes = field(repr=False)
    root: bytes = field(repr=False)
    directory: bytes = field(repr=False)


def encode_invite_request(organisation: Organisation, invite: InviteId) -> bytes:
    """The body of POST /v1/invite."""
    return encode(["fieldkit/invite", 1, organisation, invite])


def parse_invite_request(raw: bytes) -> tuple[Organisation, InviteId]:
    """Read it; raise ProtocolError."""
    _, _, organisation, invite = _INVITE_REQUEST(decode(raw, limit=CONTROL_BYTES))
    return organisation, invite


def encode_organisation_request(request: OrganisationRequest) -> bytes:
    """The body of POST /v1/organisation."""
    return encode(["fieldkit/organisation", 1, request.code, request.root, request.directory])


def parse_organisation_request(raw: bytes) -> OrganisationRequest:
    """Read it; raise ProtocolError."""
    _, _, code, root, directory = _ORGANISATION_REQUEST(decode(raw, limit=ORGANISATION_BYTES))
    return OrganisationRequest(code=code, root=root, directory=directory)
