"""The held-out incidents of tests/bench/texts: hand-written, no part of what the dictionary is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fieldkit.model.values import Answers, Value

LANGUAGES: Final = ("en", "ar", "fr", "uk")

_TEXTS: Final = Path(__file__).parents[1] / "bench" / "texts"


def incidents(language: str) -> list[Answers]:
    """The main-lane answers of the incidents of a language, in the order of their files."""
    return [json.loads(path.read_text("utf-8")) for path in sorted((_TEXTS / language).glob("*.json"))]


def strings(value: Value) -> Iterator[str]:
    """Every text in an answer tree, codes of choices among them; names of questions are not."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
