"""A coordinator's duties to newcomers.

Check the proof, certify, and let a new coordinator read (docs/protocol.md §10).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from fieldkit.actions.founding import DIRECTORY_DAYS
from fieldkit.actions.merging import merged
from fieldkit.actions.session import HOUR, Session
from fieldkit.actions.trust import PUBLISHED, Trust
from fieldkit.vault.keys import Purpose
from fieldkit.vault.members import MemberState, StoredInvite, StoredMember
from fieldkit.vault.outbox import LaneState, Produced
from sync.protocol.directory import MEMBER_OFFICER, Coordinator, Directory, sign_directory
from sync.protocol.enrolment import JoinClaim, check_organisation_mac, read_claim
from sync.protocol.errors import ProtocolError
from sync.protocol.frames import Frame, build, parse
from sync.protocol.ids import ADMIN, Chain, Device
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.records import Member, RecordType, member_content
from sync.protocol.sealing import seal_seed
from sync.protocol.signing import SigningKey


@dataclass(slots=True)
class Admitted:
    """Who was let in, by name, and who was not."""

    certified: list[str] = field(default_factory=list)
    granted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """With the reason: a proof that does not hold, an invite used before."""
    waiting: list[str] = field(default_factory=list)
    """Whom this laptop cannot judge, or may not list, with the reason; another coordinator's may."""


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
        """Certify or refuse each pending member, each in one transaction: none can hold up the others."""
        me = self._trust.directory.coordinator(self._trust.me.device)
        if me is None or not me.officer:
            return self.admitted
        for member in self._vault.members.all():
            if member.state is MemberState.PENDING and member.join_frame is not None:
                self._admit(member, parse(member.join_frame))
        return self.admitted

    def publish_again(self) -> None:
        """Issue the newest directory under the next version when the server did not take it.

        Where it has another one, by another copy of this laptop, ours is put on top of that.
        To be called when the whole admin lane was read and nothing waits to be sent.
        """
        directory, merge = self._trust.directory, self._vault.documents.to_merge()
        published = max(1, self._vault.identities.progress(PUBLISHED))
        if self._vault.keys.find(Purpose.DIRECTORY) is None:
            return
        if merge is not None:
            base, ours = merge
            wanted = merged(base.directory, ours.directory, directory)
        elif directory.version > published:
            wanted = directory
        else:
            return
        with self._vault.transaction():
            self._vault.documents.merged()
            if merge is None or wanted != directory:
                self._trust.directory = replace(wanted, version=directory.version + 1)
                self._issue(self._trust.directory)

    def _admit(self, member: StoredMember, join: Frame) -> None:
        invite = None if member.invite is None else self._vault.members.invite(member.invite)
        name = member.device.hex()[:8] if invite is None else invite.note.name
        try:
            with self._vault.transaction():
                waits = self._consider(member, join, invite)
        except ProtocolError as error:
            # The join itself is at fault, such as a reader key that is none: the transaction took back all.
            self._refuse(member, name, str(error))
            return
        if waits:
            self.admitted.waiting.append(f"{name}: {waits}")

    def _consider(self, member: StoredMember, join: Frame, invite: StoredInvite | None) -> str:
        """Certify or refuse; else why neither can be done here and now."""
        incarnation = self._vault.inbox.incarnation_of(join.hash)
        if invite is None or incarnation is None:
            return "the invite this laptop joined with is not known here"
        chain = Chain(
            organisation=self._trust.me.organisation,
            lane=ADMIN,
            device=member.device,
            incarnation=incarnation,
        )
        claim = read_claim(join)
        problem = self._problem(join, claim, chain, invite)
        if problem is not None:
            self._refuse(member, invite.note.name, problem)
            return ""
        if not self._vault.documents.knows(claim.root_hash, claim.directory_version, claim.directory_hash):
            return "it joined under a directory or root that is not known here"
        if claim.role is Role.COORDINATOR and self._vault.keys.find(Purpose.DIRECTORY) is None:
            return "only a laptop with the directory key can list a coordinator"
        self._certify(join, claim, chain, invite.note.name)
        return ""

    def _refuse(self, member: StoredMember, name: str, problem: str) -> None:
        self._vault.members.refused(member.device, problem)
        self.admitted.refused.append(f"{name}: {problem}")

    def _problem(self, join: Frame, claim: JoinClaim, chain: Chain, invite: StoredInvite) -> str | None:
        """Why a join must not be certified, if so."""
        if not check_organisation_mac(join, chain, invite.note.org_key):
            return "the proof of holding the invite does not hold"
        if claim.role is not invite.note.role:
            return f"the invite was for a {invite.note.role.name.lower()}"
        if invite.used_by not in (None, chain.device):
            return "the invite was used by another laptop: ask both people in person"
        return None

    def _certify(self, join: Frame, claim: JoinClaim, chain: Chain, name: str) -> None:
        now, device = self._session.now(), chain.device
        header = {
            Key.TO: device,
            Key.INVITE: claim.invite,
            Key.ROLE: int(claim.role),
            Key.PUBLIC_KEY: claim.public_key,
            Key.JOIN_HASH: join.hash,
        }
        frame = self._append(Kind.CERTIFICATE, header)
        self._vault.members.certified(device, claim.public_key, claim.role, claim.invite, frame.raw, now=now)
        self._vault.members.use_invite(claim.invite, device)
        self._vault.members.named(device, claim.role, name, now=now)
        content = member_content(Member(device=device, role=claim.role, name=name))
        self._vault.outbox.queue(ADMIN, RecordType.MEMBER, content, now=now)
        if claim.role is Role.COORDINATOR:
            self._let_read(device, claim)
            self.admitted.granted.append(name)
        self.admitted.certified.append(name)

    def _let_read(self, device: Device, claim: JoinClaim) -> None:
        """List a new coordinator as a reader of every lane and grant every seed held, past terms included."""
        hours = self._session.now() // HOUR
        directory = _with_coordinator(self._trust.directory, device, claim.public_key, hours)
        self._issue(directory)
        for held in self._vault.keys.lane_seeds():
            body = seal_seed(
                held.seed,
                claim.reader_key,
                organisation=directory.organisation,
                lane=held.lane,
                term=held.term,
                to=device,
            )
            self._append(Kind.GRANT, {Key.TO: device, Key.TERM: held.term, Key.LANE: held.lane}, body)
        self._trust.directory = directory

    def _issue(self, directory: Directory) -> None:
        """Sign a directory, keep it, and queue it for the server."""
        raw = sign_directory(directory, [SigningKey.from_bytes(self._vault.keys.require(Purpose.DIRECTORY))])
        self._vault.documents.issue(raw, now=self._session.now())
        self._append(Kind.DIRECTORY, {Key.VERSION: directory.version}, raw)

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
        expires=max(directory.expires, hours + DIRECTORY_DAYS * 24),
        coordinators=(*others, entry),
        lanes=tuple(
            replace(lane, readers=tuple(sorted({*lane.readers, device}))) for lane in directory.lanes
        ),
    )
