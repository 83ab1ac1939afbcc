"""§9: request and reply bodies."""

from __future__ import annotations

from .cbor import ITEM_MAX_BYTES, decode, decode_at, decode_sequence
from .failure import Failure, Item, array, bstr, need, uint
from .frames import FRAME_MAX, HELLO, Frame, parse
from .names import SUITE, lane_number

# What an element of a reply item is, by the item's first element.
REPLY = {
    1: ("statement",),
    2: ("uint", "lane", "uint", "device", "incarnation", "frame"),
    3: ("root",),
    4: ("directory",),
    5: ("lane or 0", "device", "incarnation", "uint", "code"),
    6: ("lane", "uint", "device", "incarnation", "frame"),
    7: ("statement",),
    8: ("uint", "bool"),
    9: ("code",),
    10: ("device", "incarnation", "frame"),
    11: ("lane", "device", "incarnation", "frame"),
}
BYTES_MAX = {"statement": 8_192, "frame": FRAME_MAX, "root": 61_440, "directory": 16_384}
LAST, REFUSED = 8, 9

CODES_HIGHEST = 16
"""The last refusal code of §9."""


def _element(sort: str, value: Item) -> None:
    if sort in BYTES_MAX:
        need(len(bstr(value)) <= BYTES_MAX[sort], "size", f"a {sort} too long")
    elif sort == "lane" or (sort == "lane or 0" and value != 0):
        lane_number(value)
    elif sort == "device":
        bstr(value, 16)
    elif sort == "incarnation":
        bstr(value, 8)
    elif sort == "code":
        uint(value, 1, CODES_HIGHEST)
    elif sort == "bool":
        need(type(value) is bool, "malformed", "more is true or false")
    else:
        uint(value)


def reply_item(raw: bytes) -> list[Item]:
    """One item of a reply."""
    need(len(raw) <= ITEM_MAX_BYTES, "size", "an item beyond 131,072 bytes")
    item = array(decode(raw), least=1)
    sort = uint(item[0])
    need(sort in REPLY, "malformed", f"no reply item {sort}")
    array(item, 1 + len(REPLY[sort]))
    for name, value in zip(REPLY[sort], item[1:], strict=True):
        _element(name, value)
    return item


def reply(body: bytes) -> tuple[list[int], bool]:
    """The sorts of the complete items of a reply, and whether the reply is whole."""
    raws, clean = decode_sequence(body)
    sorts: list[int] = [reply_item(raw)[0] for raw in raws]
    need(LAST not in sorts[:-1], "malformed", "something after the last item")
    need(REFUSED not in sorts or len(sorts) == 1, "malformed", "a refusal stands alone")
    need(clean or sorts[-1:] != [LAST], "malformed", "something after the last item")
    return sorts, clean and sorts[-1:] == [LAST]


def upload_item(raw: bytes) -> tuple[int, bytes | None, bytes | None, Frame]:
    """Lane, device and incarnation (None: the hello's), and the frame."""
    need(len(raw) <= ITEM_MAX_BYTES, "size", "an item beyond 131,072 bytes")
    item = array(decode(raw))
    need(len(item) in (2, 4), "malformed", "an upload item has 2 or 4 elements")
    lane = lane_number(item[0])
    device, incarnation = (bstr(item[1], 16), bstr(item[2], 8)) if len(item) == 4 else (None, None)
    frame = parse(bstr(item[-1]))
    need(frame.kind != HELLO, "kind", "a hello is no upload")
    return lane, device, incarnation, frame


def request(body: bytes) -> tuple[Frame, list[str], bool]:
    """The hello of a request, the fate of each upload item ("ok" or a failure), and whether it was whole."""
    try:
        raws, clean = decode_sequence(body)
    except Failure:
        # What follows bad bytes has no beginning; what came before them stands.
        raws, clean = _before_damage(body), False
    need(bool(raws), "malformed", "no hello")
    hello = parse(raws[0])
    need(hello.kind == HELLO, "kind", "a request begins with a hello")
    need(hello.header[34] == 1 or len(raws) == 1, "malformed", "a pull has no uploads")
    fates = []
    for raw in raws[1:]:
        try:
            upload_item(raw)
            fates.append("ok")
        except Failure as failure:
            fates.append(failure.name)
    return hello, fates, clean


def _before_damage(body: bytes) -> list[bytes]:
    raws, at = [], 0
    while at < len(body):
        try:
            _, end = decode_at(body[at : at + ITEM_MAX_BYTES])
        except Failure:
            break
        raws.append(body[at : at + end])
        at += end
    return raws


def invite_request(raw: bytes) -> tuple[bytes, bytes]:
    """Organisation and invite id of `POST /v1/invite`."""
    label, suite, organisation, invite = array(decode(raw), 4)
    need(label == "fieldkit/invite" and type(suite) is int and suite == SUITE, "malformed", "another label")
    return bstr(organisation, 16), bstr(invite, 16)


def organisation_request(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Code, root and directory of `POST /v1/organisation`; the documents are not looked into."""
    label, suite, code, root, directory = array(decode(raw), 5)
    need(
        label == "fieldkit/organisation" and type(suite) is int and suite == SUITE,
        "malformed",
        "another label",
    )
    need(len(bstr(root)) <= BYTES_MAX["root"], "size", "a root too long")
    need(len(bstr(directory)) <= BYTES_MAX["directory"], "size", "a directory too long")
    return bstr(code, 16), root, directory
