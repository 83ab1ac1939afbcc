"""The project's implementation against the vectors of the second one."""

from __future__ import annotations

from typing import Any

import pytest

from sync.protocol.errors import ProtocolError
from tests.vectors.mini.failure import CODES
from tests.vectors.mini.operations import from_json, to_json
from tests.vectors.ours_documents import ALL
from tests.vectors.test_mini import PATHS, load


def perform(vector: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """ "ok" or the name of the refusal code, and the output."""
    given = {name: from_json(name, value) for name, value in vector["input"].items()}
    try:
        found = ALL[vector["operation"]](given)
    except ProtocolError as error:
        return CODES[int(error.code)], {}
    return "ok", {name: to_json(name, value) for name, value in found.items()}


def agrees(vector: dict[str, Any]) -> bool:
    """Whether ours sees a vector as it says. Only a reader meets `sealed`, which has no code of its own."""
    result, output = perform(vector)
    if vector["expect"] == "ok" and vector["operation"] == "request":
        # Ours tells refused items by lane and sequence, not by their position in the body.
        taken = vector["output"]["fates_text"].count("ok")
        return result == "ok" and output == {"hello": vector["output"]["hello"], "taken": taken}
    if vector["expect"] == "ok":
        return result == "ok" and output == vector.get("output", {})
    classes = {vector["expect"], *vector.get("also", ())}
    return result in classes or ("sealed" in classes and result in ("malformed", "signature"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_vector(path: Any) -> None:
    """Ours does what the vector says: the same output, or a refusal of a class that fits."""
    vector = load(path)
    assert agrees(vector), vector["about"]
