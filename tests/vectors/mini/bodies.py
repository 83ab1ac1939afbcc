"""§4: what is inside a record: the zstd frame, and the plain body by type and lane."""

from __future__ import annotations

import hashlib
from pathlib import Path

from backports import zstd

from .cbor import decode, encode
from .failure import Failure, Item, array, bstr, keyed, need, text, uint
from .names import lane_number

MAGIC = bytes.fromhex("28b52ffd")
PLAIN_MAX = 1_048_576
WINDOW_LOG = 21
REVISION, PART, MEMBER, INVITED, BEAT = 1, 2, 4, 5, 6

DICTIONARY_FILE = Path(__file__).parents[3] / "sync" / "protocol" / "data" / "dictionary-1.zdict"
# The specification leaves the number to a file of code; here it is for those who read only this.
DICTIONARY_SHA256 = "2d4d341d74a29eb97e791f645986ef791ce3e83e4f8a4323db5beb91382b8b8d"


def dictionary() -> zstd.ZstdDict:
    """Dictionary 1, checked."""
    data = DICTIONARY_FILE.read_bytes()
    need(hashlib.sha256(data).hexdigest() == DICTIONARY_SHA256, "malformed", "another dictionary")
    return zstd.ZstdDict(data)


def squeeze(plain: bytes) -> bytes:
    """One zstd frame without its magic. Versions of zstd differ in the bytes; any is right that expands."""
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: 19,
        zstd.CompressionParameter.window_log: WINDOW_LOG,
        zstd.CompressionParameter.content_size_flag: 0,
        zstd.CompressionParameter.checksum_flag: 0,
        zstd.CompressionParameter.dict_id_flag: 0,
    }
    frame = zstd.ZstdCompressor(zstd_dict=dictionary(), options=options).compress(
        plain, zstd.ZstdCompressor.FLUSH_FRAME
    )
    return bytes(frame[len(MAGIC) :])


def expand(squeezed: bytes) -> bytes:
    """The plain body, never more than its limit of it."""
    need(squeezed[:1] == b"\0", "malformed", "a frame descriptor that is not zero")
    need(len(squeezed) > 1 and _window(squeezed[1]) <= 1 << WINDOW_LOG, "malformed", "a window beyond 2 MiB")
    reader = zstd.ZstdDecompressor(
        zstd_dict=dictionary(), options={zstd.DecompressionParameter.window_log_max: WINDOW_LOG}
    )
    try:
        plain = reader.decompress(MAGIC + squeezed, PLAIN_MAX + 1)
        if not reader.eof and len(plain) <= PLAIN_MAX:
            plain += reader.decompress(b"", PLAIN_MAX + 1 - len(plain))
    except zstd.ZstdError:
        raise Failure("malformed", "not a zstd frame under dictionary 1") from None
    need(len(plain) <= PLAIN_MAX, "size", "a plain body beyond 1,048,576 bytes")
    need(reader.eof, "malformed", "the zstd frame is cut")
    need(not reader.unused_data, "malformed", "bytes after the zstd frame")
    return plain


def _window(descriptor: int) -> int:
    """RFC 8878 §3.1.1.1.2."""
    base = 1 << (10 + (descriptor >> 3))
    return base + base // 8 * (descriptor & 7)


def parse_plain(plain: bytes, kind: int, lane: int) -> tuple[int, dict[Item, Item], Item]:
    """Type, content and gossip of a plain body from a frame of this kind in this lane."""
    sort, content, gossip = array(decode(plain), 3)
    uint(sort)
    need(sort in (REVISION, PART, MEMBER, INVITED, BEAT), "malformed", f"no type {sort}")
    need((sort == BEAT) == (kind == 5), "malformed", "type 6 is in kind 5, and nothing else is")
    fits = {REVISION: lane == 1, PART: lane == 2 or lane >= 16, MEMBER: lane == 3, INVITED: lane == 3}
    need(fits.get(sort, True), "malformed", f"type {sort} is not for lane {lane}")
    if gossip is not None:
        array(gossip, 4)
        lane_number(gossip[0])
        bstr(gossip[1], 8)
        uint(gossip[2])
        bstr(gossip[3], 32)
    _content(sort, content)
    return sort, content, gossip


def _content(sort: int, content: Item) -> None:
    if sort == BEAT:
        uint(keyed(content, {1})[1])
    elif sort == MEMBER:
        keyed(content, {1, 2, 3})
        bstr(content[1], 16)
        uint(content[2], 1, 2)
        text(content[3])
    elif sort == INVITED:
        keyed(content, {1, 2, 3, 4, 5})
        bstr(content[1], 16)
        bstr(content[2], 32)
        uint(content[3], 1, 2)
        text(content[4])
        uint(content[5])
    else:
        _revision(sort, content)


def _revision(sort: int, content: Item) -> None:
    allowed = {1, 2, 4, 11} if sort == PART else set(range(1, 13)) - {11}
    need(type(content) is dict and all(type(key) is int for key in content), "malformed", "no content map")
    needed = {1, 2, 11} if sort == PART else {1, 2, 5}
    need(needed <= set(content) <= allowed, "malformed", "a key too many or too few for this type")
    for key, value in content.items():
        if key == 3:
            for parent in array(value, least=1):
                bstr(parent, 16)
        elif key == 4:
            need(type(value) is dict and bool(value), "malformed", "answers that are no map")
            need(all(type(name) is str for name in value), "malformed", "a question without a name")
            _answers(value)
        elif key in (5, 6):
            need(type(value) is int, "malformed", "a time that is no integer")
        elif key in (2, 7, 9):
            uint(value, 0, 2 if key == 7 else 2**63 - 1)
        elif key == 11:
            bstr(value, 16)
        else:
            need(type(value) is str and value != "", "malformed", "a text that is none")


def _answers(value: Item) -> None:
    need(type(value) in (str, int, bool, list, dict), "malformed", "an answer of no known sort")
    for inner in value.values() if type(value) is dict else value if type(value) is list else ():
        _answers(inner)


def plain_body(sort: int, content: dict[Item, Item], gossip: Item = None) -> bytes:
    """E([type, content, gossip])."""
    return encode([sort, content, gossip])
