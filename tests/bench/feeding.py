"""Many sealed records in little time: what reporters' laptops would send, put on a server directly."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from fieldkit.actions.contents import finished
from fieldkit.actions.session import Session
from fieldkit.forms.builtin import incident_form
from fieldkit.model.ids import Lane
from fieldkit.model.revision import Content
from fieldkit.model.values import Answers
from fieldkit.vault.keys import Purpose as Secret
from sync.protocol.directory import Directory
from sync.protocol.encoding import decode
from sync.protocol.frames import Frame
from sync.protocol.hello import Hello, Purpose, build_hello
from sync.protocol.ids import ID_BYTES, MAIN, NO_HASH, Chain, FrameHash, SealId, key_id
from sync.protocol.limits import PLAIN_BYTES
from sync.protocol.messages import RefusedItem, Upload, encode_upload
from sync.protocol.records import RecordType, encode_plain
from sync.protocol.sealing import SECRET_BYTES, EpochSecret, Ratchet, Sealed, seal_epoch, seal_record
from sync.protocol.signing import SigningKey
from tests.bench.reports import peer_records
from tests.server.world import read_items
from tests.support.server import post

DIFFERENT: Final = 500
"""Different reports among many; the others tell one of them again, of another second."""

BEGAN: Final = 1_790_000_000
"""UTC seconds of the first report; the next ones are a minute apart."""

BATCH: Final = 1_000
"""Frames of one request, well below the most a server takes."""


@dataclass(slots=True)
class Writer:
    """A certified device that writes many records into the main lane. Its vault is not used any more."""

    chain: Chain
    key: SigningKey = field(repr=False)
    directory: Directory
    _sequence: int = 0
    _previous: FrameHash = NO_HASH
    _ratchet: Ratchet | None = None

    @classmethod
    def of(cls, session: Session) -> Writer:
        """The device of a laptop that has sent nothing into the main lane."""
        vault = session.vault
        me = vault.identities.require()
        return cls(
            chain=Chain(
                organisation=me.organisation, lane=MAIN, device=me.device, incarnation=me.incarnation
            ),
            key=SigningKey.from_bytes(vault.keys.require(Secret.DEVICE)),
            directory=vault.documents.directory().directory,
        )

    def write(self, answers: Answers, *, created: int) -> Iterator[Frame]:
        """The frames of one report: an epoch frame where one is due, and the record."""
        form = incident_form()
        content = Content(form_id=form.id, form_version=form.version, answers=answers, created=created)
        raw = finished(content, self.chain.organisation, self.chain.device).parts[Lane.MAIN]
        plain = encode_plain(RecordType.REVISION, cast(dict[Any, Any], decode(raw, limit=PLAIN_BYTES)))
        ratchet = self._ratchet
        if ratchet is None or ratchet.spent:
            epoch = self._epoch()
            ratchet = epoch.ratchet
            yield self._took(epoch)
        yield self._took(
            seal_record(
                self.chain,
                self.key,
                ratchet,
                plain,
                seal=SealId(os.urandom(ID_BYTES)),
                sequence=self._sequence + 1,
                previous=self._previous,
            )
        )

    def _epoch(self) -> Sealed:
        lane = self.directory.lane(MAIN)
        assert lane is not None
        return seal_epoch(
            self.chain,
            self.key,
            inbox_public=lane.inbox,
            term=lane.term,
            sequence=self._sequence + 1,
            previous=self._previous,
            secret=EpochSecret(os.urandom(SECRET_BYTES)),
        )

    def _took(self, sealed: Sealed) -> Frame:
        self._sequence, self._previous, self._ratchet = (
            sealed.frame.sequence,
            sealed.frame.hash,
            sealed.ratchet,
        )
        return sealed.frame

    def request(self, frames: Sequence[Frame]) -> bytes:
        """A whole request that carries these frames."""
        hello = Hello(
            organisation=self.chain.organisation,
            device=self.chain.device,
            incarnation=self.chain.incarnation,
            log_key_id=key_id(self.directory.log_key),
            purpose=Purpose.SYNC,
            nonce=os.urandom(ID_BYTES),
            created=BEGAN,
            reply_limit=0,
            directory_version=self.directory.version,
            root_version=1,
            mail_cursor=0,
            lanes=((MAIN, self._sequence),),
        )
        uploads = b"".join(encode_upload(Upload(lane=MAIN, frame=frame.raw)) for frame in frames)
        return build_hello(hello, self.key).raw + uploads


def feed(address: str, writers: Sequence[Writer], count: int, *, first: int = 0) -> list[tuple[Chain, bytes]]:
    """Put `count` records of the peers' kind on a server, in turns of the writers.

    Returns every frame sent, with the chain it is in. `first` is the number of the first record: no two
    records of one number are of different seconds.
    """
    answers = peer_records(min(count, DIFFERENT))
    sent = []
    share = count // len(writers)
    for place, writer in enumerate(writers):
        numbers = range(
            first + place * share, first + (count if writer is writers[-1] else (place + 1) * share)
        )
        frames = [
            frame
            for number in numbers
            for frame in writer.write(answers[number % len(answers)], created=BEGAN + 60 * number)
        ]
        for start in range(0, len(frames), BATCH):
            _send(address, writer.request(frames[start : start + BATCH]))
        sent += [(writer.chain, frame.raw) for frame in frames]
    return sent


def _send(address: str, body: bytes) -> None:
    status, reply = post(address, "/v1/sync", body)
    refused = [item for item in read_items(reply) if isinstance(item, RefusedItem)]
    if status != 200 or refused:
        raise RuntimeError(f"the server answered {status} and refused {len(refused)} frames")
