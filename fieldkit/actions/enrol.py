"""Making an organisation, inviting people, who is in it (docs/protocol.md §6, §10)."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.actions.admitting import signed
from fieldkit.actions.copies import doubtful
from fieldkit.actions.errors import InputProblem, UsageProblem, in_plain_words, read_typed
from fieldkit.actions.founding import Founding, found
from fieldkit.actions.joining import join
from fieldkit.actions.network import proxy_of
from fieldkit.actions.organisation import (
    CONFIRMED,
    OrganisationView,
    checked_name,
    organisation,
    unconfirmed,
)
from fieldkit.actions.session import HOUR, Session
from fieldkit.vault.identity import Identity
from fieldkit.vault.keys import Purpose
from fieldkit.vault.members import MemberState
from sync.client.enrol import create_organisation as post_organisation
from sync.protocol.directory import Directory
from sync.protocol.enrolment import Invite, Ticket, encode_invite, invite_keys, parse_ticket
from sync.protocol.ids import ADMIN, Device, Incarnation
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.messages import OrganisationRequest
from sync.protocol.records import InviteNote, Member, RecordType, invite_content, member_content
from sync.protocol.signing import SigningKey

__all__ = [
    "InviteView",
    "MemberLine",
    "OrganisationView",
    "create_organisation",
    "device_key",
    "invite",
    "join",
    "members",
    "organisation",
]

DAYS = 14
MOST_DAYS = 90


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
    doubtful: bool = False
    """Whether the device speaks under more than one incarnation: people have to ask."""
    expires: int | None = None
    """Of an invite nobody has used: when it stops working, UTC seconds."""


def create_organisation(session: Session, name: str, ticket: str, *, pseudonym: str = "") -> OrganisationView:
    """Make an organisation on the server of a ticket; this laptop becomes its first coordinator.

    Everything is stored before the server is asked, so that after a cut the same call goes on with the same
    keys.
    """
    with in_plain_words():
        session.vault.must_be_real("make an organisation")
        offer = read_typed(parse_ticket, ticket)
        called, vault = checked_name(name, "an organisation"), session.vault
        if vault.identities.load() is None:
            founding = found(offer, random=session.random, now=session.now())
            mine = (
                checked_name(pseudonym, "a coordinator")
                if pseudonym
                else f"coordinator-{founding.me.hex()[:4]}"
            )
            proxy_of(vault.home.settings)  # a mistake there is told before anything is stored
            _store_founding(session, founding, called, mine)
        elif not unconfirmed(session):
            raise UsageProblem(
                "this vault belongs to an organisation already", "use another home for another organisation"
            )
        _check_server(offer, vault.documents.directory().directory)
        request = OrganisationRequest(
            code=offer.code, root=vault.documents.roots()[0], directory=vault.documents.directory().raw
        )
        proxy = proxy_of(vault.home.settings)
        with session.connected(offer.address, offer.pins, proxy) as transport:
            post_organisation(transport, request)
        vault.identities.set_progress(CONFIRMED, 1)
    return organisation(session)


def _check_server(offer: Ticket, directory: Directory) -> None:
    """The documents made at the first try name one server: another would refuse them."""
    begun = (directory.address, directory.pins, directory.log_key)
    if (offer.address, offer.pins, offer.log_key) != begun:
        raise InputProblem(
            f"the organisation was begun with a ticket of {directory.address}, this one is another server's",
            "take a ticket of that server, or make the organisation in another home",
        )


def _store_founding(session: Session, founding: Founding, name: str, called: str) -> None:
    vault, now, me = session.vault, session.now(), founding.me
    with vault.transaction():
        vault.documents.adopt([founding.root], founding.root_hash, founding.directory, now=now)
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


def invite(session: Session, role: str, name: str, *, days: int = DAYS) -> InviteView:
    """Invite a reporter or coordinator.

    The text is a secret to hand over in person or over a trusted channel.
    """
    try:
        wanted = Role[role.upper()]
    except KeyError:
        raise UsageProblem(f"expected the role reporter or coordinator, got {role!r}") from None
    if not 1 <= days <= MOST_DAYS:
        raise UsageProblem(f"an invite holds for 1 to {MOST_DAYS} days, got {days}")
    called = checked_name(name, "an invite")
    with in_plain_words():
        vault, now = session.vault, session.now()
        vault.must_be_real("invite anybody")
        me = vault.identities.require()
        directory = vault.documents.directory().directory
        mine = directory.coordinator(me.device)
        if mine is None or not mine.officer:
            raise UsageProblem("only a coordinator who manages members can invite", "ask one of them")
        secret, expires = session.random(16), now // HOUR + days * 24
        keys = invite_keys(secret)
        note = InviteNote(invite=keys.invite, org_key=keys.org_key, role=wanted, name=called, expires=expires)
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
        doubted = doubtful(session)
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
                    doubtful=member.device in doubted,
                )
            )
        unused = [invite.note for invite in vault.members.invites() if invite.used_by is None]
        pending = {member.invite for member in known}
        lines += [
            MemberLine(
                device=None,
                role=note.role.name.lower(),
                name=note.name,
                state="invited",
                joined=None,
                expires=note.expires * HOUR,
            )
            for note in unused
            if note.invite not in pending
        ]
    return lines


_STATES = {
    # Somebody told the name; that is no certificate.
    MemberState.NAMED: "pending",
    MemberState.PENDING: "pending",
    MemberState.MEMBER: "certified",
    MemberState.REFUSED: "refused",
}
