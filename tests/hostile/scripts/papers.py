"""Roots and directories, made with an organisation's true keys or with stolen old ones."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fieldkit.actions import exchange
from fieldkit.actions.founding import Founding, found
from fieldkit.actions.session import Session
from fieldkit.vault.keys import Purpose
from sync.protocol.directory import Directory, sign_directory
from sync.protocol.enrolment import Ticket
from sync.protocol.ids import ADMIN
from sync.protocol.kinds import Key, Kind
from sync.protocol.root import Root, SignedRoot, parse_root, sign_root
from sync.protocol.signing import RootKey, SigningKey
from tests.actions.forging import write
from tests.hostile.scene import Scene


def directory_key(session: Session) -> SigningKey:
    """The key that signs directories."""
    return SigningKey.from_bytes(session.vault.keys.require(Purpose.DIRECTORY))


def root_key(session: Session) -> RootKey:
    """The key that signs roots."""
    return RootKey.from_bytes(session.vault.keys.require(Purpose.ROOT))


def held(session: Session) -> Directory:
    """The newest directory of a laptop."""
    return session.vault.documents.directory().directory


def directory(scene: Scene, version: int, key: SigningKey | None = None, **changes: Any) -> bytes:
    """A directory like the one held, with changes."""
    plan = replace(held(scene.first), version=version, **changes)
    return sign_directory(plan, [key or directory_key(scene.first)])


def next_root(
    before: SignedRoot, signers: Sequence[RootKey], keys: Sequence[RootKey], key: SigningKey
) -> bytes:
    """The root that follows, with these root keys and this directory key."""
    root = Root(
        organisation=before.root.organisation,
        version=before.root.version + 1,
        created=before.root.created,
        threshold=1,
        keys=tuple(one.public for one in keys),
        directory_threshold=1,
        directory_keys=(key.public,),
        previous=before.hash,
    )
    return sign_root(root, signers)


def publish(scene: Scene, directory_raw: bytes, root: bytes | None = None) -> None:
    """Give new papers to the honest server and to the reporter, who now hold them."""
    now, roots = scene.world.time.now, [] if root is None else [root]
    scene.first.vault.documents.keep(roots, directory_raw, now=now)
    if root is not None:
        write(scene.first, ADMIN, Kind.ROOT, {Key.VERSION: parse_root(root).root.version}, root)
    write(scene.first, ADMIN, Kind.DIRECTORY, {Key.VERSION: held(scene.first).version}, directory_raw)
    exchange.sync(scene.first)
    scene.north.vault.documents.keep(roots, directory_raw, now=now)


def another_organisation(scene: Scene) -> Founding:
    """Somebody else's papers, for the same server."""
    mine = held(scene.first)
    ticket = Ticket(address=mine.address, pins=mine.pins, log_key=mine.log_key, code=bytes(16))
    return found(ticket, random=os.urandom, now=scene.world.time.now)
