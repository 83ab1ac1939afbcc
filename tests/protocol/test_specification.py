"""docs/protocol.md and the code have the same tables: kinds, keys, codes, record types, items and limits."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from sync.protocol import directory, enrolment, limits, messages, root
from sync.protocol.errors import Refusal
from sync.protocol.ids import Lane
from sync.protocol.kinds import KEYS, TABLE, Key, Kind, Role, Signer
from sync.protocol.padding import allowed_size
from sync.protocol.receipts import STATEMENT_BYTES
from sync.protocol.records import RecordType
from sync.protocol.shapes import TEXT_BYTES, UINT_MAX
from tests.protocol import specification
from tests.protocol.samples import VALUES
from tests.protocol.specification import integers, number, refusal_codes, table

USED = {int(row["kind"]): row for row in table("kind", "name", "lane") if row["body"]}
"""The rows of kinds that exist: a reserved one has no body."""


def name(words: str) -> str:
    """The name of an enumeration's member for the words of a table."""
    return words.replace(" ", "_").upper()


def test_kinds() -> None:
    """The same numbers and names; what is reserved there does not exist here."""
    rows = table("kind", "name", "lane")
    known = {number: name(row["name"]) for number, row in USED.items()}
    assert known == {int(kind): kind.name for kind in Kind}
    idle = set().union(*(integers(row["kind"]) for row in rows if "reserved" in row["header keys"]))
    unused = set().union(*(integers(row["kind"]) for row in rows if row["header keys"].startswith("not")))
    assert (idle, unused) == ({6, 7, 9, 10, 12}, {16, 17})
    assert sorted([*known, *idle, *unused]) == list(range(1, 21))


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_header_keys_of_a_kind(kind: Kind) -> None:
    """The same header keys in each row."""
    assert {int(key) for key in TABLE[kind].keys} == integers(USED[kind]["header keys"])


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_lane_of_a_kind(kind: Kind) -> None:
    """The same lane, or any."""
    lane = USED[kind]["lane"]
    tried = [Lane(tried) for tried in range(20)]
    allowed = [1, 2, 3, 16, 17, 18, 19] if lane == "any" else [int(lane)]
    assert [tried_ for tried_ in tried if TABLE[kind].lanes(tried_)] == allowed


SEALED = {size + limits.TAG_BYTES for size in range(limits.PADDED_BYTES + 1) if allowed_size(size)}


def sizes(cell: str) -> set[int]:
    """The body sizes that a cell of the table allows."""
    if cell.startswith("padded size"):
        return SEALED
    if cell.startswith("zero bytes"):
        return set(range(limits.HELLO_SIZES[-1]))
    if found := re.search(r"at most ([\d,]+)", cell):
        return set(range(1, number(found[1]) + 1))
    listed = {number(found) for found in re.findall(r"([\d,]+) bytes", cell)}
    return listed | ({0} if "empty" in cell else set())


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_body_of_a_kind(kind: Kind) -> None:
    """The same body sizes."""
    assert {size for size in range(65_537) if TABLE[kind].body(size)} == sizes(USED[kind]["body"])


SIGNERS = {
    "all": Signer.MEMBER,
    "all in 1 and 2; coordinators elsewhere": Signer.MEMBER,
    "as epoch": Signer.MEMBER,
    "coordinator who reads the lane": Signer.COORDINATOR,
    "coordinator": Signer.COORDINATOR,
    "member officer": Signer.OFFICER,
    "the device that joins": Signer.NEWCOMER,
}


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_signer_of_a_kind(kind: Kind) -> None:
    """The same signer."""
    assert TABLE[kind].signer is SIGNERS[USED[kind]["signer"]]


HEADER_ROWS = {int(row["key"]): row for row in table("key", "name", "type")}
PREFIXED = {30: "HELLO_ORGANISATION", 31: "HELLO_DEVICE", 32: "HELLO_INCARNATION"}


def test_header_keys() -> None:
    """The same numbers and names."""
    named = {key: PREFIXED.get(key) or name(row["name"]) for key, row in HEADER_ROWS.items()}
    assert named == {int(key): key.name for key in Key}


@pytest.mark.parametrize("key", Key, ids=lambda key: key.name)
def test_type_of_a_header_key(key: Key) -> None:
    """The type in the table is the one that the code takes: length of bytes, edges of numbers."""
    type_ = HEADER_ROWS[key]["type"]
    value = VALUES[key]
    if found := re.fullmatch(r"bstr (\d+)", type_):
        assert len(value) == int(found[1])
    elif type_.startswith("uint"):
        lowest, highest = edges(key, type_)
        assert {edge for edge in range(-1, 3) if takes(key, edge)} == {
            edge for edge in range(-1, 3) if lowest <= edge <= highest
        }
        assert (takes(key, highest), takes(key, highest + 1)) == (True, False)
    else:
        assert type_.startswith("array")
        assert isinstance(value, list)


def edges(key: Key, type_: str) -> tuple[int, int]:
    """The lowest and highest number of a row, from its type or from the values that it lists."""
    if found := re.search(r"≥ (\d+)", type_):
        return int(found[1]), UINT_MAX
    if found := re.search(r"≤ ([\d,]+)", type_):
        return 0, number(found[1])
    if found := re.search(r"(\d+) to (\d+)", type_):
        return int(found[1]), int(found[2])
    if key in (Key.ROLE, Key.PURPOSE):
        listed = [int(found) for found in re.findall(r"\b\d\b", HEADER_ROWS[key]["meaning"])]
        return min(listed), max(listed)
    return 0, UINT_MAX


def takes(key: Key, value: int) -> bool:
    """Whether the code takes a number for a key."""
    try:
        KEYS[key](value)
    except Exception:
        return False
    return True


def test_refusal_codes() -> None:
    """The same numbers, the same names, and the same ones are temporary."""
    words = refusal_codes()
    starts = {code.value: name(words[code.value]).replace(",", "") for code in Refusal}
    assert set(words) == {int(code) for code in Refusal}
    renamed = {
        "DEVICE_UNKNOWN": "DEVICE",
        "INVITE_OR_TICKET": "INVITE",
        "ORGANISATION_UNKNOWN": "ORGANISATION",
    }
    renamed |= {"NONCE_SEEN": "NONCE", "BUSY_TRY_LATER": "BUSY"}
    assert {code: renamed.get(start, start) for code, start in starts.items()} == {
        code.value: code.name for code in Refusal
    }
    found = re.search(r"Codes ([\d, and]+) are temporary", specification.text())
    assert found is not None
    assert {int(code) for code in re.findall(r"\d+", found[1])} == {
        code for code in Refusal if code.temporary
    }


def test_record_types() -> None:
    """The same record types."""
    rows = [row for row in table("type", "name", "lane") if row["name"]]
    assert {int(row["type"]): name(row["name"]) for row in rows} == {
        int(kind): kind.name for kind in RecordType
    }


def test_reply_items() -> None:
    """The same items, with as many parts."""
    parts = {}
    for row in table("item", "meaning"):
        found = re.fullmatch(r"`\[(\d+), (.*)\]`", row["item"])
        assert found is not None, row
        parts[int(found[1])] = len(found[2].split(","))
    counted = {number: len(fields(item)) for number, (item, _) in messages._SHAPES.items()}
    assert parts == counted


def rows_of_keys(columns: tuple[str, ...], marker: str) -> set[int]:
    """The keys of the table of a signed document, of which one row has the marker."""
    for header, rows in specification._tables():
        if tuple(header) == columns and any(marker in row["meaning"] for row in rows):
            return set().union(*(integers(row["key"]) for row in rows))
    raise LookupError(marker)


def test_fields_of_documents() -> None:
    """The same keys in a root and in a directory."""
    assert rows_of_keys(("key", "meaning"), "threshold of root keys") == set(root._REQUIRED) | set(
        root._OPTIONAL
    )
    assert rows_of_keys(("key", "meaning"), "log key of the server") == set(directory._FIELDS)


def test_roles_and_lanes() -> None:
    """The numbers of roles and purposes are those of the header table."""
    assert HEADER_ROWS[Key.ROLE]["meaning"] == f"{Role.REPORTER} reporter, {Role.COORDINATOR} coordinator"


# Each limit beside the words of the specification that state it.
LIMITS: list[tuple[int, str]] = [
    (limits.DEPTH, "nesting depth at most {}:"),
    (limits.FRAME_BYTES, "A frame is at most {} bytes"),
    (limits.HEADER_BYTES, "its header at most {}."),
    (limits.PLAIN_BYTES, "a plain body is at most {} bytes"),
    (limits.PADDED_BYTES, "multiple of 2^(e−s)), at most {}."),
    (limits.RATCHET_STEPS, "An epoch lasts at most {} steps"),
    (limits.EPOCH_SECONDS // 86_400, "steps and {} days"),
    (limits.KEYS, "root keys, ascending, at most {} |"),
    (limits.DIRECTORY_BYTES, "of the root it names, at most {} bytes"),
    (limits.RANGES, "[[first, last, hash]…]` (at most {})"),
    (limits.HELLO_LANES, "array, at most {} |"),
    (limits.NONCE_SECONDS // 3_600, "was not seen for {} hours"),
    (limits.STALL_SECONDS, "no byte moved for {} seconds"),
    (limits.REPLY_ITEM_BYTES, "as in §1 and at most {} bytes"),
    (limits.INBOX_PUBLIC_BYTES, "inbox public key ({})"),
    (2 * limits.KEYS, "at most {} entries"),
    (directory._LANES, "at most {} lanes"),
    (directory._MEMBERS, "{} coordinators"),
    (STATEMENT_BYTES, "Statements are at most {} bytes"),
    (enrolment._TEXT_CHARACTERS, "more than {} characters"),
    (TEXT_BYTES, "string of at most {} bytes"),
    (UINT_MAX.bit_length(), "from 0 to 2^{} − 1"),
    (limits.SUITE, "Suite {} is:"),
]


@pytest.mark.parametrize(("value", "words"), LIMITS, ids=[words for _, words in LIMITS])
def test_limits(value: int, words: str) -> None:
    """The specification states the number that the code has."""
    flat = " ".join(specification.text().split())
    assert words.format(f"{value:,}") in flat


def test_a_table_is_found_by_its_columns() -> None:
    """Control: a table that is not there is not found, and a cell is read as it is written."""
    with pytest.raises(LookupError):
        table("kind", "colour")
    assert integers("1, 2, 30–33") == {1, 2, 30, 31, 32, 33}
    assert number("61,440") == 61_440
