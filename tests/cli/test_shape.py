"""--json prints the keys that were promised and no others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldkit.cli import shapes
from fieldkit.cli.output import Json
from fieldkit.cli.shape import Key, Shape, plain


@dataclass
class Thing:
    """Something an action returned."""

    name: str
    secret: str = "not promised"
    parts: tuple[object, ...] = ()
    nothing: None = None


PART = Shape(array=True, keys={"name": "its name"})
SHAPE = Shape(
    keys={
        "called": Key(meaning="its name", attribute="name"),
        "parts": Key(meaning="its parts", shape=PART),
        "nothing": Key(meaning="none", shape=Shape(keys={"name": "its name"})),
    }
)


def test_only_what_is_named() -> None:
    """An attribute that is not promised stays away; nested things have their own shapes."""
    thing = Thing(name="a", parts=(Thing(name="b"), Thing(name="c")))
    assert SHAPE.of(thing) == {"called": "a", "parts": [{"name": "b"}, {"name": "c"}], "nothing": None}


def test_listed() -> None:
    """Keys for the documentation, the nested ones with their path."""
    assert [name for name, _ in SHAPE.listed()] == [
        "called",
        "parts",
        "parts[].name",
        "nothing",
        "nothing.name",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, "a", True, None), [1, "a", True, None]),
        ({"a": (1,)}, {"a": [1]}),
        (Path("/a"), "/a"),
        (1.23456, 1.235),
    ],
)
def test_plain(value: object, expected: Json) -> None:
    """Tuples become arrays, paths text, seconds are rounded."""
    assert plain(value) == expected


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object()])
def test_not_plain(value: object) -> None:
    """What has no one form in JSON is a fault of the program, not a guess."""
    with pytest.raises(TypeError):
        plain(value)


def test_every_key_has_a_meaning() -> None:
    """No key of any shape is unexplained, and all are in snake case."""
    found = [shape for shape in vars(shapes).values() if isinstance(shape, Shape)]
    assert len(found) > 10
    for shape in found:
        for name, meaning in shape.listed():
            assert meaning
            assert name == name.lower()
            assert "-" not in name and " " not in name
