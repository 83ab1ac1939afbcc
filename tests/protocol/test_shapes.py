"""The small checks of decoded values: what they take, what they refuse, what they say."""

from __future__ import annotations

import pytest

from sync.protocol.errors import ProtocolError
from sync.protocol.shapes import (
    UINT_MAX,
    Check,
    address,
    ascending,
    between,
    blob,
    boolean,
    constant,
    fields,
    lane_number,
    octets,
    row,
    rows,
    text,
    uint,
)
from tests.protocol.refusing import refused

STRANGERS: list[object] = [None, True, -1, 2**63, "a", b"abc", [], [1], {}, {1: 2}]
"""One value of every type that decoding can give."""

TAKEN: list[tuple[str, Check, list[object]]] = [
    ("uint", uint, [0, 1, UINT_MAX]),
    ("between", between(3, 5), [3, 4, 5]),
    ("octets", octets(2), [b"ab"]),
    ("blob", blob(2), [b"", b"a", b"ab"]),
    ("text", text, ["", "a", "a" * 255, "é" * 127]),
    ("boolean", boolean, [True, False]),
    ("lane", lane_number, [1, 2, 3, 16, 17, UINT_MAX]),
    (
        "address",
        address,
        ["a:1", "server.example:443", "10.0.0.1:65535", "[::1]:8443", "xn--e1afmkfd.example:80"],
    ),
    ("constant text", constant("a"), ["a"]),
    ("constant number", constant(1), [1]),
]
REFUSED: list[tuple[str, Check, list[object]]] = [
    ("uint", uint, [-1, UINT_MAX + 1, True, "1", b"1", None, []]),
    ("between", between(3, 5), [2, 6, True]),
    ("octets", octets(2), [b"", b"a", b"abc", "ab", 2, None]),
    ("blob", blob(2), [b"abc", "a", None]),
    ("text", text, ["a" * 256, "é" * 128, b"a", 1, None]),
    ("boolean", boolean, [0, 1, None, "true"]),
    ("lane", lane_number, [0, 4, 9, 15, UINT_MAX + 1, True, "1", None]),
    (
        "address",
        address,
        ["", "a", "a:", ":1", "a:0", "a:01", "a:65536", "a:100000", "a:-1", "a:1 ", "a b:1"],
    ),
    (
        "address host",
        address,
        ["::1:443", "[]:443", "[::1:443", "::1]:443", "a:b:1", "a\n:1", "a\u202e:1", b"a:1"],
    ),
    ("address port", address, ["a:٣", "a:1e3", "a:+1", "a:0x1", "a:１", "a" * 255 + ":1", 443, None]),
    ("constant text", constant("a"), ["b", b"a", None]),
    ("constant number", constant(1), [True, 2, "1"]),
    ("row", row(uint, text), [[], [1], [1, "a", 2], ["a", 1], {0: 1, 1: "a"}, "1a", None]),
    ("rows", rows(uint, lowest=1, highest=2), [[], [1, 2, 3], [-1], ["1"], {}, None]),
    ("ascending", ascending(uint, highest=3), [[2, 1], [1, 1], [1, 2, 3, 4], 1]),
    ("ascending rows", ascending(row(uint, uint), highest=3), [[[2, 0], [1, 0]], [[1, 0], [1, 1]]]),
]


@pytest.mark.parametrize(("check", "values"), [pytest.param(*entry[1:], id=entry[0]) for entry in TAKEN])
def test_taken(check: Check, values: list[object]) -> None:
    """A good value is returned as it is."""
    assert [check(value) for value in values] == values


@pytest.mark.parametrize(("check", "values"), [pytest.param(*entry[1:], id=entry[0]) for entry in REFUSED])
def test_refused(check: Check, values: list[object]) -> None:
    """Anything else is malformed, whatever its type."""
    for value in values:
        with refused(words="expected"):
            check(value)


def test_arrays_become_tuples() -> None:
    """A checked structure cannot be changed afterwards."""
    assert row(uint, text)([1, "a"]) == (1, "a")
    assert rows(uint, highest=3)([3, 1, 3]) == (3, 1, 3)
    assert ascending(row(uint, uint), highest=3)([[1, 9], [2, 0]]) == ((1, 9), (2, 0))


def test_fields() -> None:
    """Required keys must be there, optional ones may, others may not."""
    required: dict[int, Check] = {1: uint, 2: text}
    optional: dict[int, Check] = {3: boolean}
    assert fields({1: 5, 2: "a"}, required, optional) == {1: 5, 2: "a"}
    assert fields({1: 5, 2: "a", 3: True}, required, optional) == {1: 5, 2: "a", 3: True}
    bad: list[object] = [{}, {1: 5}, {1: 5, 2: "a", 4: 0}, {1: 5, 2: "a", "1": 0}, {1: 5, 2: "a", b"": 0}]
    bad += [{1: 5, 2: 2}, {1: "a", 2: "a"}, {1: 5, 2: "a", 3: 1}, {True: 5, 2: "a"}, [1, 2], None]
    for value in bad:
        with refused(words="expected"):
            fields(value, required, optional)


def test_messages_are_short_and_keep_bytes_to_themselves() -> None:
    """What came is named in a few characters; byte strings, which may be keys, by their length only."""
    with refused(words=r"got 40 bytes$"):
        uint(b"s" * 40)
    with refused(words=r"got 'x{36}\.\.\.$"):
        uint("x" * 10_000)
    with refused(words=r"got '\\u202e'"):
        uint("\u202e")
    with refused(words=r"got 'x{38}'$"):
        uint("x" * 38)
    with refused(words=r"got 'x{36}\.\.\.$"):
        uint("x" * 39)


@pytest.mark.parametrize("value", STRANGERS, ids=repr)
def test_no_check_fails_in_another_way(value: object) -> None:
    """Each check answers for each type with a value or the one exception."""
    checks = [check for _, check, _ in TAKEN + REFUSED]
    for check in [*checks, lambda given: fields(given, {1: uint}), rows(row(uint), highest=9)]:
        try:
            check(value)
        except ProtocolError:
            continue
