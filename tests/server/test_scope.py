"""R24: no question to a store can forget whose organisation it is about."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest

from sync.server.stores import base, memory, memory_read, sql_read, sql_write

KEEPERS = [base, memory, memory_read, sql_read, sql_write]


def methods(module: object, names: set[str]) -> Iterator[tuple[str, list[inspect.Parameter]]]:
    """Each method of a module's classes that has one of these names, with its parameters after self."""
    for _, kind in inspect.getmembers(module, inspect.isclass):
        if kind.__module__ == getattr(module, "__name__", None):
            for name, function in inspect.getmembers(kind, inspect.isfunction):
                if name in names:
                    yield (
                        f"{kind.__name__}.{name}",
                        list(inspect.signature(function).parameters.values())[1:],
                    )


ASKED = {
    name
    for port in (base.Reader, base.Transaction)
    for name, _ in inspect.getmembers(port, inspect.isfunction)
    if not name.startswith("_")
}
"""What a store can be asked to read or write."""


@pytest.mark.parametrize("module", KEEPERS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_organisation_comes_first(module: object) -> None:
    """In the port and in every store: the first argument of each method, and never optional."""
    found = dict(methods(module, ASKED))
    assert found
    for name, parameters in found.items():
        assert parameters[0].name == "organisation", name
        assert parameters[0].default is inspect.Parameter.empty, name


def test_everything_is_looked_at() -> None:
    """The port's methods are all there, in the port itself and in each of the two stores."""
    assert len(ASKED) > 20
    for stores in ([base], [memory, memory_read], [sql_read, sql_write]):
        there = {name.rpartition(".")[2] for module in stores for name, _ in methods(module, ASKED)}
        assert there == ASKED
