"""§6: signed documents and the root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .cbor import decode, encode
from .failure import Failure, Item, array, ascending, bstr, keyed, need, uint
from .names import key_id, labelled, sha256
from .signing import both_verify

ENTRIES_MAX = 32
ROOT_MAX = 61_440
KEYS_MAX = 16
ROOT_KEY = 1_984
BAD = "document"


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signed document taken apart; no signature is checked yet."""

    label: str
    payload: bytes
    entries: list[tuple[bytes, bytes]]

    @property
    def message(self) -> bytes:
        """What each signature is over."""
        return labelled(self.label, self.payload)

    @property
    def hash(self) -> bytes:
        """The document's hash; it does not depend on who signed."""
        return sha256(self.message)


def take_apart(raw: bytes, label: str, most: int) -> Signed:
    """The form of a signed document."""
    need(len(raw) <= most, "size", f"a document beyond {most} bytes")
    payload, entries = array(decode(raw), 2, name=BAD)
    bstr(payload, name=BAD)
    pairs = []
    for entry in array(entries, most=ENTRIES_MAX, name=BAD):
        key, signature = array(entry, 2, name=BAD)
        pairs.append((bstr(key, 8, name=BAD), bstr(signature, name=BAD)))
    ascending([key for key, _ in pairs], "signatures", BAD)
    return Signed(label=label, payload=payload, entries=pairs)


def put_together(label: str, payload: bytes, signers: Mapping[bytes, Callable[[bytes], bytes]]) -> bytes:
    """A signed document: key ids and what signs under each."""
    what = labelled(label, payload)
    return encode([payload, [[key, signers[key](what)] for key in sorted(signers)]])


def require(
    signed: Signed, keys: list[bytes], threshold: int, check: Callable[[bytes, bytes, bytes], bool]
) -> None:
    """Refuse a document that too few of these keys signed, or one of them badly."""
    known = {key_id(key): key for key in keys}
    good = 0
    for name, signature in signed.entries:
        if name in known:
            need(check(known[name], signature, signed.message), "signature", "a known key's signature is bad")
            good += 1
    need(good >= threshold, "document", f"{good} signatures of {threshold}")


@dataclass(frozen=True, kw_only=True)
class Root:
    """A root document."""

    organisation: bytes
    version: int
    root_threshold: int
    root_keys: list[bytes]
    directory_threshold: int
    directory_keys: list[bytes]
    before: bytes | None
    hash: bytes


def _keys(value: Item, length: int) -> list[bytes]:
    keys = [bstr(key, length, name=BAD) for key in array(value, least=1, most=KEYS_MAX, name=BAD)]
    ascending(keys, "keys", BAD)
    return keys


def _root(signed: Signed) -> Root:
    payload = decode(signed.payload)
    need(type(payload) is dict, BAD, "a root is a map")
    version = uint(payload.get(2), 1, name=BAD)
    keyed(payload, set(range(1, 8)) | ({8} if version > 1 else set()), name=BAD)
    uint(payload[3], name=BAD)
    root_keys, directory_keys = _keys(payload[5], ROOT_KEY), _keys(payload[7], 32)
    return Root(
        organisation=bstr(payload[1], 16, name=BAD),
        version=version,
        root_threshold=uint(payload[4], 1, len(root_keys), name=BAD),
        root_keys=root_keys,
        directory_threshold=uint(payload[6], 1, len(directory_keys), name=BAD),
        directory_keys=directory_keys,
        before=bstr(payload[8], 32, name=BAD) if version > 1 else None,
        hash=signed.hash,
    )


def _read(raw: bytes) -> tuple[Signed, Root]:
    signed = take_apart(raw, "root", ROOT_MAX)
    return signed, _root(signed)


def read_root(raw: bytes) -> Root:
    """A root by itself: its form, and the threshold of its own keys."""
    signed, root = _read(raw)
    require(signed, root.root_keys, root.root_threshold, both_verify)
    return root


def walk(raws: list[bytes], held: Root | None = None) -> Root:
    """The newest root, one version after the other from the one held (or from version 1)."""
    for raw in raws:
        root = read_root(raw)
        if held is None:
            need(root.version == 1, "document", "the first root is version 1")
        else:
            need(root.version == held.version + 1, "document", "a version that is not the next")
            need(root.organisation == held.organisation, "document", "another organisation")
            need(root.before == held.hash, "document", "not the hash of the root before")
            signed, _ = _read(raw)
            require(signed, held.root_keys, held.root_threshold, both_verify)
        held = root
    if held is None:
        raise Failure("document", "no root at all")
    return held
