"""zstd with the shipped dictionary (docs/protocol.md §4).

Decompression is capped and comes only after authentication.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib import resources
from typing import Final

from sync.protocol.errors import malformed
from sync.protocol.limits import DICTIONARY_SHA256, PLAIN_BYTES

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL: Final = 19
"""Of zstd: the slowest sensible level costs a millisecond a record and saves bytes on a slow link."""

_MAGIC: Final = b"\x28\xb5\x2f\xfd"
"""Four bytes that every zstd frame starts with (RFC 8878 §3.1.1): not sent."""

_DESCRIPTOR: Final = b"\0"
"""The byte after it (§3.1.1.1.1) when there is no checksum, content size or dictionary id."""

_WINDOW_LOG: Final = 21
"""A reader refuses a larger window than 2 MiB, which a plain body cannot need, before memory is set aside."""


@cache
def _dictionary() -> zstd.ZstdDict:
    data = resources.files("sync.protocol").joinpath("data", "dictionary-1.zdict").read_bytes()
    if hashlib.sha256(data).hexdigest() != DICTIONARY_SHA256:
        raise RuntimeError("dictionary-1.zdict is not dictionary 1; install the package again")
    return zstd.ZstdDict(data)


@cache
def _compressor() -> zstd.ZstdCompressor:
    parameter = zstd.CompressionParameter
    options: dict[int, int] = {
        parameter.compression_level: LEVEL,
        parameter.checksum_flag: 0,
        parameter.content_size_flag: 0,
        parameter.dict_id_flag: 0,
    }
    return zstd.ZstdCompressor(options=options, zstd_dict=_dictionary())


def squeeze(plain: bytes) -> bytes:
    """Compress a plain body; raise ValueError when it is larger than a reader would take."""
    if len(plain) > PLAIN_BYTES:
        raise ValueError(f"expected at most {PLAIN_BYTES} bytes, got {len(plain)}")
    compressor = _compressor()
    squeezed = compressor.compress(plain, zstd.ZstdCompressor.FLUSH_FRAME)
    return squeezed[len(_MAGIC) :]


def expand(squeezed: bytes) -> bytes:
    """What `squeeze` was given.

    Raise ProtocolError (MALFORMED) for anything that is not one frame within the cap.
    """
    if not squeezed.startswith(_DESCRIPTOR):
        raise malformed("the compressed frame states a size, a checksum or a dictionary")
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
    decompressor = zstd.ZstdDecompressor(zstd_dict=_dictionary(), options=options)
    try:
        plain = decompressor.decompress(_MAGIC + squeezed, PLAIN_BYTES + 1)
    except (zstd.ZstdError, MemoryError):
        raise malformed("the body does not decompress") from None
    if len(plain) > PLAIN_BYTES:
        raise malformed(f"the body expands beyond {PLAIN_BYTES} bytes")
    if not decompressor.eof or decompressor.unused_data:
        raise malformed("the body is not exactly one compressed frame")
    return plain
