"""Items of requests and replies: each comes back as it was, and no other shape is taken."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from sync.protocol.encoding import decode, encode
from sync.protocol.errors import Refusal
from sync.protocol.ids import Device, Incarnation, InviteId, Lane
from sync.protocol.limits import FRAME_BYTES, ORGANISATION_BYTES
from sync.protocol.messages import (
    CheckpointItem,
    ContradictionItem,
    DirectoryItem,
    EndItem,
    ErrorItem,
    FeedItem,
    GenerationItem,
    MailItem,
    OrganisationRequest,
    ReceiptItem,
    RefusedItem,
    ReplyItem,
    RootItem,
    Upload,
    encode_invite_request,
    encode_organisation_request,
    encode_reply,
    encode_upload,
    parse_invite_request,
    parse_organisation_request,
    parse_reply,
    parse_upload,
)
from tests.protocol.refusing import refused
from tests.protocol.samples import FIRST_ROOT, ORGANISATION, octets, signed_directory

DEVICE, INCARNATION = Device(octets("device")), Incarnation(octets("incarnation", 8))
FRAME = octets("frame", 400)
LANE = Lane(2)

# Each item beside the array that §9 gives for it.
REPLIES: list[tuple[ReplyItem, list[Any]]] = [
    (ReceiptItem(receipt=b"receipt"), [1, b"receipt"]),
    (
        MailItem(mail_index=4, lane=LANE, index=9, device=DEVICE, incarnation=INCARNATION, frame=FRAME),
        [2, 4, 2, 9, DEVICE, INCARNATION, FRAME],
    ),
    (RootItem(root=b"root"), [3, b"root"]),
    (DirectoryItem(directory=b"directory"), [4, b"directory"]),
    (
        RefusedItem(lane=2, device=DEVICE, incarnation=INCARNATION, sequence=7, code=Refusal.FORK),
        [5, 2, DEVICE, INCARNATION, 7, 6],
    ),
    (
        RefusedItem(lane=0, device=DEVICE, incarnation=INCARNATION, sequence=0, code=Refusal.MALFORMED),
        [5, 0, DEVICE, INCARNATION, 0, 1],
    ),
    (
        FeedItem(lane=LANE, index=9, device=DEVICE, incarnation=INCARNATION, frame=FRAME),
        [6, 2, 9, DEVICE, INCARNATION, FRAME],
    ),
    (CheckpointItem(checkpoint=b"checkpoint"), [7, b"checkpoint"]),
    (EndItem(request_limit=65_536, more=True), [8, 65_536, True]),
    (EndItem(request_limit=0, more=False), [8, 0, False]),
    (ErrorItem(code=Refusal.BUSY), [9, 15]),
    (
        ContradictionItem(lane=LANE, device=DEVICE, incarnation=INCARNATION, frame=FRAME),
        [11, 2, DEVICE, INCARNATION, FRAME],
    ),
    (
        GenerationItem(device=DEVICE, incarnation=INCARNATION, frame=FRAME),
        [10, DEVICE, INCARNATION, FRAME],
    ),
]


@pytest.mark.parametrize(("item", "array"), REPLIES, ids=lambda value: type(value).__name__)
def test_reply_items(item: ReplyItem, array: list[Any]) -> None:
    """Each item is written as the specification's array and read back."""
    assert encode_reply(item) == encode(array)
    assert parse_reply(decode(encode_reply(item))) == item


def test_every_reply_item_is_tried() -> None:
    """The table above has each item of the union."""
    assert {type(item) for item, _ in REPLIES} == set(get_args(ReplyItem))


@pytest.mark.parametrize(("item", "array"), REPLIES, ids=lambda value: type(value).__name__)
def test_reply_items_of_another_shape(item: ReplyItem, array: list[Any]) -> None:
    """A part missing, added or of another type, a device too short, a negative index: malformed."""
    bad: list[Any] = [array[:-1], [*array, 0], array[1:], [array], dict(enumerate(array))]
    bad += [[*array[:at], None, *array[at + 1 :]] for at in range(len(array))]
    bad += [
        [*array[:at], -1, *array[at + 1 :]] for at, part in enumerate(array) if not isinstance(part, bytes)
    ]
    bad += [
        [*array[:at], part[:-1], *array[at + 1 :]]
        for at, part in enumerate(array)
        if isinstance(part, bytes) and len(part) in (8, 16)
    ]
    for value in bad:
        with refused():
            parse_reply(value)
    assert parse_reply(array) == item


STRANGE: list[Any] = [
    [],
    [0],
    [10, b""],
    [True, b"receipt"],
    ["1", b"receipt"],
    [[1], b""],
    [None],
    {},
    1,
    None,
    b"",
]


@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_what_is_no_reply_item(value: object) -> None:
    """An unknown number, another type of number, no array."""
    with refused():
        parse_reply(value)


@pytest.mark.parametrize("code", [0, 17, 255, -1, True, None, "1"])
def test_unknown_refusal_codes(code: Any) -> None:
    """A code that is not of the list is malformed in both items that carry one."""
    for array in ([9, code], [5, 2, DEVICE, INCARNATION, 7, code]):
        with refused():
            parse_reply(array)


UPLOADS: list[tuple[Upload, list[Any]]] = [
    (Upload(lane=LANE, frame=FRAME), [2, FRAME]),
    (
        Upload(lane=LANE, device=DEVICE, incarnation=INCARNATION, frame=FRAME),
        [2, DEVICE, INCARNATION, FRAME],
    ),
]


@pytest.mark.parametrize(("upload", "array"), UPLOADS, ids=["own", "carried"])
def test_upload_items(upload: Upload, array: list[Any]) -> None:
    """One's own frame and one carried for somebody else; anything between is malformed."""
    assert encode_upload(upload) == encode(array)
    assert parse_upload(array) == upload
    bad: list[Any] = [array[:-1], [*array, 0], [0, *array[1:]], [-1, *array[1:]], [*array[:-1], "frame"]]
    bad += [[*array[:-1], bytes(FRAME_BYTES + 1)], [None, *array[1:]], [], {}, None, 7]
    bad += [[2, DEVICE[:-1], INCARNATION, FRAME], [2, DEVICE, INCARNATION[:-1], FRAME]]
    bad += [[2, None, None, FRAME], [2, DEVICE, FRAME]]
    for value in bad:
        with refused():
            parse_upload(value)


def test_invite_request() -> None:
    """Organisation and invite come back; a label, suite or length of another kind does not pass."""
    invite = InviteId(octets("invite"))
    raw = encode_invite_request(ORGANISATION, invite)
    assert raw == encode(["fieldkit/invite", 1, ORGANISATION, invite])
    assert parse_invite_request(raw) == (ORGANISATION, invite)
    bad: list[Any] = [
        ["fieldkit/ticket", 1, ORGANISATION, invite],
        ["fieldkit/invite", 2, ORGANISATION, invite],
    ]
    bad += [["fieldkit/invite", True, ORGANISATION, invite], ["fieldkit/invite", 1, ORGANISATION], [], None]
    bad += [
        ["fieldkit/invite", 1, ORGANISATION, invite[:-1]],
        ["fieldkit/invite", 1, ORGANISATION, invite, 0],
    ]
    for value in bad:
        with refused():
            parse_invite_request(encode(value))
    with refused():
        parse_invite_request(raw + b"\0")


def test_organisation_request() -> None:
    """Code and both documents come back, also the largest; another shape does not pass."""
    code = octets("code")
    request = OrganisationRequest(code=code, root=FIRST_ROOT.raw, directory=signed_directory())
    raw = encode_organisation_request(request)
    assert raw == encode(["fieldkit/organisation", 1, code, request.root, request.directory])
    assert parse_organisation_request(raw) == request
    largest = OrganisationRequest(code=code, root=bytes(61_440), directory=bytes(16_384))
    assert parse_organisation_request(encode_organisation_request(largest)) == largest
    bad: list[Any] = [
        ["fieldkit/invite", 1, code, b"", b""],
        ["fieldkit/organisation", 1, code[:-1], b"", b""],
    ]
    bad += [["fieldkit/organisation", 1, code, b""], ["fieldkit/organisation", 1, code, "", b""], {}]
    bad += [["fieldkit/organisation", 1, code, bytes(61_441), b""]]
    bad += [["fieldkit/organisation", 1, code, b"", bytes(16_385)]]
    for value in bad:
        with refused():
            parse_organisation_request(encode(value))
    with refused(words="at most"):
        parse_organisation_request(bytes(ORGANISATION_BYTES + 1))


def test_codes_and_documents_are_not_shown() -> None:
    """A printed request tells nothing of its code."""
    request = OrganisationRequest(code=octets("code"), root=b"root", directory=b"directory")
    assert repr(request) == "OrganisationRequest()"
