"""The vectors' operations by the project's own code, thin: each calls what the programs call.

Where a rule is kept by a caller (which key belongs to a device, whether a receipt answers this exchange), the
operation does what that caller does, and names it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sync.client.errors import LinkError, RefusedError, VerificationError
from sync.client.ports import Identity
from sync.client.reply import ReplyRules
from sync.client.request import Facts, compose
from sync.protocol import encoding, enrolment, ids, log, messages, padding, records, sealing
from sync.protocol.acknowledgement import OpenedFrame, check_acknowledgement, sequences_of
from sync.protocol.chain import ChainLog
from sync.protocol.compression import expand
from sync.protocol.errors import ProtocolError, Refusal, malformed
from sync.protocol.frames import Frame, check_signature, parse
from sync.protocol.hello import Purpose, parse_hello, verify_hello
from sync.protocol.ids import Chain, Device, EpochId, Incarnation, Lane, Organisation, sha256
from sync.protocol.kinds import TABLE, Key, Kind
from sync.protocol.limits import REPLY_ITEM_BYTES
from sync.protocol.sealing import EpochReader, InboxSecret, Ratchet
from sync.protocol.signing import SigningKey
from sync.server.chains import Working
from sync.server.requests import read_request
from sync.server.stores.base import ChainState
from tests.client.laptop import MemoryStore
from tests.vectors.mini.typed import from_typed, to_typed

Fields = dict[str, Any]


KEY = SigningKey.from_bytes(b"\1" * 32)
IDENTITY = Identity(
    organisation=Organisation(bytes(16)),
    device=ids.device_id(KEY.public),
    incarnation=Incarnation(bytes(8)),
    key=KEY,
    log_key=KEY.public,
    pins=(bytes(32),),
    address="",
)
FACTS = Facts(
    purpose=Purpose.SYNC,
    nonce=bytes(16),
    created=0,
    reply_limit=0,
    versions=(0, 0),
    mail_cursor=0,
    lanes=(),
)
OPAQUE = (
    messages.ReceiptItem,
    messages.CheckpointItem,
    messages.FeedItem,
    messages.GenerationItem,
    messages.ContradictionItem,
)


def chain_of(given: Fields) -> Chain:
    """The envelope."""
    return Chain(
        organisation=Organisation(given["organisation"]),
        lane=Lane(given["lane"]),
        device=Device(given["device"]),
        incarnation=Incarnation(given["incarnation"]),
    )


def refuse_unless(condition: bool, code: Refusal, what: str) -> None:
    """What a caller does with False."""
    if not condition:
        raise ProtocolError(code, what)


def _decode(given: Fields) -> Fields:
    item = encoding.decode(given["bytes"])
    return {"item": to_typed(item), "again": encoding.encode(item)}


def _encode(given: Fields) -> Fields:
    try:
        return {"bytes": encoding.encode(from_typed(given["item"]))}
    except (TypeError, UnicodeEncodeError) as error:  # what `encode` says of a caller's bug
        raise malformed(str(error)) from None


def _identify(given: Fields) -> Fields:
    organisation, lane = Organisation(given["organisation"]), Lane(given["lane"])
    return {
        "device": ids.device_id(given["public_key"]),
        "key": ids.key_id(given["public_key"]),
        "generation": ids.first_generation(organisation, lane),
        "revision": ids.revision_id(organisation, Device(given["device"]), given["revision"]),
    }


def _parse_frame(given: Fields) -> Fields:
    frame = parse(given["frame"])
    header = to_typed(encoding.decode(frame.header_bytes))
    return {"kind": int(frame.kind), "header": header, "body_sha256": sha256(frame.body), "hash": frame.hash}


def _signed(raw: bytes, chain: Chain, public_key: bytes) -> Frame:
    """As authenticate.py and membership.py: the key is the one of the device; a join brings its own."""
    frame = parse(raw)
    key = frame.header[Key.PUBLIC_KEY] if frame.kind is Kind.JOIN else public_key
    refuse_unless(ids.device_id(key) == chain.device, Refusal.SIGNATURE, "another device's key")
    check_signature(frame, chain, key)
    return frame


def _check_frame(given: Fields) -> Fields:
    return {"hash": _signed(given["frame"], chain_of(given), given["public_key"]).hash}


def _chain(given: Fields) -> Fields:
    """As ingest.py, on an empty store."""
    chain = chain_of(given)
    state = ChainState(number=1, lane=chain.lane, incarnation=chain.incarnation)
    working = Working(chain, state, ChainLog())
    for raw in given["frames"]:
        frame = _signed(raw, chain, given["public_key"])
        if not working.holds(frame):
            working.take(frame)
    return {"head": working.log.head, "head_hash": working.log.head_hash}


def _hello(given: Fields) -> Fields:
    hello, frame = parse_hello(encoding.decode(given["hello"]), given["hello"])
    verify_hello(hello, frame, given["public_key"])
    return {"header": to_typed(encoding.decode(frame.header_bytes))}


def _expand(given: Fields) -> Fields:
    plain = expand(given["squeezed"])
    return {"length": len(plain), "sha256": sha256(plain)}


def _inbox(given: Fields) -> Fields:
    return {"public": InboxSecret(given["seed"]).public}


def _inbox_public(given: Fields) -> Fields:
    sealing.wrap(bytes(32), given["public"], b"")
    return {}


def _ratchet(given: Fields) -> Fields:
    chain, epoch = chain_of(given), EpochId(given["epoch"])
    ratchet = Ratchet(epoch=epoch, step=0, key=given["k0"])
    while ratchet.step < given["step"]:
        ratchet = ratchet.forward()
    if ratchet.spent:
        raise malformed("sealing and parsing refuse a step beyond the last")
    seal = ids.SealId(given["seal"])
    return {
        "key": ratchet.key,
        "record_key": sealing._record_key(ratchet, chain, seal),
        "token": sealing._token(ratchet, seal),
        "epoch_token": sealing.epoch_token(sealing.EpochSecret(given["k0"]), epoch),
        "commit": sealing._commit(given["k0"]),
    }


def _open_epoch(given: Fields) -> Fields:
    frame = parse(given["frame"])
    k0 = sealing.open_epoch(frame, chain_of(given), InboxSecret(given["seed"]))
    return {"epoch": sealing.epoch_id(frame), "k0": k0}


def check_place(type_: records.RecordType, lane: int) -> None:
    """As actions/reading.py, which needs a vault: its rule of types and lanes is told again here."""
    fits = {records.RecordType.REVISION: lane == 1, records.RecordType.PART: lane not in (1, 3)}
    fits |= {records.RecordType.MEMBER: lane == 3, records.RecordType.INVITE: lane == 3}
    refuse_unless(fits.get(type_, True), Refusal.MALFORMED, "a type of another lane")


def _open_record(given: Fields) -> Fields:
    """As actions/reading.py."""
    frame = parse(given["frame"])
    reader = EpochReader(EpochId(given["epoch"]), sealing.EpochSecret(given["k0"]))
    opened = reader.open(frame, chain_of(given))
    plain = records.decode_plain(opened.plain)
    beat = plain.type is records.RecordType.HEARTBEAT
    refuse_unless((frame.kind is Kind.HEARTBEAT) == beat, Refusal.MALFORMED, "a type of another kind")
    check_place(plain.type, given["lane"])
    return {"plain": opened.plain, "type": int(plain.type), "token": opened.token}


def _open_grant(given: Fields) -> Fields:
    frame = parse(given["frame"])
    secret = sealing.open_seed(
        frame.body,
        InboxSecret(given["reader_seed"]),
        organisation=Organisation(given["organisation"]),
        lane=Lane(frame.header[Key.LANE]),
        term=frame.header[Key.TERM],
        to=Device(frame.header[Key.TO]),
    )
    return {"lane_seed": secret.seed}


def _tree_root(given: Fields) -> Fields:
    entries = enumerate(given["entries"])
    leaves = [log.leaf_hash(hash_, Device(device), ids.Index(at)) for at, (hash_, device) in entries]
    return {"root": log.Frontier().extend(leaves).root()}


def _acknowledge(given: Fields) -> Fields:
    """As actions/trust.py."""
    refuse_unless(given["signer_reads_lane"], Refusal.NOT_PERMITTED, "no reader")
    frame, held = parse(given["frame"]), {one[0]: one[1:] for one in given["held"]}
    sequences = sequences_of(frame, max(held))
    kept = {one: OpenedFrame(hash=held[one][0], token=held[one][1]) for one in sequences if one in held}
    proven = set(kept) == set(sequences) and check_acknowledgement(frame, chain_of(given), kept)
    refuse_unless(proven, Refusal.MALFORMED, "no proof")
    return {"sequences": sequences}


def _upload(given: Fields) -> Fields:
    """As requests.py; the lane is looked at with the signature."""
    upload = messages.parse_upload(encoding.decode(given["item_bytes"], limit=REPLY_ITEM_BYTES))
    frame = parse(upload.frame)
    refuse_unless(TABLE[frame.kind].lanes(upload.lane), Refusal.LANE, "not in this lane")
    return {
        "lane": upload.lane,
        "device": upload.device or b"",
        "incarnation": upload.incarnation or b"",
        "hash": frame.hash,
    }


def _request(given: Fields) -> Fields:
    """As handlers.py; which item was refused is not told by position, so only how many."""
    request = read_request(given["body"], whole=False)
    request.read_uploads()
    extra = request.uploads or request.refused
    pull = request.hello.purpose is Purpose.PULL
    refuse_unless(not (pull and extra), Refusal.MALFORMED, "a pull carries nothing but its hello")
    return {"hello": request.hello_frame.hash, "taken": len(request.uploads)}


def _reply_item(given: Fields) -> Fields:
    raw = given["item_bytes"]
    read = [item for item, _ in encoding.SequenceReader().feed(raw)]
    refuse_unless(len(read) == 1, Refusal.MALFORMED, "not one item")
    item = messages.parse_reply(read[0])
    return {"item": to_typed(encoding.decode(messages.encode_reply(item), limit=REPLY_ITEM_BYTES))}


def _reply(given: Fields) -> Fields:
    """As client/exchange.py; statements and entries are passed over, for the vectors have none that hold."""
    reader, read = encoding.SequenceReader(), []
    rules = ReplyRules(IDENTITY, MemoryStore(), compose(IDENTITY, FACTS, ()), 0)
    for value, _ in reader.feed(given["body"]):
        read.append(messages.parse_reply(value))
        try:
            if not isinstance(read[-1], OPAQUE) or rules.gains.end is not None:
                rules.take(read[-1])
        except VerificationError as error:
            raise malformed(str(error)) from None
        except (LinkError, RefusedError):  # the whole request was refused
            break
    ended = rules.gains.end is not None
    refuse_unless(not (ended and reader.rest), Refusal.MALFORMED, "the server went on")
    return {"items": [messages._NUMBERS[type(item)] for item in read], "whole": ended}


def _invite_request(given: Fields) -> Fields:
    organisation, invite = messages.parse_invite_request(given["body"])
    return {"organisation": organisation, "invite": invite}


def _organisation_request(given: Fields) -> Fields:
    read = messages.parse_organisation_request(given["body"])
    return {"code": read.code, "root": read.root, "directory": read.directory}


def _ticket(given: Fields) -> Fields:
    read = enrolment.parse_ticket(given["text"])
    return {
        "address_text": read.address,
        "pins": list(read.pins),
        "log_key": read.log_key,
        "code": read.code,
    }


def _invite(given: Fields) -> Fields:
    read = enrolment.parse_invite(given["text"])
    return {
        "address_text": read.address,
        "organisation": read.organisation,
        "root_hash": read.root_hash,
        "directory_version": read.directory_version,
        "secret": read.secret,
        "role": int(read.role),
        "expires": read.expires,
    }


def _invite_keys(given: Fields) -> Fields:
    keys = enrolment.invite_keys(given["secret"])
    return {"invite": keys.invite, "k_server": keys.server_key, "k_org": keys.org_key}


def _join_mac(given: Fields) -> Fields:
    frame, chain = parse(given["frame"]), chain_of(given)
    check = enrolment.check_server_mac if given["for_server"] else enrolment.check_organisation_mac
    refuse_unless(check(frame, chain, given["key"]), Refusal.INVITE, "the MAC is another")
    return {"transcript": enrolment.transcript(chain, enrolment.read_claim(frame))}


OURS: dict[str, Callable[[Fields], Fields]] = {
    "acknowledge": _acknowledge,
    "chain": _chain,
    "check_frame": _check_frame,
    "decode": _decode,
    "encode": _encode,
    "expand": _expand,
    "hello": _hello,
    "identify": _identify,
    "inbox": _inbox,
    "inbox_public": _inbox_public,
    "invite": _invite,
    "invite_keys": _invite_keys,
    "invite_request": _invite_request,
    "join_mac": _join_mac,
    "open_epoch": _open_epoch,
    "open_grant": _open_grant,
    "open_record": _open_record,
    "organisation_request": _organisation_request,
    "pad": lambda given: {"padded": padding.pad(given["squeezed"])},
    "padded_size": lambda given: {"size": padding.padded_size(given["length"])},
    "parse_frame": _parse_frame,
    "ratchet": _ratchet,
    "reply": _reply,
    "reply_item": _reply_item,
    "request": _request,
    "ticket": _ticket,
    "tree_root": _tree_root,
    "unpad": lambda given: {"squeezed": padding.unpad(given["padded"])},
    "upload": _upload,
}
