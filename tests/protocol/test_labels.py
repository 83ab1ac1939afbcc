"""Every label is distinct, stands in the specification's table, and has one use (R11)."""

from __future__ import annotations

import ast
from collections import defaultdict

import pytest

from tests.protocol.specification import LABEL, PROTOCOL, labels_in, labels_in_code, table

TABLED = [label for row in table("label", "used for", "§") for label in LABEL.findall(row["label"])]

# How a label may come into a structure: the functions that put the suite behind it, a document's label
# by its name, and the three texts that are written and read as arrays.
WAYS = {"labelled", "derive", "_expand", "encode", "constant", "LABEL", "RECEIPT_LABEL", "CHECKPOINT_LABEL"}
SPELLED_OUT = {"fieldkit/invite", "fieldkit/ticket", "fieldkit/organisation"}


def test_the_table_names_each_label_once() -> None:
    """No label stands for two things."""
    assert len(TABLED) == len(set(TABLED))
    assert all(LABEL.fullmatch(label) for label in TABLED)


def test_code_and_table_have_the_same_labels() -> None:
    """No label of the code is missing from the specification, and none of it is unused."""
    assert {use.label for use in labels_in_code()} == set(TABLED)


def test_each_label_has_one_use() -> None:
    """A label is written in one place, or twice where an array is written and read."""
    places = defaultdict(list)
    for use in labels_in_code():
        places[use.label].append(f"{use.module}:{use.line} {use.by}")
    assert {label: uses for label, uses in places.items() if len(uses) > 1 and label not in SPELLED_OUT} == {}
    for label in SPELLED_OUT:
        assert sorted(place.split()[1] for place in places[label]) == ["constant", "encode"]


def test_every_label_comes_with_its_suite() -> None:
    """A label is used only through what makes E([label, 1, field…]) of it."""
    assert {use.by for use in labels_in_code()} == WAYS


def test_no_label_is_the_start_of_another_use() -> None:
    """Nothing but a label begins as one: a text that is put together would escape these tests."""
    for path in PROTOCOL.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                assert "fieldkit/" not in ast.unparse(node), path
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "fieldkit/" in node.value:
                assert LABEL.fullmatch(node.value) or "\n" in node.value, (path, node.value)


def test_hashes_and_signatures_take_labels() -> None:
    """In this package nothing is signed, and no key is derived, but over what `labelled` made."""
    raw = {
        ("frames", "sha256(header_bytes)"): "a field of the signed message",
        ("frames", "sha256(body)"): "a field of the signed message",
        ("frames", "sha256(raw)"): "the frame hash",
        ("enrolment", "sha256(packed)"): "the checksum of a text",
        ("enrolment", "sha256(claim.reader_key)"): "a field of the transcript",
        ("log", "sha256(b'')"): "the empty tree",
        ("log", "sha256(b'\\x01' + left + right)"): "a node of RFC 6962",
        ("log", "sha256(b'\\x00' + labelled('fieldkit/leaf', frame_hash, device, index))"): "a leaf",
    }
    found = set()
    for path in PROTOCOL.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "sha256":
                whole = ast.unparse(node)
                if not whole.startswith("sha256(labelled("):
                    found.add((path.stem, whole))
    assert found == set(raw)


@pytest.mark.parametrize(
    ("source", "by"),
    [
        ("x = sha256(labelled('fieldkit/new', a))", "labelled"),
        ("LABEL: Final = 'fieldkit/new'", "LABEL"),
        ("hash(b + encode(['fieldkit/new', 1]))", "encode"),
        ("key.sign('fieldkit/new'.encode())", "'fieldkit/new'.encode"),
    ],
)
def test_the_search_finds_labels(source: str, by: str) -> None:
    """Control: a label that is added to the code is found, with the way it is used."""
    assert [(use.label, use.by) for use in labels_in(source)] == [("fieldkit/new", by)]
