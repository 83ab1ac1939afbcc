"""Finds texts in raw bytes, however they were encoded on the way: the search all forensic tests use.

A disguise is found by a run of its bytes, so a text that was cut at a page's or a record's edge is found too.
"""

from __future__ import annotations

import base64
import html
import json
import quopri
import sys
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, quote_plus

from sync.protocol.compression import _dictionary

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK_BYTES, CHUNK_CHARS = 14, 10
"""Looked for at a time, whichever is longer: a leak of twice as much holds a whole piece, and chance or
another text does not make one."""

SQUEEZED_STARTS = tuple(bytes([0, log << 3]) for log in range(12))
"""How a record that was squeezed but not sealed begins: zstd's descriptor, and a window of 1 KiB to 2 MiB."""

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZLIB_STARTS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
GZIP_MAGIC = b"\x1f\x8b\x08"
GZIP, ZLIB = 31, 15
"""How zlib is told which of the two envelopes to expect."""

UNPACKED_BYTES = 65_536
"""How far a compressed stream is followed: our texts are far shorter."""

_BETWEEN = b"\xff" * 16
"""Stands in no text, so two streams never make one together."""

_BLOCK_KINDS = (0, 2)
"""Of a zstd block that holds text: raw, compressed."""


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A canary by its name, and how it was disguised."""

    name: str
    disguise: str


def find(data: bytes, texts: Mapping[str, str]) -> list[Hit]:
    """Every text that stands in the data, plain, encoded or compressed."""
    hits = _plain(data, texts)
    for kind, streams in _unpacked(data):
        # Searched together: an image holds thousands of places where a stream might begin.
        found = _plain(_BETWEEN.join(streams), texts)
        hits |= {Hit(hit.name, f"{hit.disguise} in {kind}") for hit in found}
    return sorted(hits)


def find_plain(data: bytes, texts: Mapping[str, str]) -> list[Hit]:
    """The same without following compressed streams."""
    return sorted(_plain(data, texts))


def _plain(data: bytes, texts: Mapping[str, str]) -> set[Hit]:
    return {
        Hit(name, disguise)
        for name, text in texts.items()
        for disguise, needles in _needles(text)
        if any(needle in data for needle in needles)
    }


@cache
def _needles(text: str) -> tuple[tuple[str, tuple[bytes, ...]], ...]:
    """Disguise → pieces to look for."""
    return tuple((name, tuple(_pieces(whole, text))) for name, whole in _disguises(text))


def _pieces(whole: bytes, text: str) -> Iterator[bytes]:
    size = min(len(whole), piece_bytes(whole, text))
    for start in range(0, len(whole) - size + 1, size):
        yield whole[start : start + size]


def piece_bytes(whole: bytes, text: str) -> int:
    """How long the pieces of a disguise are that are looked for one by one."""
    return max(CHUNK_BYTES, CHUNK_CHARS * len(whole) // len(text))


def _disguises(text: str) -> Iterator[tuple[str, bytes]]:
    plain = text.encode()
    yield "UTF-8", plain
    yield "UTF-16LE", text.encode("utf-16-le")
    yield "UTF-16BE", text.encode("utf-16-be")
    yield "hex", plain.hex().encode()
    yield "upper hex", plain.hex().upper().encode()
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "URL", quote(text, safe="").encode()
    yield "form", quote_plus(text).encode()
    yield "quoted-printable", quopri.encodestring(plain).replace(b"=\n", b"")
    yield "backslashes", text.encode("unicode_escape")
    yield "escaped bytes", ascii(plain)[2:-1].encode()
    yield "HTML", html.escape(text).encode("ascii", "xmlcharrefreplace")
    yield "reversed", text[::-1].encode()
    for offset in range(3):
        yield f"base64 at {offset}", _base64(plain, offset)


def _base64(plain: bytes, offset: int) -> bytes:
    """What stands in base64 whatever comes before and after: without the letters that neighbours share."""
    coded = base64.b64encode(b"\0" * offset + plain + b"\0" * 3)
    return coded[4 if offset else 0 : -8]


def _unpacked(data: bytes) -> Iterator[tuple[str, Iterator[bytes]]]:
    for start in ZLIB_STARTS:
        yield "zlib", _inflated(data, start, ZLIB)
    yield "gzip", _inflated(data, GZIP_MAGIC, GZIP)
    frames = (data[place : place + UNPACKED_BYTES] for place in _places(data, ZSTD_MAGIC))
    yield "zstd", (_expanded(frame, None) for frame in frames)
    yield "a squeezed record", _squeezed(data)


def _squeezed(data: bytes) -> Iterator[bytes]:
    for start in SQUEEZED_STARTS:
        for place in _places(data, start):
            if _begins_block(data[place + 2 : place + 5]):
                frame = ZSTD_MAGIC + data[place : place + UNPACKED_BYTES]
                yield _expanded(frame, _dictionary())


def _begins_block(head: bytes) -> bool:
    """Whether a zstd block header can stand here: of a kind and a size that a text could have."""
    value = int.from_bytes(head, "little")
    return (value >> 1) & 3 in _BLOCK_KINDS and CHUNK_BYTES < value >> 3 < UNPACKED_BYTES


def _inflated(data: bytes, start: bytes, window: int) -> Iterator[bytes]:
    for place in _places(data, start):
        try:
            packed = data[place : place + UNPACKED_BYTES]
            yield zlib.decompressobj(window).decompress(packed, UNPACKED_BYTES)
        except zlib.error:
            continue


def _expanded(frame: bytes, dictionary: zstd.ZstdDict | None) -> bytes:
    """As much of a zstd frame as can be had; nothing when it is none."""
    try:
        return zstd.ZstdDecompressor(zstd_dict=dictionary).decompress(frame, UNPACKED_BYTES)
    except zstd.ZstdError:
        return b""


def _places(data: bytes, start: bytes) -> Iterator[int]:
    place = data.find(start)
    while place >= 0:
        yield place
        place = data.find(start, place + 1)
