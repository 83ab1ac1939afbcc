"""The operations that vectors name, each from the fields of its input to the fields of its output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import (
    bodies,
    chains,
    directory,
    documents,
    enrolment,
    exchange,
    frames,
    generations,
    keys,
    names,
    padding,
    receipts,
    sealing,
)
from .cbor import decode, encode
from .failure import Failure, Item
from .typed import from_typed, to_typed

Fields = dict[str, Any]


def _place(given: Fields) -> frames.Place:
    return frames.Place(
        organisation=given["organisation"],
        lane=given["lane"],
        device=given["device"],
        incarnation=given["incarnation"],
    )


def _decode(given: Fields) -> Fields:
    item = decode(given["bytes"])
    return {"item": to_typed(item), "again": encode(item)}


def _encode(given: Fields) -> Fields:
    return {"bytes": encode(from_typed(given["item"]))}


def _identify(given: Fields) -> Fields:
    return {
        "device": names.device_id(given["public_key"]),
        "key": names.key_id(given["public_key"]),
        "generation": names.first_generation(given["organisation"], given["lane"]),
        "revision": names.revision_id(given["organisation"], given["device"], given["revision"]),
    }


def _said(frame: frames.Frame) -> Fields:
    return {
        "kind": frame.kind,
        "header": to_typed(frame.header),
        "body_sha256": names.sha256(frame.body),
        "hash": frame.hash,
    }


def _parse_frame(given: Fields) -> Fields:
    return _said(frames.parse(given["frame"]))


def _check_frame(given: Fields) -> Fields:
    return {"hash": frames.check(given["frame"], _place(given), given["public_key"]).hash}


def _permitted(given: Fields) -> Fields:
    frames.permitted(given["kind"], given["lane"], given["signer"])
    return {}


def _chain(given: Fields) -> Fields:
    chain = chains.Chain()
    for raw in given["frames"]:
        chain.add(frames.check(raw, _place(given), given["public_key"]))
    return {"head": chain.head, "head_hash": chain.hashes.get(chain.head, chains.ZEROS)}


def _pad(given: Fields) -> Fields:
    return {"padded": padding.pad(given["squeezed"])}


def _unpad(given: Fields) -> Fields:
    return {"squeezed": padding.unpad(given["padded"])}


def _padded_size(given: Fields) -> Fields:
    return {"size": padding.padded_size(given["length"])}


def _expand(given: Fields) -> Fields:
    plain = bodies.expand(given["squeezed"])
    return {"length": len(plain), "sha256": names.sha256(plain)}


def _plain(given: Fields) -> Fields:
    sort, content, gossip = bodies.parse_plain(given["plain"], given["kind"], given["lane"])
    return {"type": sort, "content": to_typed(content), "gossip": to_typed(gossip)}


def _inbox(given: Fields) -> Fields:
    return {"public": keys.inbox(given["seed"]).public}


def _inbox_public(given: Fields) -> Fields:
    keys.check_public(given["public"])
    return {}


def _ratchet(given: Fields) -> Fields:
    key = sealing.ratchet(given["k0"], given["step"])
    epoch = given["epoch"]
    return {
        "key": key,
        "record_key": sealing.record_key(key, _place(given), epoch, given["step"], given["seal"]),
        "token": keys.derive(key, "ack", given["seal"]),
        "epoch_token": keys.derive(given["k0"], "ack-epoch", epoch),
        "commit": sealing.commitment(given["k0"]),
    }


def _open_epoch(given: Fields) -> Fields:
    epoch, first = sealing.open_epoch(frames.parse(given["frame"]), _place(given), given["seed"])
    return {"epoch": epoch, "k0": first}


def _open_record(given: Fields) -> Fields:
    frame = frames.parse(given["frame"])
    opened = sealing.open_record(frame, _place(given), given["epoch"], given["k0"])
    return {"plain": opened.plain, "type": opened.sort, "token": opened.token}


def _open_grant(given: Fields) -> Fields:
    frame = frames.parse(given["frame"])
    return {"lane_seed": sealing.open_grant(frame, given["organisation"], given["reader_seed"])}


def _root_fields(root: documents.Root) -> Fields:
    return {"organisation": root.organisation, "version": root.version, "hash": root.hash}


def _read_root(given: Fields) -> Fields:
    return _root_fields(documents.read_root(given["root"]))


def _walk_roots(given: Fields) -> Fields:
    return _root_fields(documents.walk(given["roots"]))


def _read_directory(given: Fields) -> Fields:
    held = (given["held_version"], given["held_hash"]) if "held_version" in given else None
    found = directory.read_directory(given["directory"], documents.walk(given["roots"]), held)
    return {
        "version": found.version,
        "hash": found.hash,
        "readers": [[lane, who] for lane, who in found.readers.items()],
        "coordinators": found.coordinators,
        "officers": found.officers,
        "k": found.needed,
    }


def _expected(given: Fields) -> receipts.Expected:
    return receipts.Expected(
        organisation=given["organisation"],
        device=given.get("device", b""),
        incarnation=given.get("incarnation", b""),
        nonce=given["nonce"],
        log_key=given["log_key"],
    )


def _open_receipt(given: Fields) -> Fields:
    return {"payload": to_typed(receipts.open_receipt(given["receipt"], _expected(given)))}


def _open_checkpoint(given: Fields) -> Fields:
    return {"payload": to_typed(receipts.open_checkpoint(given["checkpoint"], _expected(given)))}


def _covered(given: Fields) -> Fields:
    payload = receipts.open_receipt(given["receipt"], _expected(given))
    hashes = dict(enumerate(given["hashes"], 1))
    return {"sequences": receipts.covered(payload, hashes, set(given["voided"]))}


def _tree_root(given: Fields) -> Fields:
    leaves = [receipts.leaf(frame, device, index) for index, (frame, device) in enumerate(given["entries"])]
    return {"root": receipts.tree_root(leaves)}


def _acknowledge(given: Fields) -> Fields:
    held = {sequence: (frame, token) for sequence, frame, token in given["held"]}
    found = chains.check_acknowledgement(
        frames.parse(given["frame"]), _place(given), held, given["signer_reads_lane"]
    )
    return {"sequences": found}


def _hello(given: Fields) -> Fields:
    frame = frames.parse(given["hello"])
    if frame.kind != frames.HELLO:
        raise Failure("kind", "not a hello")
    place = frames.Place(
        organisation=frame.header[30], lane=0, device=frame.header[31], incarnation=frame.header[32]
    )
    frames.check(given["hello"], place, given["public_key"])
    return {"header": to_typed(frame.header)}


def _request(given: Fields) -> Fields:
    hello, fates, whole = exchange.request(given["body"])
    return {"hello": hello.hash, "fates_text": fates, "whole": whole}


def _upload(given: Fields) -> Fields:
    lane, device, incarnation, frame = exchange.upload_item(given["item_bytes"])
    return {"lane": lane, "device": device or b"", "incarnation": incarnation or b"", "hash": frame.hash}


def _reply(given: Fields) -> Fields:
    sorts, whole = exchange.reply(given["body"])
    return {"items": sorts, "whole": whole}


def _reply_item(given: Fields) -> Fields:
    return {"item": to_typed(exchange.reply_item(given["item_bytes"]))}


def _invite_request(given: Fields) -> Fields:
    organisation, invite = exchange.invite_request(given["body"])
    return {"organisation": organisation, "invite": invite}


def _organisation_request(given: Fields) -> Fields:
    code, root, found = exchange.organisation_request(given["body"])
    return {"code": code, "root": root, "directory": found}


def _ticket(given: Fields) -> Fields:
    address, pins, log_key, code = enrolment.ticket(given["text"])
    return {"address_text": address, "pins": pins, "log_key": log_key, "code": code}


def _invite(given: Fields) -> Fields:
    found = enrolment.invite(given["text"])
    return {
        "address_text": found.address,
        "organisation": found.organisation,
        "root_hash": found.root_hash,
        "directory_version": found.directory_version,
        "secret": found.secret,
        "role": found.role,
        "expires": found.expires,
    }


def _invite_keys(given: Fields) -> Fields:
    invite, k_server, k_org = enrolment.invite_keys(given["secret"])
    return {"invite": invite, "k_server": k_server, "k_org": k_org}


def _join_mac(given: Fields) -> Fields:
    frame, place = frames.parse(given["frame"]), _place(given)
    enrolment.check_join(frame, place, given["key"], for_server=given["for_server"])
    return {"transcript": enrolment.transcript(place, frame.header, frame.body)}


def _follow(given: Fields) -> Fields:
    generations.follow(
        given["frames"],
        _place({**given, "lane": 3}),
        given["public_key"],
        officer=given["officer"],
        lane=given["lane"],
        held=given["held"],
        present=given["present"],
    )
    return {"generation": given["present"]}


OPERATIONS: dict[str, Callable[[Fields], Fields]] = {
    "acknowledge": _acknowledge,
    "chain": _chain,
    "check_frame": _check_frame,
    "covered": _covered,
    "decode": _decode,
    "encode": _encode,
    "expand": _expand,
    "follow": _follow,
    "hello": _hello,
    "identify": _identify,
    "inbox": _inbox,
    "inbox_public": _inbox_public,
    "invite": _invite,
    "invite_keys": _invite_keys,
    "invite_request": _invite_request,
    "join_mac": _join_mac,
    "open_checkpoint": _open_checkpoint,
    "open_epoch": _open_epoch,
    "open_grant": _open_grant,
    "open_receipt": _open_receipt,
    "open_record": _open_record,
    "organisation_request": _organisation_request,
    "pad": _pad,
    "padded_size": _padded_size,
    "parse_frame": _parse_frame,
    "permitted": _permitted,
    "plain": _plain,
    "ratchet": _ratchet,
    "read_directory": _read_directory,
    "read_root": _read_root,
    "reply": _reply,
    "reply_item": _reply_item,
    "request": _request,
    "ticket": _ticket,
    "tree_root": _tree_root,
    "unpad": _unpad,
    "upload": _upload,
    "walk_roots": _walk_roots,
}


def from_json(name: str, value: Item) -> Item:
    """A field as an operation takes it: strings are hex unless its name says `text` or it is a typed item."""
    if name == "item":
        return value
    if isinstance(value, str):
        return value if name.endswith("text") else bytes.fromhex(value)
    if isinstance(value, list):
        return [from_json(name, one) for one in value]
    return value


def to_json(name: str, value: Item) -> Item:
    """A field as a vector holds it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return [to_json(name, one) for one in value]
    return value


def perform(operation: str, given: Fields) -> tuple[str, Fields]:
    """ "ok" or the name of the failure, and the output as a vector holds it (nothing for a failure)."""
    try:
        found = OPERATIONS[operation]({name: from_json(name, value) for name, value in given.items()})
    except Failure as failure:
        return failure.name, {}
    return "ok", {name: to_json(name, value) for name, value in found.items()}
