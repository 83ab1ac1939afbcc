"""The table of everything in sync.protocol that reads what a stranger sent, with valid samples of it."""

from __future__ import annotations

from typing import Any

from sync.protocol import (
    acknowledgement,
    compression,
    decoding,
    directory,
    documents,
    encoding,
    enrolment,
    frames,
    generations,
    hello,
    log,
    messages,
    padding,
    receipts,
    records,
    root,
    sealing,
)
from sync.protocol.chain import Range
from sync.protocol.errors import Refusal
from sync.protocol.ids import MAIN, Device, InviteId
from sync.protocol.kinds import Key, Kind, Role
from sync.protocol.records import RecordType
from tests.protocol import changes, samples
from tests.protocol.changes import Parser
from tests.protocol.samples import (
    DIRECTORY_KEYS,
    FIRST_ROOT,
    INBOX,
    KEY,
    LOG_KEY,
    ORGANISATION,
    READER,
    ROOT_KEYS,
    SECRET,
    chain,
    octets,
)

EPOCH = samples.epoch()
RECORD = samples.record(
    EPOCH.ratchet, records.encode_plain(RecordType.REVISION, {1: "form", 4: {"a": [1, {"b": "c"}]}})
)
GOSSIP = records.Gossip(lane=MAIN, generation=samples.GENERATION, size=3, root=octets("tree", 32))
PLAIN = records.encode_plain(RecordType.REVISION, {1: "form", 2: 3, 4: {"who": ["x"]}}, GOSSIP)
MEMBER = records.member_content(
    records.Member(device=Device(octets("member")), role=Role.REPORTER, name="Synthetic Person")
)
NOTE = records.invite_content(
    records.InviteNote(
        invite=InviteId(octets("invite")),
        org_key=octets("k", 32),
        role=Role.REPORTER,
        name="Synthetic Person",
        expires=9,
    )
)
HELLOS = [
    hello.build_hello(samples.hello(purpose, lanes), KEY).raw
    for purpose in hello.Purpose
    for lanes in (0, 3, 16)
]
TICKET = enrolment.Ticket(
    address="server.example:443", pins=(octets("pin", 32),), log_key=LOG_KEY.public, code=octets("code")
)
INVITE = enrolment.Invite(
    address="server.example:443",
    organisation=ORGANISATION,
    root_hash=octets("root", 32),
    directory_version=1,
    secret=octets("secret"),
    role=Role.REPORTER,
    expires=9,
)
RECEIPT = samples.receipt(
    head=2, head_hash=octets("h", 32), beyond=(Range(first=4, last=6, hash=octets("r", 32)),), size=9
)
UPLOADS = [
    messages.encode_upload(messages.Upload(lane=MAIN, frame=samples.frame(Kind.VOID).raw)),
    messages.encode_upload(
        messages.Upload(
            lane=MAIN,
            device=chain().device,
            incarnation=chain().incarnation,
            frame=samples.frame(Kind.VOID).raw,
        )
    ),
]
REPLIES = [
    messages.encode_reply(item)
    for item in (
        messages.ReceiptItem(receipt=b"receipt"),
        messages.RefusedItem(
            lane=1,
            device=chain().device,
            incarnation=chain().incarnation,
            sequence=3,
            code=Refusal.FORK,
        ),
        messages.FeedItem(
            lane=MAIN, index=4, device=chain().device, incarnation=chain().incarnation, frame=b"frame"
        ),
        messages.EndItem(request_limit=9, more=False),
        messages.ErrorItem(code=Refusal.BUSY),
        messages.ContradictionItem(
            lane=MAIN,
            device=chain().device,
            incarnation=chain().incarnation,
            frame=samples.frame(Kind.RECORD).raw,
        ),
        messages.GenerationItem(
            device=chain().device,
            incarnation=chain().incarnation,
            frame=samples.frame(Kind.GENERATION).raw,
        ),
    )
]
GRANT: dict[str, Any] = {"organisation": ORGANISATION, "lane": MAIN, "term": 1, "to": chain().device}


def _feed(raw: bytes) -> list[object]:
    """Read a sequence in two halves."""
    reader = encoding.SequenceReader()
    halves = raw[: len(raw) // 2], raw[len(raw) // 2 :]
    return [value for half in halves for value, _ in reader.feed(half)]


PARSERS = [
    Parser(
        name="decoding.read_item",
        read=decoding.read_item,
        good=[PLAIN, *REPLIES, *HELLOS],
        change=changes.raw,
    ),
    Parser(name="encoding.decode", read=encoding.decode, good=[PLAIN, *REPLIES, *HELLOS], change=changes.raw),
    Parser(
        name="encoding.SequenceReader.feed",
        read=_feed,
        good=[b"".join(REPLIES), HELLOS[0] + b"".join(UPLOADS)],
        change=changes.raw,
    ),
    Parser(
        name="padding.unpad",
        read=padding.unpad,
        good=[padding.pad(PLAIN), padding.pad(bytes(1_500))],
        change=changes.raw,
    ),
    Parser(
        name="compression.expand",
        read=compression.expand,
        good=[compression.squeeze(PLAIN), compression.squeeze(octets("noise", 3_000))],
        change=changes.raw,
    ),
    Parser(
        name="frames.parse",
        read=frames.parse,
        good=[samples.frame(kind).raw for kind in Kind],
        change=changes.raw,
    ),
    Parser(
        name="frames.parse_value",
        read=lambda item: frames.parse_value(*item),
        good=[samples.frame(kind).raw for kind in Kind],
        change=changes.item,
    ),
    Parser(
        name="hello.parse_hello", read=lambda item: hello.parse_hello(*item), good=HELLOS, change=changes.item
    ),
    Parser(name="records.decode_plain", read=records.decode_plain, good=[PLAIN], change=changes.raw),
    Parser(
        name="records.read_member",
        read=records.read_member,
        good=[encoding.encode(MEMBER)],
        change=changes.value,
    ),
    Parser(
        name="records.read_invite",
        read=records.read_invite,
        good=[encoding.encode(NOTE)],
        change=changes.value,
    ),
    Parser(
        name="records.read_heartbeat",
        read=records.read_heartbeat,
        good=[encoding.encode(records.heartbeat_content(495_000))],
        change=changes.value,
    ),
    Parser(
        name="sealing.open_epoch",
        read=lambda frame: sealing.open_epoch(frame, chain(), INBOX),
        good=[EPOCH.frame.body],
        change=changes.body_of(EPOCH.frame),
        costly=5,
    ),
    Parser(
        name="sealing.open_record",
        read=lambda frame: sealing.open_record(frame, chain(), EPOCH.ratchet),
        good=[RECORD.frame.body],
        change=changes.body_of(RECORD.frame),
        costly=5,
    ),
    Parser(
        name="sealing.open_record: sealed again",
        read=lambda frame: sealing.open_record(frame, chain(), EPOCH.ratchet),
        good=[padding.pad(compression.squeeze(PLAIN))],
        change=changes.sealed_again(RECORD.frame, EPOCH.ratchet),
        costly=5,
    ),
    Parser(
        name="sealing.EpochReader.open",
        read=lambda frame: sealing.EpochReader(EPOCH.ratchet.epoch, SECRET).open(frame, chain()),
        good=[RECORD.frame.body],
        change=changes.body_of(RECORD.frame),
        costly=5,
    ),
    Parser(
        name="sealing.open_seed",
        read=lambda body: sealing.open_seed(body, READER, **GRANT),
        good=[sealing.seal_seed(INBOX.seed, READER.public, **GRANT)],
        change=changes.raw,
        costly=5,
    ),
    Parser(
        name="sealing.InboxSecret.unwrap",
        read=lambda body: INBOX.unwrap(body, b"info"),
        good=[sealing.wrap(SECRET, INBOX.public, b"info")],
        change=changes.raw,
        costly=5,
    ),
    Parser(
        name="sealing.wrap",
        read=lambda public: sealing.wrap(SECRET, public, b"info"),
        good=[INBOX.public],
        change=changes.raw,
    ),
    Parser(
        name="documents.parse_document",
        read=lambda raw: documents.parse_document(raw, 70_000),
        good=[FIRST_ROOT.raw, samples.signed_directory()],
        change=changes.raw,
    ),
    Parser(name="root.parse_root", read=root.parse_root, good=[FIRST_ROOT.raw], change=changes.raw),
    Parser(
        name="root.parse_root: signed again",
        read=root.parse_root,
        good=[FIRST_ROOT.raw],
        change=changes.signed_again(root.LABEL, ROOT_KEYS[:1]),
        costly=20,
    ),
    Parser(
        name="root.walk",
        read=lambda raw: root.walk([raw, raw], FIRST_ROOT.hash),
        good=[FIRST_ROOT.raw],
        change=changes.raw,
        costly=5,
    ),
    Parser(
        name="directory.parse_directory",
        read=lambda raw: directory.parse_directory(raw, FIRST_ROOT),
        good=[samples.signed_directory()],
        change=changes.raw,
    ),
    Parser(
        name="directory.parse_directory: signed again",
        read=lambda raw: directory.parse_directory(raw, FIRST_ROOT),
        good=[samples.signed_directory()],
        change=changes.signed_again(directory.LABEL, DIRECTORY_KEYS[:1]),
        costly=5,
    ),
    Parser(
        name="receipts.open_receipt",
        read=lambda raw: receipts.open_receipt(raw, LOG_KEY.public),
        good=[receipts.sign_receipt(RECEIPT, LOG_KEY)],
        change=changes.raw,
    ),
    Parser(
        name="receipts.open_receipt: signed again",
        read=lambda raw: receipts.open_receipt(raw, LOG_KEY.public),
        good=[receipts.sign_receipt(RECEIPT, LOG_KEY)],
        change=changes.signed_again(receipts.RECEIPT_LABEL, [LOG_KEY]),
        costly=5,
    ),
    Parser(
        name="receipts.open_checkpoint",
        read=lambda raw: receipts.open_checkpoint(raw, LOG_KEY.public),
        good=[receipts.sign_checkpoint(samples.checkpoint(), LOG_KEY)],
        change=changes.raw,
    ),
    Parser(
        name="receipts.open_checkpoint: signed again",
        read=lambda raw: receipts.open_checkpoint(raw, LOG_KEY.public),
        good=[receipts.sign_checkpoint(samples.checkpoint(), LOG_KEY)],
        change=changes.signed_again(receipts.CHECKPOINT_LABEL, [LOG_KEY]),
        costly=5,
    ),
    Parser(
        name="acknowledgement.sequences_of",
        read=lambda frame: acknowledgement.sequences_of(frame, 1_000),
        good=[encoding.encode(changes.ACKNOWLEDGED.header[Key.RANGES])],
        change=changes.ranges,
        costly=5,
    ),
    Parser(
        name="generations.read_restart",
        read=lambda raw: generations.read_restart(frames.parse(raw)),
        good=[samples.frame(Kind.GENERATION).raw],
        change=changes.raw,
    ),
    Parser(name="messages.parse_upload", read=messages.parse_upload, good=UPLOADS, change=changes.value),
    Parser(name="messages.parse_reply", read=messages.parse_reply, good=REPLIES, change=changes.value),
    Parser(
        name="messages.parse_invite_request",
        read=messages.parse_invite_request,
        good=[messages.encode_invite_request(ORGANISATION, InviteId(octets("invite")))],
        change=changes.raw,
    ),
    Parser(
        name="messages.parse_organisation_request",
        read=messages.parse_organisation_request,
        good=[
            messages.encode_organisation_request(
                messages.OrganisationRequest(code=octets("c"), root=b"root", directory=b"directory")
            )
        ],
        change=changes.raw,
    ),
    Parser(
        name="enrolment.parse_ticket",
        read=enrolment.parse_ticket,
        good=[enrolment.encode_ticket(TICKET)],
        change=changes.text,
    ),
    Parser(
        name="enrolment.parse_ticket: good checksum",
        read=enrolment.parse_ticket,
        good=[encoding.encode(["fieldkit/ticket", 1, "a:1", [bytes(32)], bytes(32), bytes(16)])],
        change=changes.checksummed(enrolment.TICKET_PREFIX),
    ),
    Parser(
        name="enrolment.parse_invite",
        read=enrolment.parse_invite,
        good=[enrolment.encode_invite(INVITE)],
        change=changes.text,
    ),
    Parser(
        name="enrolment.parse_invite: good checksum",
        read=enrolment.parse_invite,
        good=[encoding.encode(["a:1", bytes(16), bytes(32), 1, bytes(16), 1, 0])],
        change=changes.checksummed(enrolment.INVITE_PREFIX),
    ),
    Parser(
        name="enrolment.read_claim",
        read=enrolment.read_claim,
        good=[samples.frame(Kind.JOIN).header_bytes],
        change=changes.join,
        costly=5,
    ),
    Parser(
        name="log.Frontier.from_bytes",
        read=log.Frontier.from_bytes,
        good=[log.Frontier().extend(octets(str(n), 32) for n in range(7)).to_bytes()],
        change=changes.raw,
    ),
]
