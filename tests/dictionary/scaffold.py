"""What bodies repeat (question names, codes, CBOR heads), chosen from made-up ones without their texts."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from typing import Final

from fieldkit.model.values import Answers
from sync.protocol.encoding import encode
from tests.dictionary import recipes
from tests.dictionary.scenes import SCENES

LANGUAGES: Final = ("en", "ar", "uk", "fr")

_BODIES: Final = 1_200
"""Made-up bodies to choose from: more changes nothing but the time taken."""

_RUN: Final = 6
"""Bytes of a run worth pointing at: a shorter one costs about what it saves."""

_OVERHEAD: Final = 4
"""Bytes added to a piece's length when pieces are compared, so that many tiny ones do not win."""

_HOLE: Final = "\N{SECTION SIGN}"
"""Stands for two bytes of text in a body; bodies are cut where it is."""

_USUAL: Final = {
    "title": 40,
    "narrative": 900,
    "unknown": 60,
    "reason": 60,
    "part_of": 60,
    "v_desc": 40,
    "att_losses": 60,
    "src_said": 300,
}
"""Bytes of the usual text of a question where it is more than a word or two: CBOR heads differ by length."""

_WORD: Final = 10
"""Bytes of the usual text of any other question."""


def body(answers: Answers, language: str) -> bytes:
    """The canonical bytes of a main-lane body with these answers (docs/protocol.md §4)."""
    return encode(
        {1: "incident", 2: 1, 4: answers, 5: 1_790_000_000, 6: 180, 7: 1, 8: language, 10: "north-7"}
    )


def lane_body(answers: Answers) -> bytes:
    """The canonical bytes of a body of another lane, naming a main-lane revision (docs/protocol.md §4)."""
    return encode({1: "incident", 2: 1, 4: answers, 11: bytes(16)})


def choose(rng: random.Random, size: int) -> bytes:
    """Pieces of bodies, at most `size` bytes, covering most of what bodies repeat; the best come last."""
    pieces = [piece for made in _bodies(rng) for piece in made.split(_HOLE.encode()) if piece]
    weight = Counter(run for piece in pieces for run in _runs(piece))
    heap = [(-_worth(piece, weight), piece) for piece in sorted(set(pieces))]
    heapq.heapify(heap)
    chosen: list[bytes] = []
    while heap:
        promised, piece = heapq.heappop(heap)
        worth = -_worth(piece, weight)
        if worth > promised and worth:
            heapq.heappush(heap, (worth, piece))
        elif worth and len(piece) <= size:
            chosen.append(piece)
            size -= len(piece)
            for run in _runs(piece):
                weight[run] = 0
    return b"".join(reversed(chosen))


def _bodies(rng: random.Random) -> list[bytes]:
    made = []
    for n in range(_BODIES):
        scene = SCENES[n % len(SCENES)]
        made.append(body(recipes.answers(rng, scene, _hole), LANGUAGES[n % len(LANGUAGES)]))
        if n % 10 == 0:
            made.append(lane_body(recipes.source_answers(rng, _hole)))
        if n % 20 == 0:
            made.append(lane_body(recipes.review_answers(rng, _hole)))
    return made


def _hole(question: str) -> str:
    return _HOLE * (_USUAL.get(question, _WORD) // len(_HOLE.encode()))


def _runs(piece: bytes) -> set[bytes]:
    return {piece[at : at + _RUN] for at in range(len(piece) - _RUN + 1)}


def _worth(piece: bytes, weight: Counter[bytes]) -> float:
    return sum(weight[run] for run in _runs(piece)) / (len(piece) + _OVERHEAD)
