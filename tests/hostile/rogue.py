"""A certified member whose program has been changed: true keys, and frames that no honest program writes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from fieldkit.actions.enrol import device_key
from fieldkit.actions.session import Session
from sync.protocol import sealing
from sync.protocol.directory import Directory
from sync.protocol.encoding import encode
from sync.protocol.frames import Frame, build, encode_header, signed_message
from sync.protocol.hello import Hello, Purpose, build_hello
from sync.protocol.ids import ADMIN, MAIN, NO_HASH, Lane, SealId, key_id
from sync.protocol.kinds import Key, Kind
from sync.protocol.messages import ReplyItem
from sync.protocol.records import Gossip, RecordType, encode_plain
from sync.protocol.sealing import EpochSecret, Ratchet, seal_epoch, seal_record
from tests.server.world import Person, read_items

Post = Callable[[str, bytes], tuple[int, bytes]]
"""(path, body) → status and body of the answer."""


@dataclass
class Rogue(Person):
    """Writes the chains of a laptop that nobody else writes reports on."""

    directory: Directory = field(kw_only=True)
    post: Post = field(kw_only=True)
    victim: bytes = field(kw_only=True)
    """Id of a report that somebody else wrote."""
    ratchets: dict[Lane, Ratchet] = field(default_factory=dict)
    answers: list[tuple[int, list[ReplyItem]]] = field(default_factory=list)
    """What the server said to each request."""

    @classmethod
    def of(cls, session: Session, post: Post, victim: bytes) -> Rogue:
        """The rogue behind a laptop's keys."""
        me = session.vault.identities.require()
        directory = session.vault.documents.directory().directory
        made = cls(
            me.organisation,
            key=device_key(session),
            incarnation=me.incarnation,
            directory=directory,
            post=post,
            victim=victim,
        )
        admin = session.vault.outbox.state(ADMIN)
        made.heads[ADMIN] = (admin.sequence, admin.previous)
        return made

    def hello(self, purpose: Purpose = Purpose.SYNC, **changes: Any) -> bytes:
        """A signed hello, with changes."""
        hello = Hello(
            organisation=self.organisation,
            device=self.device,
            incarnation=self.incarnation,
            log_key_id=key_id(self.directory.log_key),
            purpose=purpose,
            nonce=os.urandom(16),
            created=0,
            reply_limit=1 << 20,
            directory_version=self.directory.version,
            root_version=1,
            mail_cursor=0,
            lanes=((1, 0),),
        )
        return build_hello(replace(hello, **changes), self.key).raw

    def say(self, body: bytes, path: str = "/v1/sync") -> list[ReplyItem]:
        """Post bytes; the items of the answer."""
        status, answer = self.post(path, body)
        items = read_items(answer)
        self.answers.append((status, items))
        return items

    def send(self, *frames: Frame, lane: Lane = MAIN) -> list[ReplyItem]:
        """Upload frames of one lane."""
        return self.say(self.hello() + b"".join(self.upload(lane, frame) for frame in frames))

    def epoch(self, lane: Lane = MAIN, **changes: Any) -> Frame:
        """A true epoch frame, the next of the chain."""
        sequence, previous = self.heads.get(lane, (0, NO_HASH))
        entry = self.directory.lane(lane)
        assert entry is not None
        parts = {"inbox_public": entry.inbox, "term": entry.term, **changes}
        sealed = seal_epoch(
            self.chain(lane),
            self.key,
            sequence=sequence + 1,
            previous=previous,
            secret=EpochSecret(os.urandom(32)),
            **parts,
        )
        self.ratchets[lane] = sealed.ratchet
        self.heads[lane] = (sequence + 1, sealed.frame.hash)
        return sealed.frame

    def sealed(self, plain: bytes, lane: Lane = MAIN, *, sequence: int | None = None) -> Frame:
        """A true record or whatever else these plain bytes are."""
        head, previous = self.heads.get(lane, (0, NO_HASH))
        made = seal_record(
            self.chain(lane),
            self.key,
            self.ratchets[lane],
            plain,
            seal=SealId(os.urandom(16)),
            sequence=sequence or head + 1,
            previous=previous,
        )
        self.ratchets[lane] = made.ratchet
        self.heads[lane] = (sequence or head + 1, made.frame.hash)
        return made.frame

    def told(
        self,
        content: Mapping[Any, Any],
        type_: RecordType = RecordType.REVISION,
        lane: Lane = MAIN,
        gossip: Gossip | None = None,
    ) -> list[Frame]:
        """An epoch and a record of this content."""
        return [self.epoch(lane), self.sealed(encode_plain(type_, content, gossip), lane)]

    def squeezed(self, padded: bytes, lane: Lane = MAIN) -> Frame:
        """A record whose padded body is taken as it is, however it was made."""
        ratchet, (sequence, previous) = self.ratchets[lane], self.heads[lane]
        seal = SealId(os.urandom(16))
        header = {
            Key.SEQUENCE: sequence + 1,
            Key.PREVIOUS: previous,
            Key.EPOCH: ratchet.epoch,
            Key.STEP: ratchet.step,
            Key.SEAL: seal,
        }
        key = sealing._record_key(ratchet, self.chain(lane), seal)
        body = ChaCha20Poly1305(key).encrypt(bytes(12), padded, encode_header(header))
        frame = build(self.chain(lane), self.key, Kind.RECORD, header, body)
        self.ratchets[lane] = ratchet.forward()
        self.heads[lane] = (sequence + 1, frame.hash)
        return frame

    def raw(self, kind: int, header: Mapping[int, Any], body: bytes = b"", lane: Lane = MAIN) -> bytes:
        """An upload item of a signed frame that the protocol's own code would not build."""
        header_bytes = encode(dict(header))
        signature = self.key.sign(signed_message(kind, self.chain(lane), header_bytes, body))
        return encode([int(lane), encode([kind, header_bytes, body, signature])])
