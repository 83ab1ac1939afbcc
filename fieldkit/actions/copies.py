"""A vault that was copied or put back goes on under an incarnation of its own (docs/protocol.md §9)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from fieldkit.actions.acknowledging import acknowledge_opened
from fieldkit.actions.admitting import signed
from fieldkit.actions.errors import RESTART, SET_BACK
from fieldkit.actions.session import Session
from fieldkit.actions.set_back import set_back
from fieldkit.vault.evidence import Finding
from sync.protocol.frames import Frame
from sync.protocol.ids import ADMIN, INCARNATION_BYTES, Device, Incarnation, Lane
from sync.protocol.kinds import Key
from sync.protocol.records import Member, RecordType, invite_content, member_content
from sync.protocol.signing import SigningKey

COPIED = (
    "this notebook was copied, or put back from an older copy: the server holds what another copy signed."
    " It goes on by itself, and everything written here is sent; nothing here is lost."
    " What only the other copy held is not here"
)
"""What the owner of such a vault is told."""

COPIES_TOLD = "copies_told"
"""Progress: of how many own copies an exchange that came to its end has told."""

DOUBTFUL = "this person's notebook was copied, put back from a backup, or joined again: ask them in person"
"""What coordinators are told of such a sender."""


def begin_anew(session: Session, key: SigningKey) -> bool:
    """Leave chains that live on in another copy; whether there was any, and so something new to seal.

    With the proof in the vault already: everything else is one transaction, and a crash before it is made
    good by the next exchange.
    """
    vault, now = session.vault, session.now()
    with vault.transaction():
        due = vault.copies.due()
        if vault.identities.load() is not None and vault.identities.require().incarnation in due:
            vault.identities.begin_incarnation(Incarnation(session.random(INCARNATION_BYTES)))
        for incarnation in due:
            lost = vault.copies.give_up(incarnation, joined=_listed(session), now=now)
            for lane, frame in lost.frames:
                _write_again(session, key, lane, frame)
            _tell_again(session, lost.types)
    if due:
        acknowledge_opened(session, key)
    return bool(due)


def _listed(session: Session) -> bool:
    """Whether the directory names this laptop, so that its join must have arrived."""
    vault = session.vault
    return vault.documents.directory().directory.coordinator(vault.identities.require().device) is not None


def _write_again(session: Session, key: SigningKey, lane: Lane, frame: Frame) -> None:
    """The same content in its new place."""
    places = (Key.SEQUENCE, Key.PREVIOUS)
    header = {Key(name): value for name, value in frame.header.items() if name not in places}
    session.vault.outbox.append(lane, signed(key, frame.kind, header, frame.body), now=session.now())


def _tell_again(session: Session, types: Collection[RecordType]) -> None:
    """Names and invites: which of them the lost records told is not known, and twice told changes nothing."""
    vault, now = session.vault, session.now()
    if RecordType.MEMBER in types:
        for member in vault.members.all():
            if member.name:
                content = member_content(Member(device=member.device, role=member.role, name=member.name))
                vault.outbox.queue(ADMIN, RecordType.MEMBER, content, now=now)
    if RecordType.INVITE in types:
        for invite in vault.members.invites():
            if invite.used_by is None:
                vault.outbox.queue(ADMIN, RecordType.INVITE, invite_content(invite.note), now=now)


def alarm(session: Session) -> str:
    """What its owner must know when another copy of this very vault exists, or existed; else nothing."""
    me = session.vault.identities.load()
    found = _copied(session)
    return f"{COPIED}. Tell your coordinator" if me is not None and me.device in found else ""


def news(session: Session) -> tuple[str, ...]:
    """What the owner must be told of own copies that no exchange has told of; notes that this one does."""
    vault = session.vault
    me = vault.identities.require().device
    found = sum(one.device == me for one in vault.copies.found())
    if found <= vault.identities.progress(COPIES_TOLD):
        return ()
    vault.identities.set_progress(COPIES_TOLD, found)
    return (COPIED,)


def doubtful(session: Session) -> frozenset[Device]:
    """Other devices that speak under more than one incarnation, or signed two frames for one place."""
    vault = session.vault
    me = vault.identities.load()
    found = set(_copied(session))
    found |= {one.device for one in vault.evidence.all() if one.kind is Finding.FORK}
    return frozenset(found if me is None else found - {me.device})


RESOLVED = frozenset({Finding.COPY, Finding.DIRECTORY})
"""Findings after which everything goes on by itself: they are told, and are no failure of an exchange."""


def contradictions(session: Session) -> tuple[str, ...]:
    """What does not agree, with the device it is about."""
    return tuple(
        f"{found.kind}, {found.device.hex()[:8]}: {found.detail}"
        for found in session.vault.evidence.unsettled()
        if found.kind not in RESOLVED
    )


def doubts(session: Session) -> tuple[str, ...]:
    """Whom a coordinator should ask in person, and why."""
    vault = session.vault
    me = vault.identities.require().device
    members = {device: vault.members.find(device) for device in _copied(session) - {me}}
    names = {device: member.name if member else "" for device, member in members.items()}
    return tuple(sorted(f"{name or device.hex()[:8]}: {DOUBTFUL}" for device, name in names.items()))


def _copied(session: Session) -> frozenset[Device]:
    return frozenset(one.device for one in session.vault.copies.found())


def evidence(session: Session) -> Iterator[tuple[str, str, str, str]]:
    """Contradictions for the doctor: level, title, detail, hint; a copy once, however many chains it left."""
    for lane in set_back(session):
        detail = f"the server's log of lane {lane.name} is not the one pulled before: {SET_BACK}"
        yield "problem", "log", detail, RESTART
    unsettled = session.vault.evidence.unsettled()
    for found in session.vault.evidence.all():
        if found.kind is Finding.DIRECTORY:
            yield "warning", "directory", found.detail, "nothing is to be done"
        elif found not in unsettled:
            hint = "nothing was deleted; what the server lost is sent again"
            yield "warning", f"evidence: {found.kind}", found.detail, hint
        elif found.kind is Finding.GENERATION:
            hint = "ask a coordinator whether they restarted the log; everything is sent again"
            yield "warning", f"evidence: {found.kind}", found.detail, hint
        elif found.kind is not Finding.COPY:
            hint = "show this to the other coordinators; nothing was deleted"
            yield "problem", f"evidence: {found.kind}", found.detail, hint
    if own := alarm(session):
        yield "problem", "copy", own, "nothing was deleted; reports go on from here"
    for doubt in doubts(session):
        yield "warning", "sender", doubt, "nothing was deleted, and what they send counts"
