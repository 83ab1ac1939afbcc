"""The second implementation against the committed vectors, and the vectors against their own rules."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hpke

from tests.vectors import make
from tests.vectors.making.book import FILES, kept
from tests.vectors.mini import frames
from tests.vectors.mini.failure import NAMES
from tests.vectors.mini.keys import hpke_open, inbox
from tests.vectors.mini.operations import OPERATIONS, from_json, perform
from tests.vectors.mini.sealing import epoch_info

# How many there are, and how many of them must be refused. A file that gets lost is noticed.
VECTORS = 783
REFUSED = 593

PATHS = sorted(FILES.glob("*.json"))
MINI = Path(__file__).parent / "mini"

# Everything the second implementation may stand on: the standard library, two libraries, itself.
OUTSIDE = {"backports", "cryptography"}
STANDARD = {"__future__", "base64", "binascii", "collections", "dataclasses", "hashlib", "hmac", "itertools"}
STANDARD |= {"compression", "pathlib", "sys", "typing"}


def load(path: Path) -> dict[str, Any]:
    """A vector."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def imported(path: Path) -> set[str]:
    """The first names of what a file imports; nothing for itself."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level != 1:
            found.add("." * node.level + (node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    """What comes is what the vector says, class and output."""
    vector = load(path)
    result, output = perform(vector["operation"], vector["input"])
    assert result == vector["expect"], vector["about"]
    assert output == vector.get("output", {})


def test_none_is_missing() -> None:
    """The numbers of vectors are those that were committed."""
    assert len(PATHS) == VECTORS
    assert sum(load(path)["expect"] != "ok" for path in PATHS) == REFUSED


def test_one_defect_a_file() -> None:
    """A file is one vector with one sentence, no two have the same input, and failures have a known class."""
    seen: dict[str, str] = {}
    for path in PATHS:
        vector = load(path)
        assert vector.keys() <= {
            *("about", "section", "operation", "input", "expect", "also", "output", "proposed"),
        }
        assert vector["about"].endswith(".") and int(path.name[:2]) == int(vector["section"])
        assert {vector["expect"], *vector.get("also", ())} <= {"ok", *NAMES}
        same = json.dumps([vector["operation"], vector["input"]])
        assert same not in seen, f"{path.name} is {seen.get(same)} again"
        seen[same] = path.name


def test_every_operation_is_used() -> None:
    """No operation is without a vector; those that can refuse have one that is refused."""
    assert {load(path)["operation"] for path in PATHS} == OPERATIONS.keys()
    refused = {load(path)["operation"] for path in PATHS if load(path)["expect"] != "ok"}
    assert OPERATIONS.keys() - refused == {"covered", "identify", "inbox", "invite_keys", "pad", "tree_root"}


def test_files_are_as_made() -> None:
    """The committed files are those that the seeds and the kept bytes make."""
    kept.load()
    assert make.check() == []


def test_the_second_implementation_stands_alone() -> None:
    """It imports nothing of this project but itself, so that agreement means something."""
    paths = sorted(MINI.glob("*.py"))
    assert len(paths) > 10
    assert {path.name: imported(path) - OUTSIDE - STANDARD for path in paths} == {
        path.name: set() for path in paths
    }


def test_the_hybrid_kem_is_the_standard_one() -> None:
    """A body sealed by hand opens with the library's own HPKE, and the other way round."""
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    pair = inbox(b"\7" * 32)
    private = hpke.MLKEM768X25519PrivateKey(pair.mlkem, pair.x25519)
    assert hpke_open(pair, suite.encrypt(b"plain", private.public_key(), b"info"), b"info") == b"plain"
    vector = load(FILES / "05-017-epoch-lane-1.json")
    given = {name: from_json(name, value) for name, value in vector["input"].items()}
    frame = frames.parse(given["frame"])
    place = frames.Place(**{name: given[name] for name in ("organisation", "lane", "device", "incarnation")})
    pair = inbox(given["seed"])
    private = hpke.MLKEM768X25519PrivateKey(pair.mlkem, pair.x25519)
    plain = suite.decrypt(frame.body, private, epoch_info(place, frame.header[7], frame.header[8]))
    assert plain.hex() == vector["output"]["k0"]
