"""What an officer does to the directory (docs/protocol.md §6): policy, terms, a coordinator who leaves."""

from __future__ import annotations

from dataclasses import replace

from fieldkit.actions.admitting import signed
from fieldkit.vault.keys import Purpose
from fieldkit.vault.vault import Vault
from sync.protocol.directory import Directory, sign_directory
from sync.protocol.frames import parse
from sync.protocol.ids import ADMIN, MAIN, SOURCES, Lane
from sync.protocol.kinds import Key, Kind
from sync.protocol.sealing import InboxSecret, seal_seed
from sync.protocol.signing import SigningKey
from tests.simulator.laptop import Laptop

HOUR = 3_600


def set_policy(chief: Laptop, delivered_by: int) -> None:
    """Ask for so many acknowledgements from now on."""
    with chief.vault.transaction():
        _publish(chief, replace(_directory(chief.vault), delivered_by=delivered_by))


def rotate(chief: Laptop, lane: Lane, seed: bytes) -> None:
    """Give a lane a new inbox key, and its seed to every other coordinator who reads it."""
    vault, now = chief.vault, chief.session.now()
    held = _directory(vault)
    with vault.transaction():
        term = max(entry.term for entry in held.lanes) + 1
        lanes = tuple(
            replace(entry, term=term, inbox=InboxSecret(seed).public) if entry.lane == lane else entry
            for entry in held.lanes
        )
        vault.keys.keep(Purpose.INBOX, seed, now=now, lane=lane, term=term)
        _publish(chief, replace(held, lanes=lanes))
        for member in vault.members.all():
            if member.join_frame is None or not held.reads(member.device, lane):
                continue
            body = seal_seed(
                seed,
                parse(member.join_frame).body,
                organisation=held.organisation,
                lane=lane,
                term=term,
                to=member.device,
            )
            header = {Key.TO: member.device, Key.TERM: term, Key.LANE: lane}
            vault.outbox.append(ADMIN, signed(_key(vault), Kind.GRANT, header, body), now=now)


def dismiss(chief: Laptop, leaver: Laptop) -> bool:
    """Take a coordinator off the directory; False when it is not on it."""
    held = _directory(chief.vault)
    if held.coordinator(leaver.device) is None or leaver.device == chief.device:
        return False
    lanes = tuple(
        replace(entry, readers=tuple(reader for reader in entry.readers if reader != leaver.device))
        for entry in held.lanes
    )
    left = tuple(entry for entry in held.coordinators if entry.device != leaver.device)
    with chief.vault.transaction():
        _publish(chief, replace(held, lanes=lanes, coordinators=left))
    return True


ROTATED = (MAIN, SOURCES)
"""Lanes whose term is changed."""


def _directory(vault: Vault) -> Directory:
    return vault.documents.directory().directory


def _key(vault: Vault) -> SigningKey:
    return SigningKey.from_bytes(vault.keys.require(Purpose.DEVICE))


def _publish(chief: Laptop, changed: Directory) -> None:
    vault, now = chief.vault, chief.session.now()
    newer = replace(changed, version=_directory(vault).version + 1, created=now // HOUR)
    raw = sign_directory(newer, [SigningKey.from_bytes(vault.keys.require(Purpose.DIRECTORY))])
    vault.documents.issue(raw, now=now)
    header = {Key.VERSION: newer.version}
    vault.outbox.append(ADMIN, signed(_key(vault), Kind.DIRECTORY, header, raw), now=now)
