"""The reports of the benchmark: texts the dictionary has not seen, and records of the peers' kind."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Final

from fieldkit.model.values import Answers, Value
from tests.dictionary.held_out import incidents

SEED: Final = 20_261_123
"""Of everything drawn by chance."""

PEER_JSON_BYTES: Final = 1_702
"""The least JSON of one record; the data the peers were measured with had 170,252 bytes in 100."""

_FURTHER: Final = Path(__file__).parent / "further"
_SENTENCE_ENDS: Final = (". ", "؟ ", "! ", "? ")


def twenty_english() -> list[Answers]:
    """The twelve held-out ones and the eight of `further`, written for this row alone: no text twice."""
    return incidents("en") + [json.loads(path.read_text("utf-8")) for path in sorted(_FURTHER.glob("*.json"))]


def with_source(answers: Answers, number: int) -> Answers:
    """The same report with one plainly synthetic source, whose identity goes into the sources lane."""
    source: dict[str, Value] = {
        "src": "S1",
        "src_name": f"Person Example-{number:02}",
        "src_contact": f"example contact 000-{number:02}-{7_919 * (number + 1) % 10_000:04}",
        "src_how": ["saw"],
        "src_rel": "c",
        "src_info": "3",
        "src_risk": "2",
    }
    others = answers["sources"]
    assert isinstance(others, list)
    return {**answers, "sources": [source, *others[1:]]}


def json_bytes(answers: Answers) -> int:
    """Size as compact UTF-8 JSON."""
    return len(json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode())


def words(answers: Answers) -> int:
    """Words of title and account."""
    return len(f"{answers['title']} {answers['narrative']}".split())


def peer_records(count: int, seed: int = SEED) -> list[Answers]:
    """Records as the peers were given: English and Arabic in turn, each about 1.7 KB of JSON.

    Sentences of the held-out texts of a language in random order, under the coded answers of one of them,
    with drawn dates, places and numbers. Records are sealed one by one, so that a sentence in two of them
    saves nothing.
    """
    random = Random(seed)
    texts = {"en": twenty_english(), "ar": incidents("ar")}
    spoken = {language: [s for one in found for s in _sentences(one)] for language, found in texts.items()}
    return [
        _drawn(random, random.choice(texts[language]), spoken[language])
        for language in ("en" if number % 2 else "ar" for number in range(count))
    ]


def _drawn(random: Random, model: Answers, sentences: list[str]) -> Answers:
    drawn: Answers = {
        **model,
        "start": [f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}"],
        "lat": random.randint(32_000_000, 37_000_000),
        "lon": random.randint(36_000_000, 42_000_000),
        "precision": "town",
        "injured": {"min": random.randint(1, 40)},
    }
    drawn.pop("end", None)
    order = random.sample(sentences, len(sentences))
    account = order.pop()
    while json_bytes({**drawn, "narrative": account}) < PEER_JSON_BYTES:
        account = f"{account} {order.pop()}"
    # Cut between two words where the last sentence goes too far, so that none is much larger than the mean.
    while json_bytes({**drawn, "narrative": (shorter := account.rpartition(" ")[0])}) >= PEER_JSON_BYTES:
        account = shorter
    return {**drawn, "narrative": account}


def _sentences(answers: Answers) -> list[str]:
    text = f"{answers['narrative']} "
    for end in _SENTENCE_ENDS:
        text = text.replace(end, f"{end.strip()}\n")
    return [line.strip() for line in text.splitlines() if line.strip()]
