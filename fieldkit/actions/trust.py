"""Whom this vault believes, and what it does with frames that speak to it.

Certificates, grants, acknowledgements.
"""

from __future__ import annotations

from fieldkit.actions.session import Session
from fieldkit.vault.identity import Identity
from fieldkit.vault.inbox import EntryState
from fieldkit.vault.keys import Purpose
from fieldkit.vault.mailbox import Letter
from fieldkit.vault.members import MemberState
from sync.protocol.acknowledgement import check_acknowledgement, sequences_of, target_of
from sync.protocol.directory import Directory
from sync.protocol.enrolment import read_claim
from sync.protocol.errors import ProtocolError, Refusal, malformed
from sync.protocol.frames import Frame, check_signature, parse
from sync.protocol.ids import Chain, Device, InviteId, Lane, device_id
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.permissions import Author, Standing, check_write
from sync.protocol.sealing import InboxSecret, open_seed

JUDGED_UNDER = "letters_judged_under"
"""Progress: version of the directory under which the letters that wait were last tried."""

PUBLISHED = "directory_published"
"""Progress: version of the newest directory seen in the admin lane's feed, 0 before the second one."""


class Trust:
    """The newest directory and the certificates, as they stood when this was made."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._vault = session.vault
        self.me: Identity = session.vault.identities.require()
        self.directory: Directory = session.vault.documents.directory().directory
        self._authors: dict[Device, Author] = {}

    def author(self, device: Device, frame: Frame) -> Author | None:
        """Who signed, or None for somebody without a certificate; a join frame introduces itself."""
        if device in self._authors:
            return self._authors[device]
        if frame.kind is Kind.JOIN and self.directory.coordinator(device) is None:
            public_key = frame.header[Key.PUBLIC_KEY]
            if device_id(public_key) != device:
                raise malformed("the device that joins is not the hash of its key")
            return Author(device=device, public_key=public_key, standing=Standing.PENDING)
        return self.known(device)

    def known(self, device: Device) -> Author | None:
        """Who this is by directory or certificate, whatever it wrote; None for somebody without either."""
        known = self._authors.get(device)
        if known is None and (known := self._look_up(device)) is not None:
            self._authors[device] = known
        return known

    def _look_up(self, device: Device) -> Author | None:
        coordinator = self.directory.coordinator(device)
        if coordinator is not None:
            standing = Standing.OFFICER if coordinator.officer else Standing.COORDINATOR
            return Author(device=device, public_key=coordinator.public_key, standing=standing)
        member = self._vault.members.find(device)
        if member is None or member.public_key is None or member.state is not MemberState.MEMBER:
            return None
        return Author(device=device, public_key=member.public_key, standing=Standing.CERTIFIED)

    def take(self, frame: Frame, chain: Chain) -> None:
        """Act on a verified frame that is not sealed.

        Kinds that concern only the server change nothing here.
        """
        if frame.kind is Kind.JOIN:
            self._take_join(frame, chain)
        elif frame.kind is Kind.CERTIFICATE:
            self._take_certificate(frame)
        elif frame.kind is Kind.GRANT:
            self._take_grant(frame, chain)
        elif frame.kind is Kind.ACKNOWLEDGEMENT:
            self._take_acknowledgement(frame, chain)
        elif frame.kind is Kind.DIRECTORY:
            self._note_published(frame)

    def read_mail(self) -> int:
        """Verify and act on every letter; returns how many acknowledgements of own frames held."""
        acknowledgements = 0
        # Who waits for a newer directory is tried again when one has come: strangers may be many.
        newer = self.directory.version != self._vault.identities.progress(JUDGED_UNDER)
        for state in (EntryState.AWAITING_MEMBER, EntryState.NEW) if newer else (EntryState.NEW,):
            for letter in self._vault.mailbox.letters(state):
                with self._vault.transaction():
                    acknowledgements += self._read_letter(letter)
        if newer:
            self._vault.identities.set_progress(JUDGED_UNDER, self.directory.version)
        self._vault.mailbox.begin_again(now=self._session.now())
        return acknowledgements

    def _read_letter(self, letter: Letter) -> int:
        chain = Chain(
            organisation=self.me.organisation,
            lane=letter.lane,
            device=letter.device,
            incarnation=letter.incarnation,
        )
        try:
            frame = parse(letter.raw)
            if frame.header.get(Key.TO) != self.me.device:
                raise malformed("it is addressed to another laptop")
            author = self.author(chain.device, frame)
            if author is None:
                return self._wait(letter, "its sender is not in the directory held")
            check_signature(frame, chain, author.public_key)
            check_write(author, frame.kind, chain.lane, self.directory)
            self.take(frame, chain)
        except ProtocolError as error:
            if error.code is Refusal.NOT_PERMITTED:
                return self._wait(letter, str(error))
            self._vault.mailbox.settle(letter.position, EntryState.REFUSED, str(error))
            return 0
        self._vault.mailbox.settle(letter.position, EntryState.HANDLED)
        return int(frame.kind is Kind.ACKNOWLEDGEMENT)

    def _wait(self, letter: Letter, why: str) -> int:
        """The sender may be somebody whom only a newer directory names: an acknowledgement is not lost."""
        self._vault.mailbox.settle(letter.position, EntryState.AWAITING_MEMBER, why)
        return 0

    def _take_join(self, frame: Frame, chain: Chain) -> None:
        claim = read_claim(frame)
        self._vault.members.joined(
            chain.device, claim.public_key, claim.role, claim.invite, frame.raw, now=self._session.now()
        )

    def _take_certificate(self, frame: Frame) -> None:
        header = frame.header
        device = Device(header[Key.TO])
        invite = InviteId(header[Key.INVITE])
        self._vault.members.certified(
            device,
            header[Key.PUBLIC_KEY],
            Role(header[Key.ROLE]),
            invite,
            frame.raw,
            now=self._session.now(),
        )
        self._vault.members.use_invite(invite, device)

    def _take_grant(self, frame: Frame, chain: Chain) -> None:
        if frame.header[Key.TO] != self.me.device:
            return
        reader = self._vault.keys.find(Purpose.READER)
        if reader is None:
            raise malformed("a grant came to a laptop that has no reader key")
        lane, term = Lane(frame.header[Key.LANE]), int(frame.header[Key.TERM])
        inbox = open_seed(
            frame.body,
            InboxSecret(reader),
            organisation=chain.organisation,
            lane=lane,
            term=term,
            to=self.me.device,
        )
        entry = self.directory.lane(lane)
        if entry is not None and entry.term == term and entry.inbox != inbox.public:
            raise malformed(f"the seed granted for lane {lane} is not the one of the directory's inbox key")
        held = self._vault.keys.find(Purpose.INBOX, lane=lane, term=term)
        if held not in (None, inbox.seed):
            raise malformed(f"another seed for lane {lane}, term {term} was granted before")
        self._vault.keys.keep(Purpose.INBOX, inbox.seed, now=self._session.now(), lane=lane, term=term)

    def _note_published(self, frame: Frame) -> None:
        """A directory in the feed is one the server took; documents themselves come with every reply."""
        version = int(frame.header[Key.VERSION])
        if version > self._vault.identities.progress(PUBLISHED):
            self._vault.identities.set_progress(PUBLISHED, version)

    def _take_acknowledgement(self, frame: Frame, chain: Chain) -> None:
        target = target_of(frame, chain)
        if target.device != self.me.device:
            return
        highest = self._vault.delivery.highest(target.lane, target.incarnation)
        sequences = sequences_of(frame, highest)
        kept = self._vault.delivery.opened_frames(target.lane, target.incarnation, sequences)
        if set(kept) != set(sequences) or not check_acknowledgement(frame, target, kept):
            raise malformed("the acknowledgement does not prove that the frames were opened")
        self._vault.delivery.acknowledge(
            target.lane, target.incarnation, sequences, chain.device, at=self._session.now()
        )
