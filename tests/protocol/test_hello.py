"""The hello: every field comes back, its length says little, and nothing but its one form is taken."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.encoding import decode, encode
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import build
from sync.protocol.hello import Hello, Purpose, build_hello, parse_hello, verify_hello
from sync.protocol.ids import HELLO_LANE
from sync.protocol.kinds import Key, Kind
from sync.protocol.limits import HELLO_SIZES
from tests.protocol import samples
from tests.protocol.refusing import refused
from tests.protocol.samples import ELSEWHERE, KEY, OTHER_KEY, VALUES, chain, header, octets, raw_frame

TOP = 2**63 - 1


def read(raw: bytes) -> Hello:
    """A hello from its bytes."""
    return parse_hello(decode(raw), raw)[0]


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("lanes", [0, 1, 3, 16])
def test_round_trip(purpose: Purpose, lanes: int) -> None:
    """What was said is read, the signature holds, and the size is one of the list."""
    hello = samples.hello(purpose, lanes)
    raw = build_hello(hello, KEY).raw
    parsed, frame = parse_hello(decode(raw), raw)
    assert parsed == hello
    assert len(raw) in HELLO_SIZES
    verify_hello(parsed, frame, KEY.public)
    with refused(Refusal.SIGNATURE):
        verify_hello(parsed, frame, OTHER_KEY.public)


def test_sizes() -> None:
    """A plain sync is of the smallest size; the largest hello still fits."""
    assert len(build_hello(samples.hello(lanes=0), KEY).raw) == 256
    assert len(build_hello(samples.hello(lanes=3), KEY).raw) == 256
    assert len(build_hello(samples.hello(Purpose.PULL, 3), KEY).raw) == 256
    assert len(build_hello(samples.hello(Purpose.PULL, 16), KEY).raw) == 512
    largest = replace(
        samples.hello(Purpose.PULL, 16),
        created=TOP,
        reply_limit=TOP,
        directory_version=TOP,
        root_version=TOP,
        mail_cursor=TOP,
        lanes=tuple((TOP - 16 + number, octets(str(number), 8), TOP) for number in range(16)),
    )
    assert len(build_hello(largest, KEY).raw) == 1_024


def test_a_hello_that_no_size_holds() -> None:
    """Far too many lanes: said when it is built."""
    lanes = tuple((lane, octets("generation", 8), TOP) for lane in range(16, 76))
    with refused(Refusal.SIZE, "at most 1024 bytes"):
        build_hello(replace(samples.hello(Purpose.PULL), lanes=lanes), KEY)


def lengths() -> list[Hello]:
    """Hellos of many header lengths, byte by byte, so that every size is crossed."""
    steps = [0, 24, 256, 65_536, 2**32]
    numbers = itertools.combinations_with_replacement(steps, 5)
    names = ("created", "reply_limit", "directory_version", "root_version", "mail_cursor")
    found: list[Hello] = []
    for values in numbers:
        changes: dict[str, Any] = dict(zip(names, values, strict=True))
        found += [replace(samples.hello(lanes=lanes), **changes) for lanes in (0, 2, 5, 12)]
    return found


def test_every_length_has_a_size() -> None:
    """Whatever the header's length, one listed size is met exactly and the hello is read again."""
    seen = set()
    for hello in lengths():
        raw = build_hello(hello, KEY).raw
        assert len(raw) in HELLO_SIZES
        assert read(raw) == hello
        seen.add(len(raw))
    assert seen == {256, 512}


def with_body(body: bytes, purpose: Purpose = Purpose.SYNC) -> bytes:
    """A well-signed hello with another body."""
    entries = [list(entry) for entry in samples.hello(purpose).lanes]
    fields = header(Kind.HELLO) | {Key.PURPOSE: int(purpose), Key.LANES: entries}
    return build(chain(HELLO_LANE), KEY, Kind.HELLO, fields, body).raw


def test_only_the_smallest_size_is_taken() -> None:
    """Of all bodies of zeros exactly one makes a hello."""
    taken = []
    for length in range(1_024):
        raw = with_body(bytes(length))
        try:
            read(raw)
        except ProtocolError as error:
            assert error.code is Refusal.SIZE
            continue
        taken.append(len(raw))
    assert taken == [256]


def test_padding_is_zeros() -> None:
    """A body that says something is refused."""
    length = len(build_hello(samples.hello(), KEY).body)
    assert read(with_body(bytes(length))) == samples.hello()
    with refused(Refusal.SIZE):
        read(with_body(bytes(length - 1) + b"\1"))


def test_another_kind_is_no_hello() -> None:
    """What comes first must be a hello."""
    raw = samples.frame(Kind.RECORD).raw
    with refused(Refusal.KIND, "a hello first"):
        parse_hello(decode(raw), raw)


def test_lanes_fit_the_purpose() -> None:
    """A pull with a sync's entries, or the other way round, is malformed; so is a mixture."""
    sync, pull = [[1, 7]], [[1, octets("generation", 8), 7]]
    for purpose, lanes in ((2, sync), (1, pull), (1, [[1, 7], *pull]), (1, [[b"a", 1], [1, 2]])):
        fields = {**header(Kind.HELLO), Key.PURPOSE: purpose, Key.LANES: lanes}
        bare = raw_frame(Kind.HELLO, fields, b"", HELLO_LANE)
        raw = raw_frame(Kind.HELLO, fields, bytes(256 - len(bare) - (256 - len(bare) > 23)), HELLO_LANE)
        with refused():
            read(raw)


@pytest.mark.parametrize("field", [field for field in ELSEWHERE if field != "lane"])
def test_a_hello_is_its_senders(field: str) -> None:
    """The organisation, device and incarnation named inside are those the signature covers."""
    fields = {**header(Kind.HELLO), Key[f"HELLO_{field.upper()}"]: ELSEWHERE[field]}
    length = len(build_hello(samples.hello(), KEY).body)
    raw = build(chain(HELLO_LANE), KEY, Kind.HELLO, fields, bytes(length)).raw
    parsed, frame = parse_hello(decode(raw), raw)
    with refused(Refusal.SIGNATURE):
        verify_hello(parsed, frame, KEY.public)


@pytest.mark.parametrize("key", header(Kind.HELLO), ids=lambda key: key.name)
def test_every_field_is_signed(key: Key) -> None:
    """A hello with one field changed does not verify."""
    frame = build_hello(samples.hello(), KEY)
    if key is Key.PURPOSE:
        other = build_hello(samples.hello(Purpose.PULL), KEY)
        raw = encode([1, other.header_bytes, other.body, frame.signature])
    else:
        fields = header(Kind.HELLO) | {key: another(VALUES[key])}
        raw = encode([1, encode(fields), frame.body, frame.signature])
    parsed, moved = parse_hello(decode(raw), raw)
    with refused(Refusal.SIGNATURE):
        verify_hello(parsed, moved, KEY.public)


def another(value: Any) -> Any:
    """Another value of the same type and length."""
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    return value ^ 1 if isinstance(value, int) else [[1, 8], [2, 0]]


@given(st.integers(0, TOP), st.integers(0, TOP), st.integers(0, 16))
def test_any_numbers(created: int, cursor: int, lanes: int) -> None:
    """Numbers of any length come back, a clock far off included."""
    hello = replace(samples.hello(Purpose.PULL, lanes), created=created, mail_cursor=cursor)
    assert read(build_hello(hello, KEY).raw) == hello
