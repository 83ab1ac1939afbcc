"""A coordinator's duties to newcomers.

Check the proof, certify, and let a new coordinator read (docs/protocol.md §10).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from fieldkit.actions.session import Session
from fieldkit.actions.trust import Trust
from fieldkit.vault.keys import Purpose
from fieldkit.vault.members import MemberState, StoredInvite, StoredMember
from fieldkit.vault.outbox import LaneState, Produced
from sync.protocol.directory import MEMBER_OFFICER, Coordinator, Directory, sign_directory
from sync.protocol.enrolment import check_organisation_mac, read_claim
from sync.protocol.frames import Frame, build, parse
from sync.protocol.ids import ADMIN, Chain, Device
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.records import Member, RecordType, member_content
from sync.protocol.sealing import seal_seed
from sync.protocol.signing import SigningKey

HOUR = 3_600


@dataclass(slots=True)
class Admitted:
    """Who was let in, by name."""

    certified: list[str] = field(default_factory=list)
    granted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class Admission:
    """Handles everybody who has joined and waits. Only an officer's laptop does.

    Others leave them waiting.
    """

    def __init__(self, session: Session, trust: Trust, key: SigningKey) -> None:
        self._session = session
        self._vault = session.vault
        self._trust = trust
        self._key = key
        self.admitted = Admitted()

    def admit_waiting(self) -> Admitted:
        """Certify or refuse each pending member, each in one transaction."""
        me = self._trust.directory.coordinator(self._trust.me.device)
        if me is None or not me.officer:
            return self.admitted
        for member in self._vault.members.all():
            if member.state is MemberState.PENDING and member.join_frame is not None:
                with self._vault.transaction():
                    self._consider(member, parse(member.join_frame))
        return self.admitted

    def _consider(self, member: StoredMember, join: Frame) -> None:
        invite = None if member.invite is None else self._vault.members.invite(member.invite)
        incarnation = self._vault.inbox.incarnation_of(join.hash)
        if invite is None or incarnation is None:
            return
        chain = Chain(
            organisation=self._trust.me.organisation,
            lane=ADMIN,
            device=member.device,
            incarnation=incarnation,
        )
        problem = self._problem(member, join, chain, invite)
        if problem is not None:
            self._vault.members.refused(member.device, problem)
            self.admitted.refused.append(f"{invite.note.name}: {problem}")
            return
        claim = read_claim(join)
        if not self._vault.documents.knows(claim.root_hash, claim.directory_version, claim.directory_hash):
            return
        if member.role is Role.COORDINATOR and self._vault.keys.find(Purpose.DIRECTORY) is None:
            return
        self._certify(member, join, invite)

    def _problem(self, member: StoredMember, join: Frame, chain: Chain, invite: StoredInvite) -> str | None:
        """Why a join must not be certified, if so."""
        if not check_organisation_mac(join, chain, invite.note.org_key):
            return "the proof of holding the invite does not hold"
        if member.role is not invite.note.role:
            return f"the invite was for a {invite.note.role.name.lower()}"
        if invite.used_by not in (None, member.device):
            return "the invite was used by another laptop: ask both people in person"
        return None

    def _certify(self, member: StoredMember, join: Frame, invite: StoredInvite) -> None:
        now, name = self._session.now(), invite.note.name
        public_key = join.header[Key.PUBLIC_KEY]
        header = {
            Key.TO: member.device,
            Key.INVITE: invite.note.invite,
            Key.ROLE: int(member.role),
            Key.PUBLIC_KEY: public_key,
            Key.JOIN_HASH: join.hash,
        }
        frame = self._append(Kind.CERTIFICATE, header)
        self._vault.members.certified(
            member.device, public_key, member.role, invite.note.invite, frame.raw, now=now
        )
        self._vault.members.use_invite(invite.note.invite, member.device)
        self._vault.members.named(member.device, member.role, name, now=now)
        content = member_content(Member(device=member.device, role=member.role, name=name))
        self._vault.outbox.queue(ADMIN, RecordType.MEMBER, content, now=now)
        self.admitted.certified.append(name)
        if member.role is Role.COORDINATOR:
            self._let_read(member.device, public_key, join.body)
            self.admitted.granted.append(name)

    def _let_read(self, device: Device, public_key: bytes, reader_key: bytes) -> None:
        """List a new coordinator as a reader of every lane and grant every seed held, past terms included."""
        directory = _with_coordinator(self._trust.directory, device, public_key, self._session.now() // HOUR)
        raw = sign_directory(directory, [SigningKey.from_bytes(self._vault.keys.require(Purpose.DIRECTORY))])
        self._vault.documents.keep([], raw, now=self._session.now())
        self._trust.directory = directory
        self._append(Kind.DIRECTORY, {Key.VERSION: directory.version}, raw)
        for held in self._vault.keys.lane_seeds():
            body = seal_seed(
                held.seed,
                reader_key,
                organisation=directory.organisation,
                lane=held.lane,
                term=held.term,
                to=device,
            )
            self._append(Kind.GRANT, {Key.TO: device, Key.TERM: held.term, Key.LANE: held.lane}, body)

    def _append(self, kind: Kind, header: Mapping[Key, object], body: bytes = b"") -> Frame:
        make = signed(self._key, kind, header, body)
        return self._vault.outbox.append(ADMIN, make, now=self._session.now())[0]


def signed(
    key: SigningKey, kind: Kind, header: Mapping[Key, object], body: bytes = b""
) -> Callable[[LaneState], list[Produced]]:
    """Makes the next frame of a chain: the header gets its place there."""

    def make(state: LaneState) -> list[Produced]:
        place = {Key.SEQUENCE: state.sequence + 1, Key.PREVIOUS: state.previous}
        return [build(state.chain, key, kind, {**place, **header}, body)]

    return make


def _with_coordinator(directory: Directory, device: Device, public_key: bytes, hours: int) -> Directory:
    entry = Coordinator(device=device, public_key=public_key, roles=MEMBER_OFFICER)
    others = tuple(known for known in directory.coordinators if known.device != device)
    return replace(
        directory,
        version=directory.version + 1,
        created=hours,
        coordinators=(*others, entry),
        lanes=tuple(
            replace(lane, readers=tuple(sorted({*lane.readers, device}))) for lane in directory.lanes
        ),
    )
