"""Making an organisation, inviting people, joining (docs/protocol.md §6, §10)."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.actions.admitting import signed
from fieldkit.actions.errors import InputProblem, UsageProblem, VerificationProblem, in_plain_words
from fieldkit.actions.founding import Founding, found
from fieldkit.actions.network import proxy_of
from fieldkit.actions.session import Session
from fieldkit.vault.identity import Identity
from fieldkit.vault.keys import Purpose
from fieldkit.vault.members import MemberState
from fieldkit.vault.words import word_list
from sync.client.enrol import create_organisation as post_organisation
from sync.client.enrol import fetch_documents
from sync.protocol.directory import SignedDirectory, parse_directory
from sync.protocol.enrolment import (
    Invite,
    JoinClaim,
    build_join,
    encode_invite,
    invite_keys,
    parse_invite,
    parse_ticket,
)
from sync.protocol.ids import ADMIN, Device, Incarnation, device_id
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.messages import OrganisationRequest
from sync.protocol.records import InviteNote, Member, RecordType, invite_content, member_content
from sync.protocol.root import walk
from sync.protocol.sealing import InboxSecret
from sync.protocol.signing import SigningKey

HOUR = 3_600
DAYS = 14
MOST_DAYS = 90
FINGERPRINT_WORDS = 8
CONFIRMED = "organisation_confirmed"
"""Progress: 1 once the server has taken the organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationView:
    """What is shown of an organisation: the fingerprint is what two people compare aloud."""

    name: str
    organisation: str
    fingerprint: tuple[str, ...]
    address: str
    directory_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteView:
    """An invite to hand over; it goes to the server with the next sync."""

    text: str
    expires: int
    """UTC seconds."""
    role: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One member, or somebody invited."""

    device: str | None
    role: str
    name: str
    state: str
    """invited, pending, certified, refused, or you."""
    joined: int | None


def create_organisation(session: Session, name: str, ticket: str, *, pseudonym: str = "") -> OrganisationView:
    """Make an organisation on the server of a ticket; this laptop becomes its first coordinator.

    Everything is stored before the server is asked, so that after a cut the same call goes on with the same
    keys.
    """
    with in_plain_words():
        offer = parse_ticket(ticket)
        vault = session.vault
        known = vault.identities.load()
        if known is None:
            founding = found(offer, random=session.random, now=session.now())
            _store_founding(session, founding, name, pseudonym)
        elif vault.identities.progress(CONFIRMED) or known.role is not Role.COORDINATOR:
            raise UsageProblem(
                "this vault belongs to an organisation already", "use another home for another organisation"
            )
        documents = vault.documents
        request = OrganisationRequest(
            code=offer.code, root=documents.roots()[0], directory=documents.directory().raw
        )
        proxy = proxy_of(vault.home.settings)
        with session.connect(offer.address, offer.pins, proxy) as transport:
            post_organisation(transport, request)
        vault.identities.set_progress(CONFIRMED, 1)
    return organisation(session)


def _store_founding(session: Session, founding: Founding, name: str, pseudonym: str) -> None:
    vault, now, me = session.vault, session.now(), founding.me
    with vault.transaction():
        vault.documents.adopt([founding.root], founding.root_hash, founding.directory, now=now)
        called = pseudonym or f"coordinator-{me.hex()[:4]}"
        vault.identities.store(
            Identity(
                organisation=founding.organisation,
                device=me,
                incarnation=Incarnation(session.random(8)),
                role=Role.COORDINATOR,
                pseudonym=called,
                joined=now,
            )
        )
        for purpose, secret in founding.secrets.items():
            vault.keys.keep(purpose, secret, now=now)
        for lane, seed in founding.seeds.items():
            vault.keys.keep(Purpose.INBOX, seed, now=now, lane=lane, term=1)
        # The organisation's own name travels sealed, as a member record in its own place (§4, type 4).
        for device, text in ((me, called), (Device(founding.organisation), name)):
            content = member_content(Member(device=device, role=Role.COORDINATOR, name=text))
            vault.outbox.queue(ADMIN, RecordType.MEMBER, content, now=now)
            vault.members.named(device, Role.COORDINATOR, text, now=now)


def organisation(session: Session) -> OrganisationView:
    """What this vault knows of its organisation."""
    with in_plain_words():
        vault = session.vault
        me = vault.identities.require()
        root, directory = vault.documents.root(), vault.documents.directory().directory
        named = vault.members.find(Device(me.organisation))
    return OrganisationView(
        name="" if named is None else named.name,
        organisation=me.organisation.hex(),
        fingerprint=fingerprint(root.hash),
        address=directory.address,
        directory_version=directory.version,
    )


def fingerprint(root_hash: bytes) -> tuple[str, ...]:
    """Eight words for a root's hash: 82 bits, more than anybody can match on purpose by trying."""
    words = word_list()
    number = int.from_bytes(root_hash, "big")
    return tuple(words[number // len(words) ** place % len(words)] for place in range(FINGERPRINT_WORDS))


def invite(session: Session, role: str, name: str, *, days: int = DAYS) -> InviteView:
    """Invite a reporter or coordinator.

    The text is a secret to hand over in person or over a trusted channel.
    """
    try:
        wanted = Role[role.upper()]
    except KeyError:
        raise UsageProblem(f"expected the role reporter or coordinator, got {role!r}") from None
    if not 1 <= days <= MOST_DAYS or not name.strip():
        raise UsageProblem(f"an invite needs a name and 1 to {MOST_DAYS} days, got {name!r} and {days}")
    with in_plain_words():
        vault, now = session.vault, session.now()
        me = vault.identities.require()
        directory = vault.documents.directory().directory
        mine = directory.coordinator(me.device)
        if mine is None or not mine.officer:
            raise UsageProblem("only a coordinator who manages members can invite", "ask one of them")
        secret, expires = session.random(16), now // HOUR + days * 24
        keys = invite_keys(secret)
        note = InviteNote(
            invite=keys.invite, org_key=keys.org_key, role=wanted, name=name.strip(), expires=expires
        )
        text = encode_invite(
            Invite(
                address=directory.address,
                organisation=me.organisation,
                root_hash=vault.documents.root().hash,
                directory_version=directory.version,
                secret=secret,
                role=wanted,
                expires=expires,
            )
        )
        header = {Key.INVITE: keys.invite, Key.ROLE: int(wanted), Key.EXPIRES: expires}
        make = signed(device_key(session), Kind.INVITE, header, keys.server_key)
        with vault.transaction():
            vault.members.keep_invite(note, now=now)
            vault.outbox.append(ADMIN, make, now=now)
            vault.outbox.queue(ADMIN, RecordType.INVITE, invite_content(note), now=now)
    return InviteView(text=text, expires=expires * HOUR, role=wanted.name.lower(), name=note.name)


def device_key(session: Session) -> SigningKey:
    """The key that signs this laptop's frames."""
    return SigningKey.from_bytes(session.vault.keys.require(Purpose.DEVICE))


def members(session: Session) -> list[MemberLine]:
    """Everybody this coordinator knows of, and the invites nobody has used."""
    with in_plain_words():
        vault = session.vault
        me = vault.identities.require()
        if me.role is not Role.COORDINATOR:
            raise UsageProblem("only coordinators know who the members are", "a reporter's laptop does not")
        known = [member for member in vault.members.all() if member.device != Device(me.organisation)]
        lines = []
        for member in known:
            listed = vault.documents.directory().directory.coordinator(member.device) is not None
            state = "certified" if listed or member.state is MemberState.MEMBER else _STATES[member.state]
            lines.append(
                MemberLine(
                    device=member.device.hex(),
                    role=member.role.name.lower(),
                    name=member.name,
                    state="you" if member.device == me.device else state,
                    joined=member.since,
                )
            )
        unused = [invite.note for invite in vault.members.invites() if invite.used_by is None]
        pending = {member.invite for member in known}
        lines += [
            MemberLine(device=None, role=note.role.name.lower(), name=note.name, state="invited", joined=None)
            for note in unused
            if note.invite not in pending
        ]
    return lines


_STATES = {
    MemberState.NAMED: "certified",
    MemberState.PENDING: "pending",
    MemberState.MEMBER: "certified",
    MemberState.REFUSED: "refused",
}


def join(session: Session, invite: str, *, pseudonym: str | None = None) -> OrganisationView:
    """Join an organisation with an invite: check root, directory and server, make keys, queue the join frame.

    The frame goes with the next sync, and records may follow it at once.
    """
    with in_plain_words():
        offer = parse_invite(invite)
        if session.vault.identities.load() is not None:
            raise UsageProblem(
                "this vault belongs to an organisation already", "use another home for another organisation"
            )
        if offer.expires * HOUR < session.now():
            raise InputProblem("the invite has expired", "ask for a new one; or check this laptop's clock")
        roots, directory = _checked_documents(session, offer)
        _store_join(session, offer, roots, directory, pseudonym)
    return organisation(session)


def _checked_documents(session: Session, offer: Invite) -> tuple[tuple[bytes, ...], SignedDirectory]:
    """What the server gives for the invite, believed only as far as the invite vouches for it."""
    proxy = proxy_of(session.vault.home.settings)
    keys = invite_keys(offer.secret)
    with session.connect(offer.address, None, proxy) as transport:
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
    return documents.roots, signed_directory


def _store_join(
    session: Session,
    offer: Invite,
    roots: tuple[bytes, ...],
    signed_directory: SignedDirectory,
    pseudonym: str | None,
) -> None:
    vault, now = session.vault, session.now()
    key = SigningKey.generate()
    device = device_id(key.public)
    with vault.transaction():
        vault.documents.adopt(roots, offer.root_hash, signed_directory.raw, now=now)
        vault.identities.store(
            Identity(
                organisation=offer.organisation,
                device=device,
                incarnation=Incarnation(session.random(8)),
                role=offer.role,
                pseudonym=pseudonym or f"{offer.role.name.lower()}-{device.hex()[:4]}",
                joined=now,
            )
        )
        vault.keys.keep(Purpose.DEVICE, key.secret, now=now)
        reader_key = b""
        if offer.role is Role.COORDINATOR:
            reader = InboxSecret(session.random(32))
            vault.keys.keep(Purpose.READER, reader.seed, now=now)
            reader_key = reader.public
        keys = invite_keys(offer.secret)
        claim = JoinClaim(
            invite=keys.invite,
            role=offer.role,
            root_hash=vault.documents.root().hash,
            directory_version=signed_directory.directory.version,
            directory_hash=signed_directory.hash,
            public_key=key.public,
            log_key=signed_directory.directory.log_key,
            reader_key=reader_key,
        )
        vault.outbox.append(ADMIN, lambda state: [build_join(state.chain, key, claim, keys)], now=now)
