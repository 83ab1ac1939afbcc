"""Squeezing with the shipped dictionary, and that hostile input cannot fill memory."""

from __future__ import annotations

import sys
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import compression
from sync.protocol.compression import expand, squeeze
from sync.protocol.limits import PLAIN_BYTES
from tests.protocol.refusing import refused
from tests.protocol.samples import octets

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RAW, RLE, RESERVED = 0, 1, 3
LAST = 1
SMALL_WINDOW, TWO_MIB, FOUR_MIB, LARGEST = 0x00, 11 << 3, 12 << 3, 21 << 3


def block(kind: int, size: int, content: bytes, last: int = 0) -> bytes:
    """One block (RFC 8878 §3.1.1.2)."""
    return (last | kind << 1 | size << 3).to_bytes(3, "little") + content


def squeezed_with(**options: int) -> bytes:
    """A text squeezed with other settings than ours, magic left off."""
    named = {getattr(zstd.CompressionParameter, name): value for name, value in options.items()}
    dictionary = zstd.ZstdDict(_dictionary_bytes())
    return zstd.compress(b"a report " * 40, options=named, zstd_dict=dictionary)[4:]


def _dictionary_bytes() -> bytes:
    return compression._dictionary().dict_content


@given(st.binary(max_size=2_000) | st.text(max_size=800).map(str.encode))
def test_round_trip(plain: bytes) -> None:
    """Whatever is squeezed comes back."""
    assert expand(squeeze(plain)) == plain


@pytest.mark.parametrize("size", [0, 1, 1_000, 100_000, PLAIN_BYTES])
@pytest.mark.parametrize("name", ["zeros", "random"])
def test_all_sizes(size: int, name: str) -> None:
    """Every size up to the cap goes both ways, whether it shrinks or not."""
    plain = bytes(size) if name == "zeros" else octets(name, size)
    assert expand(squeeze(plain)) == plain


def test_the_descriptor_is_zero() -> None:
    """The frame states no size, checksum or dictionary: its first byte is always the same."""
    assert {squeeze(octets(str(size), size))[0] for size in (0, 10, 300, 70_000)} == {0}


def test_one_byte_too_many_is_not_squeezed() -> None:
    """A body that no reader would take is refused where it is made."""
    with pytest.raises(ValueError, match="at most"):
        squeeze(bytes(PLAIN_BYTES + 1))


def test_one_byte_too_many_is_not_expanded() -> None:
    """A reader stops at the cap, whatever comes."""
    chunk = 128 * 1024
    full = b"".join(block(RLE, chunk, b"x") for _ in range(8))
    head = bytes([0, TWO_MIB])
    assert len(expand(head + full + block(RAW, 0, b"", LAST))) == PLAIN_BYTES
    with refused(words="beyond"):
        expand(head + full + block(RLE, 1, b"x", LAST))


def test_a_bomb_costs_no_memory() -> None:
    """A hundred kilobytes that expand to gigabytes are stopped near the cap."""
    bomb = bytes([0, TWO_MIB]) + b"".join(block(RLE, 128 * 1024, b"x") for _ in range(25_000))
    tracemalloc.start()
    try:
        with refused(words="beyond"):
            expand(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * PLAIN_BYTES


@pytest.mark.parametrize(
    ("window", "taken"), [(SMALL_WINDOW, True), (TWO_MIB, True), (FOUR_MIB, False), (LARGEST, False)]
)
def test_the_window_is_bounded(window: int, taken: bool) -> None:
    """A frame may not ask for more memory than a plain body can need."""
    frame = bytes([0, window]) + block(RAW, 3, b"abc", LAST)
    if taken:
        assert expand(frame) == b"abc"
    else:
        with refused():
            expand(frame)


FRAME = bytes([0, 0]) + block(RAW, 3, b"abc", LAST)


MAGIC = b"\x28\xb5\x2f\xfd"
DEFECTS = {
    "empty": b"",
    "cut head": b"\0",
    "cut": FRAME[:-1],
    "a byte after": FRAME + b"\0",
    "a second frame": FRAME + MAGIC + FRAME,
    "magic": MAGIC + FRAME,
    "no last block": bytes([0, 0]) + block(RAW, 3, b"abc"),
    "a reserved block": bytes([0, 0]) + block(RESERVED, 0, b"", LAST),
    "noise": b"\0" + octets("noise", 200),
    "the reserved bit": b"\x08" + FRAME[1:],
    "the unused bit": b"\x10" + FRAME[1:],
    "one segment": bytes([0x20, 3]) + block(RAW, 3, b"abc", LAST),
    "zeros": bytes(300),
}


@pytest.mark.parametrize("squeezed", DEFECTS.values(), ids=DEFECTS)
def test_not_exactly_one_frame(squeezed: bytes) -> None:
    """Cut, followed, doubled or damaged: malformed."""
    with refused():
        expand(squeezed)


@pytest.mark.parametrize(
    "options",
    [{"checksum_flag": 1}, {"content_size_flag": 1}, {"dict_id_flag": 1}],
    ids=["checksum", "content size", "dictionary id"],
)
def test_what_is_left_out_may_not_be_there(options: dict[str, int]) -> None:
    """A frame that says more than the specification's form is refused; control: that form is taken."""
    bare = {"checksum_flag": 0, "content_size_flag": 0, "dict_id_flag": 0}
    assert expand(squeezed_with(**bare)) == b"a report " * 40
    other = squeezed_with(**(bare | options))
    if other == squeezed_with(**bare):
        pytest.fail("the option changed nothing: this test tests nothing")
    with refused():
        expand(other)


def test_another_dictionary_is_refused_on_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dictionary that is not dictionary 1 is a broken installation and says so."""
    monkeypatch.setattr(compression, "DICTIONARY_SHA256", "0" * 64)
    with pytest.raises(RuntimeError, match="install the package again"):
        compression._dictionary.__wrapped__()
