"""§4: the sizes of a padded body, and the padding."""

from __future__ import annotations

from .failure import need

SMALLEST = 256
STEP = 64
STEPS_END = 1_024
LARGEST = 61_440


def padded_size(length: int) -> int:
    """The size for so many bytes, the 0x80 counted."""
    if length <= SMALLEST:
        return SMALLEST
    if length <= STEPS_END:
        return -(-length // STEP) * STEP
    e = length.bit_length() - 1
    s = e.bit_length()  # floor(log2 e) + 1
    unit = 1 << (e - s)
    size = -(-length // unit) * unit
    need(size <= LARGEST, "size", "a body beyond 61,440 bytes")
    return size


def sizes() -> list[int]:
    """Every size of the list, ascending."""
    found, length = [], 1
    while length <= LARGEST:
        found.append(padded_size(length))
        length = found[-1] + 1
    return found


def pad(squeezed: bytes) -> bytes:
    """The squeezed bytes, a marker, zeros."""
    return (squeezed + b"\x80").ljust(padded_size(len(squeezed) + 1), b"\0")


def unpad(padded: bytes) -> bytes:
    """The squeezed bytes again; refuses every other padding of them."""
    need(len(padded) <= LARGEST and padded_size(len(padded)) == len(padded), "size", "a size not on the list")
    stripped = padded.rstrip(b"\0")
    need(stripped[-1:] == b"\x80", "malformed", "no marker before the zeros")
    need(padded_size(len(stripped)) == len(padded), "malformed", "more padding than needed")
    return stripped[:-1]
