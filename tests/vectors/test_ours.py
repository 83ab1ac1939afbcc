"""The project's implementation against the vectors of the second one."""

from __future__ import annotations

from typing import Any

import pytest

from sync.protocol.errors import ProtocolError
from tests.vectors.mini.failure import CODES
from tests.vectors.mini.operations import from_json, to_json
from tests.vectors.ours_documents import ALL
from tests.vectors.test_mini import PATHS, load

RESERVED = "§2 refuses lanes 4 to 15 everywhere; the shape of this field is any uint from 1"
ORDER = "§9 gives the order of a reply; ours takes any, and nothing depends on it"
FORM = "the form of an address is looked at when it is connected to, not when it is read"
ANCHOR = "ours walks from a root whose hash is trusted, whatever its version"
EMPTY = "§4 leaves empty keys out; ours reads them as absent"
TEXT = "ours counts characters without the white space"

# Where the two disagree: every one is a decision to take or a defect to mend. An entry that has become
# untrue fails the test, so that the list cannot outlive its reasons.
DISAGREE = {
    "03-051-granted-lane-4": RESERVED,
    "03-131-hello-lane-4": RESERVED,
    "03-153-chain-void-of-other": "the server passes over a void that contradicts a frame it holds: no fork",
    "03-177-ed25519-identity": "proposed: keys of small order are refused",
    "03-178-ed25519-identity-not-canonical": "RFC 8032 §5.1.3 does not decode y ≥ p; the library does",
    "04-085-plain-gossip-lane-4": RESERVED,
    "04-090-plain-parents-empty": EMPTY,
    "04-092-plain-answers-empty": EMPTY,
    "04-098-plain-beat-empty": "§4 gives type 6 one key; ours does not look into it",
    "05-015-ratchet-1024": "ours bounds the step when it parses the frame (03-028), not in the ratchet",
    "06-042-walk-from-2": ANCHOR,
    "06-075-directory-address-no-port": FORM,
    "07-011-receipt-idle": "proposed: the first index is not looked at when the count is 0",
    "07-032-receipt-lane-4": RESERVED,
    "09-043-item-entry-lane-4": RESERVED,
    "09-064-reply-refused-and-last": "ours reads nothing after a refusal of the whole",
    "09-065-reply-directory-before-root": ORDER,
    "09-066-reply-mail-before-directory": ORDER,
    "10-015-ticket-long": TEXT,
    "10-029-invite-long": TEXT,
    "10-034-ticket-with-address": FORM,
}


def perform(vector: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """ "ok" or the name of the refusal code, and the output."""
    given = {name: from_json(name, value) for name, value in vector["input"].items()}
    try:
        found = ALL[vector["operation"]](given)
    except ProtocolError as error:
        return CODES[int(error.code)], {}
    return "ok", {name: to_json(name, value) for name, value in found.items()}


def agrees(vector: dict[str, Any]) -> bool:
    """Whether ours sees a vector as it says. Only a reader meets `sealed`, which has no code: any will do."""
    result, output = perform(vector)
    if vector["expect"] == "ok" and vector["operation"] == "request":
        # Ours tells refused items by lane and sequence, not by their position in the body.
        taken = vector["output"]["fates_text"].count("ok")
        return result == "ok" and output == {"hello": vector["output"]["hello"], "taken": taken}
    if vector["expect"] == "ok":
        return result == "ok" and output == vector.get("output", {})
    classes = {vector["expect"], *vector.get("also", ())}
    return result != "ok" and (result in classes or "sealed" in classes)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_vector(path: Any, request: pytest.FixtureRequest) -> None:
    """Ours does what the vector says: the same output, or a refusal of a class that fits."""
    if reason := DISAGREE.get(path.stem):
        request.applymarker(pytest.mark.xfail(strict=True, reason=reason))
    vector = load(path)
    assert agrees(vector), vector["about"]


def test_every_disagreement_is_a_vector() -> None:
    """No name in the list is misspelt or gone."""
    assert DISAGREE.keys() - {path.stem for path in PATHS} == set()
