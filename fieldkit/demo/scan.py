"""Looks for texts in everything a server keeps: what a compelled operator could hand over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHUNK_BYTES: Final = 16
"""A leaked text holds all its chunks at some offset, so one chunk of 16 bytes is looked for at a time."""

SHORTEST_BYTES: Final = 6
"""Shorter texts would be found by chance."""

ENCODINGS: Final = ("utf-8", "utf-16-le")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A piece of a text found in a file."""

    file: Path
    text: str


def find_texts(folder: Path, texts: Iterable[str]) -> list[Hit]:
    """Every text of which a piece stands in any file under `folder`, once a file."""
    needles = [(text, chunk) for text in texts for chunk in chunks(text)]
    hits: list[Hit] = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        found = {text for text, chunk in needles if chunk in data}
        hits += [Hit(file=file, text=text) for text in sorted(found)]
    return hits


def chunks(text: str) -> Iterator[bytes]:
    """The pieces looked for: consecutive 16 bytes in each encoding, or the whole of a short text."""
    for encoding in ENCODINGS:
        data = text.encode(encoding)
        if len(data) < SHORTEST_BYTES:
            continue
        if len(data) <= CHUNK_BYTES:
            yield data
        for start in range(0, len(data) - CHUNK_BYTES + 1, CHUNK_BYTES):
            yield data[start : start + CHUNK_BYTES]
