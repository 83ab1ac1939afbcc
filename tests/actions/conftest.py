"""Worlds for tests: an empty one, and one with an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.actions.session import Session
from tests.actions.world import Template, World


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """An empty vault to copy."""
    return Template.make(tmp_path_factory.mktemp("template") / "home")


@pytest.fixture
def world(tmp_path: Path, template: Template) -> Iterator[World]:
    """A server that knows nobody."""
    made = World(tmp_path, template)
    yield made
    made.close()


@pytest.fixture
def first(world: World) -> Session:
    """The first coordinator of an organisation on the server."""
    return world.founder()


@pytest.fixture
def reporter(world: World, first: Session) -> Session:
    """A certified reporter."""
    return world.reporter(first)
