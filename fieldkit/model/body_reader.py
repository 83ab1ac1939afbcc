"""Reads a decoded body strictly: the type first, the size before the content, one exception."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from fieldkit.model import limits
from fieldkit.model.ids import ID_BYTES
from fieldkit.model.values import Answers, Value

SMALL_BYTES: Final = min(limits.MAX_NODES, limits.MAX_TEXT_CHARS, limits.MAX_TOTAL_CHARS)
"""A body of so many bytes holds no more values and characters: there nothing needs to be counted."""


class InvalidBody(ValueError):
    """A body this program must not accept: the one exception for hostile input here."""


class BodyReader:
    """Takes entries out of one body.

    Unknown keys are refused at once: an entry we cannot read may change meaning.
    """

    def __init__(self, body: object, known: frozenset[int]) -> None:
        if not isinstance(body, dict):
            raise InvalidBody(f"a body is a map, got {_kind(body)}")
        strange = [key for key in body if type(key) is not int or key not in known]
        if strange:
            raise InvalidBody(f"unknown entry {strange[0]!r:.40}: made by a newer version, or damaged")
        self._body: dict[int, object] = body

    def refuse_empty(self, may_be_zero: frozenset[int]) -> None:
        """Refuse entries that say nothing, so that one content has one encoding and one id."""
        for key, value in self._body.items():
            if value or key in may_be_zero:
                continue
            if value in ([], {}, "", 0) and value is not False:
                raise InvalidBody(f"entry {key} is empty: it must be left out")

    def text(self, key: int, most: int, *, required: bool = False) -> str:
        """A text entry of at most so many characters; the empty string when it is absent and may be."""
        value = self._body.get(key, "")
        if not isinstance(value, str):
            raise InvalidBody(f"entry {key} must be text, got {_kind(value)}")
        if len(value) > most:
            raise InvalidBody(f"entry {key} has {len(value)} characters, at most {most} are allowed")
        if required and not value:
            raise InvalidBody(f"entry {key} is missing")
        return value

    def integer(self, key: int, *, low: int, high: int, default: int | None = None) -> int:
        """A whole number within bounds; absent only where there is a default."""
        value = self._body.get(key, default)
        if value is None:
            raise InvalidBody(f"entry {key} is missing")
        if type(value) is not int:
            raise InvalidBody(f"entry {key} must be a whole number, got {_kind(value)}")
        if not low <= value <= high:
            raise InvalidBody(f"entry {key} must lie between {low} and {high}")
        return value

    def id(self, key: int) -> bytes:
        """One id of 16 bytes."""
        return _id(self._body.get(key), key)

    def ids(self, key: int, most: int) -> list[bytes]:
        """A list of ids without repetition; empty when absent."""
        value = self._body.get(key, [])
        if not isinstance(value, list) or len(value) > most:
            raise InvalidBody(f"entry {key} must be a list of at most {most} ids")
        found = [_id(part, key) for part in value]
        if len(set(found)) != len(found):
            raise InvalidBody(f"entry {key} names the same id twice")
        return found

    def answers(self, key: int, *, size: int | None = None) -> Answers:
        """The tree of answers, bounded in depth, size and number; empty when absent.

        Copied, unless `size` tells that the body was read just now from so many bytes and is nobody else's.
        """
        tree = self._body.get(key, {})
        if size is not None and size <= SMALL_BYTES and type(tree) is dict and _fits(tree, 1):
            return tree
        return _AnswerReader().read(tree)


def _fits(node: dict[object, object] | list[object], depth: int) -> bool:
    """Whether the reader below takes a tree of a small body just as it is: what it would count is few.

    Text that came as UTF-8 has no half characters.
    """
    if depth > limits.MAX_DEPTH:
        return False
    parts: Iterable[Any] = node
    if type(node) is dict:
        if len(node) > limits.MAX_NAMES or not _names_fit(node):
            return False
        parts = node.values()
    elif len(node) > limits.MAX_ITEMS:
        return False
    for part in parts:
        kind = type(part)
        if kind is str or kind is bool:
            continue
        if kind is dict or kind is list:
            if not _fits(part, depth + 1):
                return False
        elif kind is not int or abs(part) > limits.MAX_INTEGER:
            return False
    return True


def _names_fit(names: Iterable[object]) -> bool:
    most = limits.MAX_NAME_CHARS
    return not [name for name in names if type(name) is not str or not 0 < len(name) <= most]


class _AnswerReader:
    """Copies one tree of answers and counts what it costs on the way."""

    def __init__(self) -> None:
        self._nodes = 0
        self._chars = 0

    def read(self, tree: object) -> Answers:
        if not isinstance(tree, dict):
            raise InvalidBody(f"answers are a map, got {_kind(tree)}")
        return self._map(tree, 1)

    def _value(self, value: object, depth: int) -> Value:
        if isinstance(value, str):
            return self._text(value, limits.MAX_TEXT_CHARS)
        if type(value) is bool:
            return value
        if type(value) is int:
            if abs(value) > limits.MAX_INTEGER:
                raise InvalidBody("a number in the answers is too large")
            return value
        if isinstance(value, list):
            return self._list(value, depth + 1)
        if isinstance(value, dict):
            return self._map(value, depth + 1)
        raise InvalidBody(f"an answer cannot be {_kind(value)}")

    def _text(self, value: str, most: int) -> str:
        self._chars += len(value)
        if len(value) > most or self._chars > limits.MAX_TOTAL_CHARS:
            raise InvalidBody(
                f"text too long: at most {most} characters here, {limits.MAX_TOTAL_CHARS} in all"
            )
        if not value.isascii():
            _refuse_half_characters(value)
        return value

    def _list(self, value: list[object], depth: int) -> list[Value]:
        self._bound(depth, len(value), limits.MAX_ITEMS)
        return [self._value(part, depth) for part in value]

    def _map(self, value: dict[object, object], depth: int) -> Answers:
        self._bound(depth, len(value), limits.MAX_NAMES)
        found: Answers = {}
        for name, part in value.items():
            if not isinstance(name, str) or not name:
                raise InvalidBody("the name of an answer must be text")
            found[self._text(name, limits.MAX_NAME_CHARS)] = self._value(part, depth)
        return found

    def _bound(self, depth: int, size: int, most: int) -> None:
        """A place may hold so many values, the whole tree `MAX_NODES`."""
        self._nodes += size
        if depth > limits.MAX_DEPTH:
            raise InvalidBody(f"answers nested more than {limits.MAX_DEPTH} deep")
        if size > most:
            raise InvalidBody(f"{size} entries in one place, at most {most} are allowed")
        if self._nodes > limits.MAX_NODES:
            raise InvalidBody(f"more than {limits.MAX_NODES} answers in one revision")


def _refuse_half_characters(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidBody("text with half a character (a surrogate), which UTF-8 cannot carry") from None


def _id(value: object, key: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != ID_BYTES:
        raise InvalidBody(f"entry {key} must hold ids of {ID_BYTES} bytes, got {_kind(value)}")
    return value


def _kind(value: object) -> str:
    return f"a value of type {type(value).__name__}"
