"""Two directories under one number, signed by two copies of one notebook: the server's stands (§6, §9)."""

from __future__ import annotations

import pytest

from fieldkit.vault.evidence import Finding
from fieldkit.vault.vault import Vault
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.root import parse_root
from tests.vault.world import NOW, World

OURS, THEIRS = "ours.example:1", "theirs.example:1"


@pytest.fixture
def root(world: World, vault: Vault) -> bytes:
    """The vault holds root 1 and directory 1, as everybody does."""
    made = world.root()
    vault.documents.adopt([made], parse_root(made).hash, world.directory(1, root=made), now=NOW)
    return made


def address(vault: Vault) -> str:
    """The address of the directory held tells whose it is."""
    return vault.documents.directory().directory.address


def test_what_the_server_may_not_have_is_not_named(vault: Vault, world: World, root: bytes) -> None:
    """The hello says the version below, so that the server tells of its own; ours is in force meanwhile."""
    for version in (2, 3):
        vault.documents.issue(world.directory(version, root=root, address=OURS), now=NOW)
    assert (vault.documents.versions(), address(vault)) == ((1, 1), OURS)


def test_the_server_took_ours(vault: Vault, world: World, root: bytes) -> None:
    """Told step by step, each counts from then on; nothing is shown and nothing is to be merged."""
    raws = {version: world.directory(version, root=root, address=OURS) for version in (2, 3)}
    for raw in raws.values():
        vault.documents.issue(raw, now=NOW)
    assert not vault.documents.keep([], raws[2], now=NOW)
    assert (vault.documents.versions(), vault.documents.directory().directory.version) == ((2, 1), 3)
    assert not vault.documents.keep([], raws[3], now=NOW)
    assert vault.documents.versions() == (3, 1)
    assert (vault.evidence.all(), vault.documents.to_merge()) == ([], None)


@pytest.mark.parametrize("served", [2, 3, 4])
def test_the_server_took_another(vault: Vault, world: World, root: bytes, served: int) -> None:
    """Under a number of ours or above all of them: it counts, and what we changed waits to be merged."""
    for version in (2, 3):
        vault.documents.issue(world.directory(version, root=root, address=OURS), now=NOW)
    assert vault.documents.keep([], world.directory(served, root=root, address=THEIRS), now=NOW)
    assert (vault.documents.versions(), address(vault)) == ((served, 1), THEIRS)
    merge = vault.documents.to_merge()
    assert merge is not None
    base, ours = (signed.directory for signed in merge)
    assert (base.version, ours.version, ours.address) == (1, 3, OURS)
    (found,) = vault.evidence.all()
    assert found.kind is Finding.DIRECTORY
    vault.documents.merged()
    assert vault.documents.to_merge() is None


def test_nobody_else_may_swap_a_directory(vault: Vault, world: World, root: bytes) -> None:
    """What the server gave, or was seen to have, is never taken back: another of that number is a fork."""
    vault.documents.keep([], world.directory(2, root=root, address=THEIRS), now=NOW)
    mine = world.directory(3, root=root, address=OURS)
    vault.documents.issue(mine, now=NOW)
    vault.documents.keep([], mine, now=NOW)
    for version, code in ((2, Refusal.DOCUMENT), (3, Refusal.FORK)):
        with pytest.raises(ProtocolError) as told:
            vault.documents.keep([], world.directory(version, root=root, address="third:1"), now=NOW)
        assert told.value.code is code
    assert address(vault) == OURS
