"""Bodies: there and back, and nothing hostile gets in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model import limits
from fieldkit.model.codec import (
    InvalidBody,
    decode_lane_part,
    decode_main,
    encode_lane_part,
    encode_main,
    is_lane_part,
    normalise,
)
from fieldkit.model.ids import Lane, RevisionId
from fieldkit.model.revision import ClockConfidence, Content, LanePart
from fieldkit.model.values import Value
from sync.protocol.encoding import encode

GOOD: dict[int, Any] = {
    1: "incident",
    2: 1,
    3: [b"p" * 16],
    4: {"title": "t", "kind": ["arrest"], "detained": {"min": 26}, "victims": [{"vic": "V1"}]},
    5: 1_790_000_000,
    6: 180,
    7: 1,
    8: "en",
    9: 2,
    10: "north-7",
}

scalars = st.text(max_size=20) | st.integers(-limits.MAX_INTEGER, limits.MAX_INTEGER) | st.booleans()
names = st.text(alphabet="abcdefgh_", min_size=1, max_size=10)
items = st.dictionaries(
    names, scalars | st.lists(scalars, max_size=3) | st.dictionaries(names, scalars, max_size=2)
)
answers = st.dictionaries(
    names, scalars | st.lists(scalars, max_size=3) | st.lists(items, max_size=3), max_size=6
)
ids = st.binary(min_size=16, max_size=16).map(RevisionId)
contents = st.builds(
    Content,
    form_id=st.text(min_size=1, max_size=20),
    form_version=st.integers(1, 10**6),
    answers=answers,
    created=st.integers(0, limits.MAX_TIME),
    parents=st.lists(ids, max_size=3, unique=True).map(tuple),
    utc_offset=st.integers(-limits.MAX_UTC_OFFSET, limits.MAX_UTC_OFFSET),
    clock=st.sampled_from(ClockConfidence),
    language=st.text(max_size=10),
    sensitivity=st.integers(0, limits.MAX_SENSITIVITY),
    reporter=st.text(max_size=20),
    withdrawn=st.text(max_size=20),
)


@given(contents)
def test_main_round_trip(content: Content) -> None:
    """What is encoded is decoded the same."""
    assert decode_main(encode_main(content)) == content


@given(answers, ids, st.sampled_from([Lane.SOURCES, Lane.ADMIN]))
def test_lane_part_round_trip(tree: dict[str, Value], revision: RevisionId, lane: Lane) -> None:
    """A part of another lane comes back with the revision it belongs to."""
    part = LanePart(lane=lane, revision=revision, form_id="incident", form_version=1, answers=tree)
    body = encode_lane_part(part)
    assert is_lane_part(body)
    assert decode_lane_part(body, lane) == part


def test_empty_entries_are_left_out() -> None:
    """The smallest body is small: every byte is sent over a bad link."""
    body = encode_main(Content(form_id="incident", form_version=1, answers={}, created=5))
    assert body == {1: "incident", 2: 1, 5: 5}


def test_decoding_takes_text_as_it_was_signed() -> None:
    """Text that is not normalised was signed like that: it is shown cleaned, never altered."""
    assert decode_main({**GOOD, 4: {"title": "e\u0301\x1b"}}).answers == {"title": "e\u0301\x1b"}
    assert normalise({"title": "e\u0301\x1b", "n": [1, {"w": "\x07x"}]}) == {
        "title": "é",
        "n": [1, {"w": "x"}],
    }


def test_decoded_answers_are_copies() -> None:
    """A decoded revision shares nothing with what it came from."""
    body = {**GOOD, 4: {"kind": ["arrest"]}}
    content = decode_main(body)
    body[4]["kind"].append("killing")
    assert content.answers == {"kind": ["arrest"]}


def nested(depth: int) -> object:
    """A list in a list in a list."""
    value: object = "x"
    for _ in range(depth):
        value = [value]
    return value


junk_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.binary(max_size=2) | st.text(max_size=70),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(min_size=1, max_size=70), inner, max_size=3)
        | st.dictionaries(st.integers(0, 2), inner, max_size=1)
    ),
    max_leaves=12,
)


def told_of(body: object, *, size: int | None = None) -> Content | str:
    """What is read of a body, or what is said against it."""
    try:
        return decode_main(body, size=size)
    except InvalidBody as problem:
        return str(problem)


DEFECTS: list[tuple[str, Callable[[dict[Any, Any]], object]]] = [
    ("not a map", lambda body: [body]),
    ("nothing", lambda body: None),
    ("unknown entry", lambda body: {**body, 13: "x"}),
    ("text entry", lambda body: {**body, "1": "x"}),
    ("true as an entry", lambda body: {**{k: v for k, v in body.items() if k != 1}, True: "incident"}),
    ("no form", lambda body: {k: v for k, v in body.items() if k != 1}),
    ("empty form", lambda body: {**body, 1: ""}),
    ("form is bytes", lambda body: {**body, 1: b"incident"}),
    ("long form", lambda body: {**body, 1: "x" * 129}),
    ("no version", lambda body: {k: v for k, v in body.items() if k != 2}),
    ("version zero", lambda body: {**body, 2: 0}),
    ("version true", lambda body: {**body, 2: True}),
    ("parents no list", lambda body: {**body, 3: b"p" * 16}),
    ("short parent", lambda body: {**body, 3: [b"p"]}),
    ("text parent", lambda body: {**body, 3: ["p" * 16]}),
    ("same parent twice", lambda body: {**body, 3: [b"p" * 16] * 2}),
    ("many parents", lambda body: {**body, 3: [bytes([n]) * 16 for n in range(17)]}),
    ("no created", lambda body: {k: v for k, v in body.items() if k != 5}),
    ("created before 1970", lambda body: {**body, 5: -1}),
    ("created a fraction", lambda body: {**body, 5: 1.5}),
    ("offset of two days", lambda body: {**body, 6: 2880}),
    ("clock unheard of", lambda body: {**body, 7: 3}),
    ("language a number", lambda body: {**body, 8: 5}),
    ("sensitivity too high", lambda body: {**body, 9: 10}),
    ("answers a list", lambda body: {**body, 4: []}),
    ("answer missing its value", lambda body: {**body, 4: {"a": None}}),
    ("answer a fraction", lambda body: {**body, 4: {"a": 1.5}}),
    ("answer bytes", lambda body: {**body, 4: {"a": b"x"}}),
    ("answer huge", lambda body: {**body, 4: {"a": 2**53}}),
    ("name a number", lambda body: {**body, 4: {1: "x"}}),
    ("name empty", lambda body: {**body, 4: {"": "x"}}),
    ("name long", lambda body: {**body, 4: {"a" * 65: "x"}}),
    ("text long", lambda body: {**body, 4: {"a": "x" * 50_001}}),
    ("texts long together", lambda body: {**body, 4: {f"a{n}": "x" * 50_000 for n in range(5)}}),
    ("half a character", lambda body: {**body, 4: {"a": "\ud800"}}),
    ("too deep", lambda body: {**body, 4: {"a": nested(5)}}),
    ("very deep", lambda body: {**body, 4: {"a": nested(5_000)}}),
    ("many names", lambda body: {**body, 4: {f"a{n}": 1 for n in range(513)}}),
    ("many items", lambda body: {**body, 4: {"a": [1] * 1_001}}),
    ("many answers", lambda body: {**body, 4: {f"a{n}": [1] * 1_000 for n in range(21)}}),
    ("belongs to another lane", lambda body: {**body, 11: b"r" * 16}),
    ("reason long", lambda body: {**body, 12: "x" * 2_001}),
]


@pytest.mark.parametrize(("name", "spoil"), DEFECTS, ids=[name for name, _ in DEFECTS])
def test_one_defect_is_enough(name: str, spoil: Callable[[dict[Any, Any]], object]) -> None:
    """A body with one defect is refused; the same body without it is not."""
    decode_main(GOOD)
    with pytest.raises(InvalidBody):
        decode_main(spoil(dict(GOOD)))


@given(st.dictionaries(st.text(max_size=3), junk_values, max_size=4))
def test_a_body_that_is_given_up_is_read_like_any_other(tree: dict[Any, Any]) -> None:
    """What is taken without a copy is what the copying reader takes; all else is refused by that one."""
    body = {**GOOD, 4: tree or {"a": 1}}
    assert told_of(body, size=100) == told_of(body)


@pytest.mark.parametrize(("name", "spoil"), DEFECTS, ids=[name for name, _ in DEFECTS])
def test_a_defect_is_refused_alike_where_nothing_is_copied(
    name: str, spoil: Callable[[dict[Any, Any]], object]
) -> None:
    """Told the size of the bytes it came as, the reader says the same, word for word."""
    body = spoil(dict(GOOD))
    try:
        size = len(encode(body))
    except (TypeError, UnicodeEncodeError):
        return  # has no bytes to come as
    assert isinstance(told_of(body, size=size), str)
    assert told_of(body, size=size) == told_of(body)


def test_only_a_small_body_that_is_given_up_is_not_copied() -> None:
    """The tree is the body's own; one of many bytes is counted, and so copied."""
    body = {**GOOD, 4: {"kind": ["arrest"]}}
    assert decode_main(body, size=100).answers is body[4]
    assert decode_main(body, size=20_001).answers is not body[4]


PART_DEFECTS: list[object] = [
    {1: "incident", 2: 1, 4: {}},
    {1: "incident", 2: 1, 4: {}, 11: b"r" * 15},
    {1: "incident", 2: 1, 4: {}, 11: b"r" * 16, 5: 0},
    {1: "incident", 2: 1, 4: {}, 11: b"r" * 16, 3: []},
    [],
]


@pytest.mark.parametrize("body", PART_DEFECTS)
def test_parts_of_other_lanes_are_strict_too(body: object) -> None:
    """A part carries its revision, its form and its answers, and nothing else."""
    with pytest.raises(InvalidBody):
        decode_lane_part(body, Lane.SOURCES)


def test_main_is_not_a_part() -> None:
    """A part cannot claim to be main."""
    with pytest.raises(InvalidBody, match="another lane than main"):
        decode_lane_part({1: "incident", 2: 1, 11: b"r" * 16}, Lane.MAIN)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=17),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 13) | st.text(max_size=3), inner)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.integers(0, 13), junk), st.integers(1, 12))
def test_mutated_bodies_raise_only_invalid_body(changes: dict[int, object], dropped: int) -> None:
    """Whatever is changed, the answer is a revision or InvalidBody, and a revision encodes again."""
    body: dict[int, object] = {**GOOD, **changes}
    body.pop(dropped, None)
    for decode in (decode_main, lambda raw: decode_lane_part(raw, Lane.SOURCES)):
        try:
            found = decode(body)
        except InvalidBody:
            continue
        assert encode_main(found) if isinstance(found, Content) else encode_lane_part(found)


def test_encoding_refuses_what_nobody_would_accept() -> None:
    """A mistake shows on the reporter's laptop, not at the coordinator's."""
    with pytest.raises(InvalidBody):
        encode_main(Content(form_id="incident", form_version=1, answers={"a": "x" * 50_001}, created=5))
