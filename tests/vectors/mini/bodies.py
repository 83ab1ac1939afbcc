"""§4: what is inside a record: the zstd frame, and the plain body by type and lane."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from .cbor import decode, encode
from .failure import Failure, Item, array, bstr, keyed, need, text, uint
from .names import lane_number

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAGIC = bytes.fromhex("28b52ffd")
PLAIN_MAX = 1_048_576
WINDOW_LOG = 21
REVISION, PART, MEMBER, INVITED, BEAT = 1, 2, 4, 5, 6

DICTIONARY_FILE = Path(__file__).parents[3] / "sync" / "protocol" / "data" / "dictionary-1.zdict"
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
            parents = [bytes(bstr(parent, 16)) for parent in array(value, least=1)]
            need(len(parents) <= 16 and len(set(parents)) == len(parents), "malformed", "parents")
        elif key == 4:
            need(type(value) is dict and bool(value), "malformed", "answers that are no map")
            need(all(type(name) is str for name in value), "malformed", "a question without a name")
            need(_values(value, 1) <= 20_001 and _characters(value) <= 100_000, "malformed", "too much")
        elif key in INTEGERS:
            need(type(value) is int and value in INTEGERS[key], "malformed", f"integer {key} out of bounds")
        elif key == 11:
            bstr(value, 16)
        else:
            need(type(value) is str and value != "", "malformed", "a text that is none")
            need(len(value) <= (2_000 if key == 12 else 128), "malformed", f"text {key} too long")


INTEGERS: dict[int, set[int] | range] = {
    2: range(1, 2**53),
    5: range(253_402_300_800),
    6: {offset for offset in range(-1_080, 1_081) if offset},
    7: range(1, 3),
    9: range(1, 10),
}
"""What each integer of a revision may be; 0 is left out where it says nothing."""


def _values(value: Item, depth: int) -> int:
    """How many values there are, containers among them, each of a known sort and within its bounds."""
    need(type(value) in (str, int, bool, list, dict), "malformed", "an answer of no known sort")
    if type(value) is str:
        need(len(value) <= 50_000, "malformed", "a text too long")
    elif type(value) is int:
        need(abs(value) < 2**53, "malformed", "an integer too large")
    elif type(value) in (list, dict):
        need(depth <= 5, "malformed", "answers too deep")
        need(len(value) <= (512 if type(value) is dict else 1_000), "malformed", "too many in one place")
        named = all(type(name) is str and 0 < len(name) <= 64 for name in value)
        need(type(value) is list or named, "malformed", "the name of an answer")
        inside = value.values() if type(value) is dict else value
        return 1 + sum(_values(inner, depth + 1) for inner in inside)
    return 1


def _characters(value: Item) -> int:
    """Characters of all texts and names."""
    if type(value) is str:
        return len(value)
    if type(value) is dict:
        return sum(len(name) + _characters(inner) for name, inner in value.items())
    return sum(map(_characters, value)) if type(value) is list else 0


def plain_body(sort: int, content: dict[Item, Item], gossip: Item = None) -> bytes:
    """E([type, content, gossip])."""
    return encode([sort, content, gossip])
