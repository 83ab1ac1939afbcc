"""No part of the screens takes a private name from another by chance: Textual's classes have hundreds.

The program is put together of parts that share one `self`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

from textual.message_pump import MessagePump

import fieldkit.tui

MEANT = {
    ("DrawingApp", "_set_pointer_shape"),
    ("FieldkitApp", "_handle_exception"),
    ("LongEditor", "_rewrap_and_refresh_virtual_size"),
    ("LongEditor", "_set_document"),
}
"""What stands in for another method on purpose, without calling it."""

HANDLER = "_on_"
"""Textual calls such a method of every class of an object, so none stands in for another."""


def stood_in_for(known: type[Any]) -> Iterator[str]:
    """Names of the private methods of a class that replace one of another class and never call it."""
    for name, method in vars(known).items():
        if not name.startswith("_") or name.startswith(("__", HANDLER)) or not inspect.isfunction(method):
            continue
        replaces = any(name in vars(base) for base in known.__mro__[1:])
        if replaces and "super()" not in inspect.getsource(method):
            yield name


def below(base: type[Any]) -> Iterator[type[Any]]:
    """Every class made from it."""
    for known in base.__subclasses__():
        yield known
        yield from below(known)


def test_none_by_chance() -> None:
    """Each that replaces another's is in the table, and each of the table is there."""
    for module in pkgutil.walk_packages(fieldkit.tui.__path__, "fieldkit.tui."):
        importlib.import_module(module.name)
    ours = {known for known in below(MessagePump) if known.__module__.startswith(fieldkit.__name__)}
    assert {(known.__name__, name) for known in ours for name in stood_in_for(known)} == MEANT


def test_one_by_chance_is_seen() -> None:
    """The rule finds what it is for."""

    class Part:
        def _forget(self) -> None:
            """Forget one thing."""

    class Other(Part):
        def _forget(self) -> None:
            """Forget another thing."""

    assert list(stood_in_for(Other)) == ["_forget"]
