"""Vaults for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.vault.vault import Vault
from tests.vault.world import World, bare_vault, joined_vault


@pytest.fixture(scope="session")
def world() -> World:
    """One organisation for all tests; its keys never change."""
    return World()


@pytest.fixture
def empty_vault(tmp_path: Path) -> Iterator[Vault]:
    """A vault that belongs to no organisation."""
    with bare_vault(tmp_path / "home") as vault:
        yield vault


@pytest.fixture
def vault(tmp_path: Path, world: World) -> Iterator[Vault]:
    """A reporter's vault."""
    with joined_vault(tmp_path / "home", world) as vault:
        yield vault
