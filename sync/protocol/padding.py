"""Padding to a closed list of sizes, so that a length says little (docs/protocol.md §4).

Padmé is from "Reducing Metadata Leakage from Encrypted Files", PETS 2019, §4.
"""

from __future__ import annotations

from sync.protocol.errors import ProtocolError, Refusal, malformed
from sync.protocol.limits import PAD_FINE_LIMIT, PAD_FLOOR, PAD_STEP, PADDED_BYTES


def padded_size(length: int) -> int:
    """The smallest allowed size in bytes that holds `length` bytes and the one-byte marker's position.

    `length` already counts the marker. Raises ProtocolError (SIZE) when no allowed size is large enough.
    """
    if length <= PAD_FLOOR:
        return PAD_FLOOR
    if length <= PAD_FINE_LIMIT:
        return -(-length // PAD_STEP) * PAD_STEP
    exponent = length.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    size = -(-length // step) * step
    if size > PADDED_BYTES:
        raise ProtocolError(Refusal.SIZE, f"expected at most {PADDED_BYTES} bytes after padding, got {size}")
    return size


def allowed_size(size: int) -> bool:
    """Whether `size` is on the list of padded sizes."""
    return PAD_FLOOR <= size <= PADDED_BYTES and padded_size(size) == size


def pad(data: bytes) -> bytes:
    """`data`, the marker 0x80 and zeros up to the next allowed size."""
    marked = data + b"\x80"
    return marked.ljust(padded_size(len(marked)), b"\0")


def unpad(padded: bytes) -> bytes:
    """What `pad` was given.

    Raises ProtocolError (MALFORMED) for a size off the list, a missing marker or needless padding.
    """
    if not allowed_size(len(padded)):
        raise malformed(f"{len(padded)} is not a padded size")
    marked = padded.rstrip(b"\0")
    if not marked.endswith(b"\x80") or padded_size(len(marked)) != len(padded):
        raise malformed("the padding does not end as it must")
    return marked[:-1]
