"""Frames and records that no honest laptop would write, by the keys of somebody's real vault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldkit.actions.admitting import signed
from fieldkit.actions.enrol import device_key
from fieldkit.actions.session import Session
from fieldkit.actions.trust import Trust
from fieldkit.vault.inbox import EntryState
from sync.protocol.frames import Frame, build
from sync.protocol.ids import MAIN, NO_HASH, Chain, Device, Incarnation, Index, Lane, Organisation, device_id
from sync.protocol.kinds import Key, Kind
from sync.protocol.messages import FeedItem, MailItem
from sync.protocol.records import RecordType
from sync.protocol.signing import SigningKey

BODY: Mapping[int, Any] = {1: "incident", 2: 1, 4: {"title": "forged"}, 5: 1_900_000_000}
"""The least a revision says."""


def tell(session: Session, lane: Lane, type_: RecordType, content: object) -> None:
    """Queue any record at all: the next sync seals and sends it, for the server cannot look inside."""
    session.vault.outbox.queue(lane, type_, content, now=session.now())


def write(session: Session, lane: Lane, kind: Kind, header: Mapping[Key, object], body: bytes = b"") -> Frame:
    """The next frame of a laptop's own chain, queued for the next sync."""
    make = signed(device_key(session), kind, header, body)
    return session.vault.outbox.append(lane, make, now=session.now())[0]


def stray(
    organisation: Organisation,
    key: SigningKey,
    lane: Lane,
    kind: Kind,
    header: Mapping[Key, object],
    body: bytes = b"",
) -> tuple[Chain, Frame]:
    """A frame of a device nobody knows, and the chain it claims."""
    chain = Chain(
        organisation=organisation, lane=lane, device=device_id(key.public), incarnation=Incarnation(bytes(8))
    )
    return chain, build(chain, key, kind, {Key.SEQUENCE: 1, Key.PREVIOUS: NO_HASH, **header}, body)


def post(session: Session, frame: Frame, device: Device, incarnation: Incarnation, lane: Lane = MAIN) -> int:
    """Put a frame into a laptop's mailbox as a server would, and have it read; acknowledgements that held."""
    mailbox = session.vault.mailbox
    item = MailItem(
        mail_index=mailbox.cursor(),
        lane=lane,
        index=Index(0),
        device=device,
        incarnation=incarnation,
        frame=frame.raw,
    )
    mailbox.keep([item], at=session.now())
    return Trust(session).read_mail()


def feed(session: Session, chain: Chain, frame: Frame) -> None:
    """Put a frame at the end of what a laptop pulled, as a server that checks nothing would."""
    me = session.vault.identities.require()
    _, index = session.vault.feeds.cursor(me.organisation, chain.lane)
    item = FeedItem(
        lane=chain.lane,
        index=Index(index),
        device=chain.device,
        incarnation=chain.incarnation,
        frame=frame.raw,
    )
    session.vault.feeds.keep(me.organisation, chain.lane, [item], None, at=session.now())


def letters(session: Session, state: EntryState) -> list[str]:
    """Why letters stand in a state."""
    return [letter.reason for letter in session.vault.mailbox.letters(state)]


def refused(session: Session) -> list[str]:
    """Why pulled frames were refused."""
    return [entry.reason for entry in session.vault.inbox.refused()]
