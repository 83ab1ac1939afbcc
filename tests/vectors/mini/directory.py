"""§6: the directory."""

from __future__ import annotations

from dataclasses import dataclass

from .cbor import decode
from .documents import Root, require, take_apart
from .failure import Item, array, ascending, bstr, keyed, need, text, uint
from .names import device_id, lane_number
from .signing import verifies

DIRECTORY_MAX = 16_384
LANES_MAX = 8
PEOPLE_MAX = 128
REVOKED_MAX = 1_024
INBOX_KEY = 1_216
BAD = "document"


@dataclass(frozen=True, kw_only=True)
class Directory:
    """A directory that holds under a root; the revoked are already taken out."""

    version: int
    hash: bytes
    readers: dict[int, list[bytes]]
    coordinators: list[bytes]
    officers: list[bytes]
    log_key: bytes
    needed: int


def _devices(value: Item, most: int) -> list[bytes]:
    found = [bstr(device, 16, name=BAD) for device in array(value, most=most, name=BAD)]
    ascending(found, "devices", BAD)
    return found


def _lanes(value: Item) -> dict[int, list[bytes]]:
    lanes: dict[int, list[bytes]] = {}
    for entry in array(value, least=1, most=LANES_MAX, name=BAD):
        array(entry, 5, name=BAD)
        lane = lane_number(entry[0], name=BAD)
        text(entry[1], name=BAD)
        uint(entry[2], 1, name=BAD)
        bstr(entry[3], INBOX_KEY, name=BAD)
        lanes[lane] = _devices(entry[4], PEOPLE_MAX)
    ascending([entry[0] for entry in value], "lanes", BAD)
    return lanes


def _coordinators(value: Item) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for entry in array(value, least=1, most=PEOPLE_MAX, name=BAD):
        device, key, bits = array(entry, 3, name=BAD)
        need(device_id(bstr(key, 32, name=BAD)) == device, BAD, "a device that is not the hash of its key")
        found[device] = uint(bits, name=BAD)
    ascending([entry[0] for entry in value], "coordinators", BAD)
    return found


def check_address(value: Item, name: str = BAD) -> None:
    """`host:port`, as far as the specification says."""
    host, colon, port = text(value, name=name).rpartition(":")
    need(bool(host and colon) and port.isascii() and port.isdigit(), name, "an address is host:port")
    need(0 < int(port) < 65_536 and not port.startswith("0"), name, "a port is 1 to 65,535")


def check_pins(value: Item, name: str = BAD) -> None:
    """One or two hashes."""
    for pin in array(value, least=1, most=2, name=name):
        bstr(pin, 32, name=name)


def read_directory(raw: bytes, root: Root, held: tuple[int, bytes] | None = None) -> Directory:
    """The directory, under the newest root held and after the directory held (version and hash)."""
    signed = take_apart(raw, "directory", DIRECTORY_MAX)
    payload = keyed(decode(signed.payload), set(range(1, 15)), name=BAD)
    version = uint(payload[2], 1, name=BAD)
    for key in (3, 4):
        uint(payload[key], name=BAD)
    need(bstr(payload[1], 16, name=BAD) == root.organisation, BAD, "another organisation")
    need([payload[5], payload[6]] == [root.version, root.hash], BAD, "another root")
    lanes = _lanes(payload[7])
    coordinators = _coordinators(payload[12])
    check_pins(payload[9])
    check_address(payload[10])
    need(payload[11] == [1] and type(payload[11][0]) is int, BAD, "suites other than 1")
    revoked = set(_devices(payload[13], REVOKED_MAX))
    needed = uint(keyed(payload[14], {1}, name=BAD)[1], 1, name=BAD)
    require(signed, root.directory_keys, root.directory_threshold, verifies)
    if held is not None:
        need(version >= held[0], BAD, "an older directory")
        need(version > held[0] or signed.hash == held[1], "fork", "two directories of one version")
    return Directory(
        version=version,
        hash=signed.hash,
        readers={lane: [one for one in who if one not in revoked] for lane, who in lanes.items()},
        coordinators=[one for one in coordinators if one not in revoked],
        officers=[one for one, bits in coordinators.items() if bits & 1 and one not in revoked],
        log_key=bstr(payload[8], 32, name=BAD),
        needed=needed,
    )
