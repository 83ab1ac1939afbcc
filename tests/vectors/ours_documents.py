"""The vectors' operations on signed documents, rights and plain bodies, by the project's own code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fieldkit.model.body_reader import InvalidBody
from fieldkit.model.codec import decode_lane_part, decode_main
from fieldkit.model.ids import Lane as ModelLane
from sync.protocol import records
from sync.protocol.directory import Coordinator, Directory, LaneEntry, check_newer, parse_directory
from sync.protocol.encoding import decode, encode
from sync.protocol.errors import Refusal, malformed
from sync.protocol.frames import check_signature, parse
from sync.protocol.generations import follow, read_restart
from sync.protocol.ids import ADMIN, Chain, Device, Generation, Incarnation, Lane, Organisation
from sync.protocol.kinds import TABLE, Kind
from sync.protocol.permissions import Author, Standing, check_write
from sync.protocol.receipts import Checkpoint, Receipt, covered, open_checkpoint, open_receipt
from sync.protocol.records import RecordType
from sync.protocol.root import SignedRoot, parse_root, walk
from tests.vectors.mini.typed import to_typed
from tests.vectors.ours import OURS, Fields, check_place, refuse_unless

ME, KEY = Device(bytes(16)), bytes(32)


def _said(root: SignedRoot) -> Fields:
    return {"organisation": root.root.organisation, "version": root.root.version, "hash": root.hash}


def _walk(raws: list[bytes]) -> SignedRoot:
    """As joining: the first one is the one that is trusted."""
    return walk(raws, parse_root(raws[0]).hash)


def _read_root(given: Fields) -> Fields:
    return _said(parse_root(given["root"]))


def _walk_roots(given: Fields) -> Fields:
    return _said(_walk(given["roots"]))


def _read_directory(given: Fields) -> Fields:
    new = parse_directory(given["directory"], _walk(given["roots"]))
    found = new.directory
    if "held_version" in given:
        held = replace(found, version=given["held_version"])
        check_newer(replace(new, directory=held, hash=given["held_hash"]), new)
    people = [one.device for one in found.coordinators]
    return {
        "version": found.version,
        "hash": new.hash,
        "readers": [
            [entry.lane, [one for one in entry.readers if found.reads(one, entry.lane)]]
            for entry in found.lanes
        ],
        "coordinators": [one for one in people if found.coordinator(one)],
        "officers": [one for one in people if (who := found.coordinator(one)) and who.officer],
        "k": found.delivered_by,
    }


def _answers(given: Fields, statement: Receipt | Checkpoint, organisation: bytes) -> None:
    """As client/reply.py."""
    refuse_unless(organisation == given["organisation"], Refusal.DOCUMENT, "another organisation")
    refuse_unless(statement.nonce == given["nonce"], Refusal.DOCUMENT, "another exchange")


def _receipt(given: Fields) -> Receipt:
    receipt = open_receipt(given["receipt"], given["log_key"])
    _answers(given, receipt, receipt.chain.organisation)
    same = (receipt.chain.device, receipt.chain.incarnation) == (given["device"], given["incarnation"])
    refuse_unless(same, Refusal.DOCUMENT, "another chain")
    return receipt


def _open_receipt(given: Fields) -> Fields:
    receipt = _receipt(given)
    payload = {
        **{1: receipt.chain.organisation, 2: receipt.chain.lane, 3: receipt.generation},
        **{4: receipt.chain.device, 5: receipt.chain.incarnation, 6: receipt.head, 7: receipt.head_hash},
        **{8: [[held.first, held.last, held.hash] for held in receipt.beyond]},
        **{9: receipt.first_index, 10: receipt.count, 11: receipt.size, 12: receipt.root},
        **{13: receipt.nonce, 14: receipt.hours},
    }
    return {"payload": to_typed(payload)}


def _open_checkpoint(given: Fields) -> Fields:
    found = open_checkpoint(given["checkpoint"], given["log_key"])
    _answers(given, found, found.organisation)
    payload = {
        **{1: found.organisation, 2: found.lane, 3: found.generation, 11: found.size, 12: found.root},
        **{13: found.nonce, 14: found.hours},
    }
    return {"payload": to_typed(payload)}


def _covered(given: Fields) -> Fields:
    hashes = dict(enumerate(given["hashes"], 1))
    return {"sequences": sorted(covered(_receipt(given), hashes) - set(given["voided"]))}


def _permitted(given: Fields) -> Fields:
    """As ingest.py and reading.py: the lane with the signature, then the right."""
    kind, lane, signer = Kind(given["kind"]), Lane(given["lane"]), given["signer"]
    standing = Standing.CERTIFIED
    if signer["coordinator"]:
        standing = Standing.OFFICER if signer["officer"] else Standing.COORDINATOR
    people = (Coordinator(device=ME, public_key=KEY, roles=int(signer["officer"])),)
    readers = (ME,) if signer["reader"] else ()
    directory = Directory(
        organisation=Organisation(bytes(16)),
        version=1,
        created=0,
        expires=0,
        root_version=1,
        root_hash=KEY,
        lanes=(LaneEntry(lane=lane, name="", term=1, inbox=b"", readers=readers),),
        log_key=KEY,
        pins=(KEY,),
        address="",
        coordinators=people if signer["coordinator"] else (),
    )
    refuse_unless(TABLE[kind].lanes(lane), Refusal.LANE, "not in this lane")
    check_write(Author(device=ME, public_key=KEY, standing=standing), kind, lane, directory)
    return {}


def _plain(given: Fields) -> Fields:
    """As actions/reading.py, without its vault."""
    plain = records.decode_plain(given["plain"])
    kind, lane, type_ = Kind(given["kind"]), given["lane"], plain.type
    if (kind is Kind.HEARTBEAT) != (type_ is RecordType.HEARTBEAT):
        raise malformed("a type of another kind")
    check_place(type_, lane)
    _content(type_, plain.content)
    gossip = None
    if plain.gossip is not None:
        told = plain.gossip
        gossip = [told.lane, told.generation, told.size, told.root]
    content = decode(encode(plain.content), limit=1_048_576)
    return {"type": int(type_), "content": to_typed(content), "gossip": to_typed(gossip)}


def _content(type_: RecordType, content: Any) -> None:
    readers: dict[RecordType, Callable[[Any], object]] = {
        RecordType.REVISION: decode_main,
        RecordType.PART: lambda body: decode_lane_part(body, ModelLane.SOURCES),
        RecordType.MEMBER: records.read_member,
        RecordType.INVITE: records.read_invite,
        RecordType.HEARTBEAT: records.read_heartbeat,
    }
    try:
        readers[type_](content)
    except InvalidBody as error:
        raise malformed(str(error)) from None


def _follow(given: Fields) -> Fields:
    """As fieldkit/vault/generations.py."""
    chain = Chain(
        organisation=Organisation(given["organisation"]),
        lane=ADMIN,
        device=Device(given["device"]),
        incarnation=Incarnation(given["incarnation"]),
    )
    restarts = []
    for raw in given["frames"]:
        refuse_unless(given["officer"], Refusal.NOT_PERMITTED, "no officer")
        frame = parse(raw)
        check_signature(frame, chain, given["public_key"])
        restarts.append(read_restart(frame))
    reached = follow(Lane(given["lane"]), Generation(given["held"]), restarts)
    refuse_unless(reached == given["present"], Refusal.GENERATION, "another generation")
    return {"generation": reached}


ALL: dict[str, Callable[[Fields], Fields]] = {
    **OURS,
    "covered": _covered,
    "follow": _follow,
    "open_checkpoint": _open_checkpoint,
    "open_receipt": _open_receipt,
    "permitted": _permitted,
    "plain": _plain,
    "read_directory": _read_directory,
    "read_root": _read_root,
    "walk_roots": _walk_roots,
}
