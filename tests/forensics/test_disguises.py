"""The search itself: what is planted is found, however it is disguised; what is not there is not."""

from __future__ import annotations

import base64
import gzip
import json
import os
import quopri
import sys
import zlib
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from sync.protocol.compression import squeeze
from tests.forensics.canaries import WRITTEN
from tests.forensics.disguises import CHUNK_BYTES, find, piece_bytes

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DISGUISES: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-16LE": lambda text: text.encode("utf-16-le"),
    "UTF-16BE": lambda text: text.encode("utf-16-be"),
    "hex": lambda text: text.encode().hex().encode(),
    "upper hex": lambda text: text.encode().hex().upper().encode(),
    "JSON": lambda text: json.dumps(f"before {text} after").encode(),
    "URL": lambda text: f"?q={quote(text, safe='')}&x".encode(),
    "form": lambda text: f"?q={quote_plus(text)}&x".encode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()),
    "repr": lambda text: ascii(text).encode(),
    "repr of bytes": lambda text: repr(text.encode()).encode(),
    "HTML": lambda text: text.encode("ascii", "xmlcharrefreplace"),
    "reversed": lambda text: text[::-1].encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 one in": lambda text: base64.b64encode(b"x" + text.encode() + b"y"),
    "base64 two in": lambda text: base64.b64encode(b"xx" + text.encode() + b"yy"),
    "zlib": lambda text: zlib.compress(text.encode()),
    "zlib, level 1": lambda text: zlib.compress(text.encode(), 1),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zstd": lambda text: zstd.compress(text.encode()),
    "zstd, cut": lambda text: zstd.compress(text.encode() + os.urandom(90_000))[:20_000],
    "squeezed, padded, not sealed": lambda text: squeeze(text.encode()) + b"\x80\0\0\0",
    "squeezed with others": lambda text: squeeze(b"a report " * 50 + text.encode()),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_planted_is_found(disguise: str) -> None:
    """Each of the texts, in each disguise, in the middle of noise."""
    missed = [
        name
        for name, text in WRITTEN.items()
        if name not in {hit.name for hit in find(_amid_noise(DISGUISES[disguise](text)), WRITTEN)}
    ]
    assert missed == []


def test_half_is_found() -> None:
    """A text that was cut at the edge of a page is found by what is left of it."""
    for name, text in WRITTEN.items():
        whole = text.encode()
        half = 2 * piece_bytes(whole, text) - 1
        for part in (whole[:half], whole[-half:]):
            assert name in {hit.name for hit in find(_amid_noise(part), WRITTEN)}, part


def test_noise_holds_nothing() -> None:
    """A megabyte of noise, zeros and other reports gives no hit."""
    other = json.dumps(
        {"title": "Shelling of a market", "narrative": "قصف على سوق شعبي وسط المدينة"}
    ).encode()
    assert find(os.urandom(1 << 20) + bytes(100_000) + other + squeeze(other), WRITTEN) == []


def test_there_are_twenty_and_they_are_distinct() -> None:
    """Nineteen of them and the invite; no text would be found in place of another."""
    assert len(WRITTEN) == 19
    for name, text in WRITTEN.items():
        assert {hit.name for hit in find(text.encode(), WRITTEN)} == {name}
        assert len(text.encode()) >= CHUNK_BYTES


def _amid_noise(planted: bytes) -> bytes:
    return os.urandom(3_001) + bytes(500) + planted + bytes(500) + os.urandom(2_000)
