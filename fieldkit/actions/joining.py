"""Joining an organisation with an invite (docs/protocol.md §10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from fieldkit.actions.errors import (
    InputProblem,
    UsageProblem,
    VerificationProblem,
    in_plain_words,
    read_typed,
)
from fieldkit.actions.named_files import named_file
from fieldkit.actions.network import proxy_of
from fieldkit.actions.organisation import OrganisationView, checked_name, fingerprint_words, organisation
from fieldkit.actions.session import HOUR, Session
from fieldkit.vault.identity import Identity
from fieldkit.vault.keys import Purpose
from fieldkit.vault.platform import open_file
from sync.client.enrol import fetch_documents
from sync.protocol.directory import SignedDirectory, parse_directory
from sync.protocol.enrolment import Invite, JoinClaim, build_join, invite_keys, parse_invite
from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import Frame, parse
from sync.protocol.ids import ADMIN, Incarnation, device_id
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.root import walk
from sync.protocol.sealing import InboxSecret
from sync.protocol.signing import SigningKey

INCARNATION_BYTES = 8
INVITE_FILE_BYTES = 16 * 1024
"""An invite has a few hundred characters; a file with more is some other file."""

JOIN_SEQUENCE = 1
"""A join frame is the first of its chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Welcome:
    """An invite and the documents that hold under it."""

    offer: Invite
    roots: tuple[bytes, ...] = field(repr=False)
    directory: SignedDirectory = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteTold:
    """What an invite says by itself, before anything is asked of any server."""

    role: str
    address: str
    organisation: str
    fingerprint: tuple[str, ...]
    """Whoever gave the invite sees the same words: they are compared aloud."""
    expires: int
    """UTC seconds."""


def read_invite(invite: str, *, now: int) -> InviteTold:
    """Read an invite without using it. Raises InputProblem for one that is not whole or is no longer good."""
    offer = read_typed(parse_invite, invite)
    _check_expiry(offer, now)
    return told_by(offer)


def look(invite: str) -> InviteTold:
    """What an invite says, also of one that has expired. Raises InputProblem for one that is not whole."""
    return told_by(read_typed(parse_invite, invite))


def is_whole(invite: str) -> bool:
    """Whether a text is an invite from its beginning to its end."""
    try:
        parse_invite(invite)
    except ProtocolError:
        return False
    return True


def told_by(offer: Invite) -> InviteTold:
    """What an invite says."""
    return InviteTold(
        role=offer.role.name.lower(),
        address=offer.address,
        organisation=offer.organisation.hex(),
        fingerprint=fingerprint_words(offer.root_hash),
        expires=offer.expires * HOUR,
    )


def invite_from_file(path: Path) -> str:
    """The invite a file holds. Raises InputProblem when it cannot be read or is far too long for one."""
    with in_plain_words(), open_file(named_file(path)) as file:
        raw = file.read(INVITE_FILE_BYTES + 1)
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise InputProblem("that file holds no text", "name the file with the invite in it") from None
    if not text or len(raw) > INVITE_FILE_BYTES:
        what = "is empty" if not text else f"has more than {INVITE_FILE_BYTES} bytes"
        raise InputProblem(f"that file {what}", "name the file with the invite in it, and nothing else")
    return text


def join(session: Session, invite: str, *, pseudonym: str | None = None) -> OrganisationView:
    """Join an organisation with an invite: check root, directory and server, make keys, queue the join frame.

    The frame goes with the next sync, and records may follow it at once. The same invite again changes
    nothing; when the server did not take the first one (it expired, or was used), a new invite of the same
    organisation takes its place, and what was written meanwhile stays.
    """
    with in_plain_words():
        session.vault.must_be_real("join an organisation")
        offer = read_typed(parse_invite, invite)
        called = checked_name(pseudonym, "a pseudonym") if pseudonym else ""
        known = session.vault.identities.load()
        if known is not None and _joined_with(session, known, offer):
            return organisation(session)
        _check_expiry(offer, session.now())
        welcome = _checked_documents(session, offer)
        if known is None:
            _store_join(session, welcome, called)
        else:
            _store_again(session, welcome)
    return organisation(session)


def _check_expiry(offer: Invite, now: int) -> None:
    if offer.expires * HOUR < now:
        raise InputProblem("the invite has expired", "ask for a new one; or check this laptop's clock")


def join_accepted(session: Session) -> bool:
    """Whether the server holds this laptop's join frame, of whichever incarnation; a founder has none."""
    vault = session.vault
    me = vault.identities.require()
    listed = vault.documents.directory().directory.coordinator(me.device) is not None
    return listed or vault.keys.find(Purpose.ROOT) is not None or vault.outbox.join_received()


def _joined_with(session: Session, known: Identity, offer: Invite) -> bool:
    """Whether this very invite was used here. Raises UsageProblem unless a new one may take its place."""
    waiting = _waiting_join(session)
    if waiting is not None and waiting.header[Key.INVITE] == invite_keys(offer.secret).invite:
        return True
    if known.organisation != offer.organisation or join_accepted(session):
        raise UsageProblem(
            "this vault belongs to an organisation already", "use another home for another organisation"
        )
    if known.role is not offer.role:
        raise UsageProblem(
            f"this laptop began to join as a {known.role.name.lower()}, the invite is for another role",
            f"ask for an invite as a {known.role.name.lower()}, or use another home",
        )
    return False


def _waiting_join(session: Session) -> Frame | None:
    """The join frame while it waits: it is the first to be sent."""
    for frame in session.vault.delivery.pending(0):
        parsed = parse(frame.raw)
        if parsed.kind is Kind.JOIN:
            return parsed
    return None


def _checked_documents(session: Session, offer: Invite) -> _Welcome:
    """What the server gives for the invite, believed only as far as the invite vouches for it."""
    proxy = proxy_of(session.vault.home.settings)
    keys = invite_keys(offer.secret)
    with session.connected(offer.address, None, proxy) as transport:
        documents = fetch_documents(transport, offer.organisation, keys.invite)
        observed = transport.observed
    newest = walk(documents.roots, offer.root_hash)
    if newest.root.organisation != offer.organisation:
        raise VerificationProblem("the root document is another organisation's", "ask for a new invite")
    signed_directory = parse_directory(documents.directory, newest)
    directory = signed_directory.directory
    if directory.version < offer.directory_version:
        raise VerificationProblem(
            f"expected directory {offer.directory_version} or newer, the server gave {directory.version}",
            "the server may be hiding changes: tell the person who invited you",
        )
    if observed not in directory.pins:
        raise VerificationProblem(
            "somebody stands between this laptop and the server: the certificate is not the organisation's",
            "do not go on over this link; try another one",
        )
    return _Welcome(offer=offer, roots=documents.roots, directory=signed_directory)


def _store_join(session: Session, welcome: _Welcome, called: str) -> None:
    """Keys, documents, identity and the join frame, in one transaction."""
    vault, now, offer = session.vault, session.now(), welcome.offer
    key = SigningKey.generate()
    device = device_id(key.public)
    with vault.transaction():
        vault.documents.adopt(welcome.roots, offer.root_hash, welcome.directory.raw, now=now)
        vault.identities.store(
            Identity(
                organisation=offer.organisation,
                device=device,
                incarnation=Incarnation(session.random(INCARNATION_BYTES)),
                role=offer.role,
                pseudonym=called or f"{offer.role.name.lower()}-{device.hex()[:4]}",
                joined=now,
            )
        )
        vault.keys.keep(Purpose.DEVICE, key.secret, now=now)
        vault.keys.drop(Purpose.INVITE)
        if offer.role is Role.COORDINATOR:
            vault.keys.keep(Purpose.READER, session.random(32), now=now)
        _append_join(session, welcome)


def _store_again(session: Session, welcome: _Welcome) -> None:
    """A join in the place of one the server did not take: the same keys, a chain of a new incarnation.

    What was sealed under the old one is sent as it is, in its own name.
    """
    vault = session.vault
    with vault.transaction():
        vault.documents.keep(welcome.roots, welcome.directory.raw, now=session.now())
        vault.delivery.keep_refusal(ADMIN, JOIN_SEQUENCE, int(Refusal.INVITE))
        vault.identities.begin_incarnation(Incarnation(session.random(INCARNATION_BYTES)))
        _append_join(session, welcome)


def _append_join(session: Session, welcome: _Welcome) -> None:
    vault, signed_directory = session.vault, welcome.directory
    key = SigningKey.from_bytes(vault.keys.require(Purpose.DEVICE))
    seed = vault.keys.find(Purpose.READER)
    keys = invite_keys(welcome.offer.secret)
    claim = JoinClaim(
        invite=keys.invite,
        role=welcome.offer.role,
        root_hash=vault.documents.root().hash,
        directory_version=signed_directory.directory.version,
        directory_hash=signed_directory.hash,
        public_key=key.public,
        log_key=signed_directory.directory.log_key,
        reader_key=b"" if seed is None else InboxSecret(seed).public,
    )
    vault.outbox.append(ADMIN, lambda state: [build_join(state.chain, key, claim, keys)], now=session.now())
