"""Roots and directories that do not follow from what is held (docs/protocol.md §6)."""

from __future__ import annotations

from collections.abc import Callable

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.messages import DirectoryItem, ReplyItem, RootItem
from sync.protocol.root import parse_root
from sync.protocol.signing import RootKey, SigningKey
from tests.hostile.scene import Scene
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.papers import (
    another_organisation,
    directory,
    directory_key,
    held,
    next_root,
    publish,
    root_key,
)
from tests.hostile.scripts.said import MISTRUST, error
from tests.hostile.villain import Asked, tampered

PARSE = "sync/protocol/directory.py::parse_directory"
NEWER = "sync/protocol/directory.py::check_newer"
NEXT = "sync/protocol/root.py::check_next"
REQUIRE = "sync/protocol/documents.py::require"


def handing_out(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
    """What the script has ready, before the true answer."""
    papers: list[ReplyItem] = [RootItem(root=raw) for name, raw in asked.bag.items() if name == "root"]
    papers += [DirectoryItem(directory=raw) for name, raw in asked.bag.items() if name == "directory"]
    return [*papers, *items]


def old_directory(scene: Scene) -> None:
    """Version 1 again, after version 2."""
    scene.villain.bag["directory"] = scene.first.vault.documents.directory().raw
    publish(scene, directory(scene, 2))


def others_directory(scene: Scene) -> None:
    """A true directory of an organisation on the same server."""
    scene.villain.bag["directory"] = another_organisation(scene).directory


def others_root(scene: Scene) -> None:
    """A true root of an organisation on the same server."""
    scene.villain.bag["root"] = another_organisation(scene).root


def removed_officer(scene: Scene) -> None:
    """Version 3 by the key that root 2 has taken out."""
    old, new = directory_key(scene.first), SigningKey.generate()
    root = next_root(
        scene.first.vault.documents.root(), [root_key(scene.first)], [root_key(scene.first)], new
    )
    signed = parse_root(root)
    names = {"root_version": 2, "root_hash": signed.hash}
    publish(scene, directory(scene, 2, new, **names), root)
    scene.villain.bag["directory"] = directory(scene, 3, old, **names)


def under_the_old_root(scene: Scene) -> None:
    """Version 3 by the removed key, under the root that still named it."""
    removed_officer(scene)
    old = directory_key(scene.first)
    first_root = parse_root(scene.first.vault.documents.roots()[0])
    names = {"root_version": 1, "root_hash": first_root.hash}
    scene.villain.bag["directory"] = directory(scene, 3, old, **names)


def skipped_root(scene: Scene) -> None:
    """Root 3 without root 2."""
    keys, key = [root_key(scene.first)], directory_key(scene.first)
    second = parse_root(next_root(scene.first.vault.documents.root(), keys, keys, key))
    scene.villain.bag["root"] = next_root(second, keys, keys, key)


def stolen_root(scene: Scene) -> None:
    """Root 2 by keys that root 1 does not name."""
    own, key = [RootKey.generate()], SigningKey.generate()
    scene.villain.bag["root"] = next_root(scene.first.vault.documents.root(), own, own, key)


def two_of_one_version(scene: Scene) -> None:
    """Another directory 2, by a true key: an officer lends a hand."""
    scene.villain.bag["directory"] = directory(scene, 2, expires=held(scene.first).expires + 9)
    publish(scene, directory(scene, 2))


def changed_directory(scene: Scene) -> None:
    """Directory 2 with the server's own log key, under a signature that was for another."""
    raw = directory(scene, 2)
    log_key = held(scene.first).log_key
    scene.villain.bag["directory"] = raw.replace(log_key, SigningKey.generate().public)


def noise(scene: Scene) -> None:
    """No directory at all."""
    scene.villain.bag["directory"] = b"\xa1" * 300


def _script(name: str, prepare: Callable[[Scene], None], why: str, check: str) -> Script:
    return Script(
        name=name,
        does=(prepare.__doc__ or "").rstrip("."),
        check=check,
        section="§6",
        verb=Verb.SYNC,
        exit=ExitCode.VERIFICATION,
        told=(error(f"a root document or directory does not hold: {why}"), MISTRUST),
        deed=tampered(handing_out),
        prepare=prepare,
    )


SCRIPTS = (
    _script("old directory", old_directory, "expected directory version 2 or newer, got 1", NEWER),
    _script(
        "directory of another organisation",
        others_directory,
        "the directory belongs to another organisation",
        PARSE,
    ),
    _script("root of another organisation", others_root, "expected root version 2, got 1", NEXT),
    _script(
        "directory by a removed officer",
        removed_officer,
        "expected signatures by 1 known keys, got 0",
        REQUIRE,
    ),
    _script(
        "directory under an old root",
        under_the_old_root,
        "the directory names another root than the newest one held",
        PARSE,
    ),
    _script("root skipped a version", skipped_root, "expected root version 2, got 3", NEXT),
    _script("root by other keys", stolen_root, "expected signatures by 1 known keys, got 0", REQUIRE),
    _script("two directories of one version", two_of_one_version, "two directories of version 2", NEWER),
    _script("directory changed", changed_directory, "a signature on the document does not hold", REQUIRE),
    _script("directory of noise", noise, "a map key is not an integer, text or bytes", PARSE),
)
