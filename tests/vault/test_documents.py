"""Root documents and directories: nothing unverified is stored (threat model R15)."""

from __future__ import annotations

import pytest

from fieldkit.vault.errors import VaultError
from fieldkit.vault.vault import Vault
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.root import parse_root
from tests.vault.world import NOW, World


@pytest.fixture
def roots(world: World) -> list[bytes]:
    """Three versions of a root, each following the one before."""
    made = [world.root()]
    for version in (2, 3):
        made.append(world.root(version, parse_root(made[-1]).hash))
    return made


def adopt(vault: Vault, world: World, roots: list[bytes], version: int = 1) -> None:
    """Take the first documents, anchored at the newest root."""
    anchor = parse_root(roots[-1]).hash
    vault.documents.adopt(roots, anchor, world.directory(version, root=roots[-1]), now=NOW)


def test_before_there_are_any(vault: Vault) -> None:
    """What is missing is told, with how to get it."""
    assert vault.documents.versions() == (0, 0)
    for ask in (vault.documents.root, vault.documents.directory):
        with pytest.raises(VaultError, match="no organisation") as told:
            ask()
        assert "join" in told.value.hint


def test_adopting(vault: Vault, world: World, roots: list[bytes]) -> None:
    """The first documents are kept whole, once."""
    adopt(vault, world, roots, 4)
    assert vault.documents.versions() == (4, 3)
    assert vault.documents.roots() == roots
    held = vault.documents.directory()
    assert held.directory.version == 4
    assert vault.documents.knows(parse_root(roots[0]).hash, 4, held.hash)
    assert not vault.documents.knows(parse_root(roots[0]).hash, 3, held.hash)
    assert not vault.documents.knows(bytes(32), 4, held.hash)
    with pytest.raises(VaultError, match="already"):
        adopt(vault, world, roots)


def test_adopting_what_does_not_hold_stores_nothing(vault: Vault, world: World, roots: list[bytes]) -> None:
    """Wrong anchor, foreign history before the anchor, foreign directory: refused as a whole."""
    other = World()
    anchor = parse_root(roots[-1]).hash
    directory = world.directory(root=roots[-1])
    cases = [
        (roots, bytes(32), directory),
        ([other.root(), *roots[1:]], anchor, directory),
        (roots, anchor, other.directory(root=roots[-1])),
        (roots, anchor, b"garbage"),
    ]
    for given, hash_, raw in cases:
        with pytest.raises(ProtocolError):
            vault.documents.adopt(given, hash_, raw, now=NOW)
        assert vault.documents.versions() == (0, 0)


def test_walking_to_newer_ones(vault: Vault, world: World, roots: list[bytes]) -> None:
    """A laptop that was away takes the roots one by one and the directory under the last."""
    adopt(vault, world, roots[:1])
    newer = world.directory(2, root=roots[2])
    assert vault.documents.keep(roots[1:], newer, now=NOW)
    assert vault.documents.versions() == (2, 3)
    assert not vault.documents.keep(roots[1:], newer, now=NOW)
    assert not vault.documents.keep([], None, now=NOW)


def test_a_newer_root_before_its_directory(vault: Vault, world: World, roots: list[bytes]) -> None:
    """Between the two the directory held still counts."""
    adopt(vault, world, roots[:1])
    assert vault.documents.keep(roots[1:2], None, now=NOW)
    assert vault.documents.directory().directory.version == 1
    assert vault.documents.versions() == (1, 2)


def test_what_does_not_follow_is_refused(vault: Vault, world: World, roots: list[bytes]) -> None:
    """A skipped or foreign root, an older, forked or foreign directory: refused, and what was held stays."""
    adopt(vault, world, roots[:1], 5)
    other = World()
    held = vault.documents.directory()
    cases: list[tuple[list[bytes], bytes | None, Refusal]] = [
        ([roots[2]], None, Refusal.DOCUMENT),
        ([other.root(2, parse_root(roots[0]).hash)], None, Refusal.DOCUMENT),
        ([], world.directory(4, root=roots[0]), Refusal.DOCUMENT),
        ([], world.directory(5, root=roots[0], address="elsewhere:1"), Refusal.FORK),
        ([], other.directory(6, root=roots[0]), Refusal.DOCUMENT),
    ]
    for given, directory, code in cases:
        with pytest.raises(ProtocolError) as told:
            vault.documents.keep(given, directory, now=NOW)
        assert told.value.code is code
        assert vault.documents.versions() == (5, 1)
        assert vault.documents.directory() == held
