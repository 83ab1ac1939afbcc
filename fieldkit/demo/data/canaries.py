"""The texts of the demonstration that must be found nowhere outside a vault or an export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fieldkit.demo.data.synthetic import Told

MIN_CHARS = 12
"""Shorter texts could stand in a file by chance, so finding them would prove nothing."""

_IDENTIFYING = frozenset(
    {"src_name", "src_contact", "src_relation", "src_said", "src_protect", "v_name", "v_name_ar"}
)
_TOLD = frozenset({"title", "narrative", "reason", "part_of", "unknown", "count_note", "v_desc"})
_SENTENCE_END = re.compile(r"(?<=[.!?؟])\s+")


def canaries(incidents: Iterable[Told]) -> tuple[str, ...]:
    """Every sentence told and every text that could tell who someone is, each once, as UTF-8 text to look
    for.
    """
    found = (text for incident in incidents for text in _texts(incident.answers))
    return tuple(dict.fromkeys(text for text in found if len(text) >= MIN_CHARS))


def _texts(answers: dict[str, object]) -> Iterator[str]:
    for name, value in answers.items():
        if isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    yield from _texts(item)
        elif isinstance(value, str) and name in _TOLD:
            yield from _SENTENCE_END.split(value)
        elif isinstance(value, str) and name in _IDENTIFYING:
            yield value
