"""Make dictionary 1 again: `python -m tests.dictionary.generate`. The same input gives the same bytes.

The content is put together here; the tables before it are zstd's own `finalize_dict` over made-up bodies.
Another release of zstd may give other tables: the committed file is dictionary 1, and a change another suite.
"""

from __future__ import annotations

import hashlib
import random
import sys
from pathlib import Path
from typing import Final

from fieldkit.model.values import Answers
from sync.protocol.encoding import encode
from tests.dictionary import recipes, scaffold, texts
from tests.dictionary.scenes import SCENES

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SIZE: Final = 65_536
"""Bytes of the dictionary: fits the first-level tables zstd uses for records this small."""

TABLES: Final = 256
"""Bytes left for zstd's tables in front of the content; they take about 170."""

SCAFFOLD: Final = 6_000
"""Bytes of question names, codes and heads: beyond this a byte does more good as text."""

SHARES: Final = {"fr": 9_700, "en": 19_700, "uk": 16_300, "ar": 12_800}
"""Bytes of text by language, farthest first: two-byte letters need more, what is near costs fewer bits."""

WEIGHTS: Final = {"en": 20, "fr": 1, "uk": 1, "ar": 1}
"""How often a sample counts in the tables. One set cannot suit three scripts, and texts of two-byte letters
are long enough to send tables of their own: so the shared ones are for Latin letters."""

LEVEL: Final = 19
"""Of zstd, the one bodies are compressed with."""

TARGET: Final = Path(__file__).parents[2] / "sync" / "protocol" / "data" / "dictionary-1.zdict"

_SEED: Final = 1
_SHORT_TEXTS: Final = {"gov": 1, "town": 2, "v_job": 1}
"""Words of an answer where it is usually so few; other texts take two to six."""


def dictionary() -> bytes:
    """The bytes of dictionary 1."""
    content = _content()
    made = zstd.finalize_dict(zstd.ZstdDict(content, is_raw=True), _bodies(), SIZE, LEVEL)
    return made.dict_content


def _content() -> bytes:
    parts = [texts.corpus(language, size) for language, size in SHARES.items()]
    rare = b"".join(encode(word) for word in texts.rare_words())
    content = b" ".join([rare, *parts, scaffold.choose(random.Random(_SEED), SCAFFOLD)])
    if len(content) > SIZE - TABLES:
        raise ValueError(
            f"expected at most {SIZE - TABLES} bytes of content, got {len(content)}; lower a share"
        )
    return content


def _bodies() -> list[bytes]:
    """Bodies to tune the tables on: the samples, none of which is in the content, in made-up answers."""
    rng = random.Random(_SEED)
    return [
        scaffold.body(_filled(rng, sample, language), language)
        for language, weight in WEIGHTS.items()
        for _ in range(weight)
        for sample in texts.samples(language)
    ]


def _filled(rng: random.Random, sample: texts.Sample, language: str) -> Answers:
    words = " ".join(each.narrative for each in texts.samples(language)).split()

    def text(question: str) -> str:
        if question == "title":
            return sample.title
        if question == "narrative":
            return sample.narrative
        at = rng.randrange(len(words) - 6)
        return " ".join(words[at : at + _SHORT_TEXTS.get(question, rng.randint(2, 6))])

    return recipes.answers(rng, rng.choice(SCENES), text)


def main() -> int:
    """Write the dictionary and say its size and hash."""
    made = dictionary()
    TARGET.write_bytes(made)
    sys.stdout.write(f"{TARGET.name}: {len(made)} bytes, SHA-256 {hashlib.sha256(made).hexdigest()}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
