"""The written part of the dictionary: words, runs of words, and the samples its tables are tuned on."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent

_SHORT: Final = 3
"""Letters: shorter words are kept whatever else begins with them, they are everywhere."""

_ENDING: Final = 2
"""Letters more that a longer word may have and still stand for its beginning: `attacked` serves `attack`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One made-up report: its title and its account."""

    title: str
    narrative: str


def samples(language: str) -> list[Sample]:
    """The made-up reports of a language: blocks of a title line and an account line."""
    blocks = (_HERE / "samples" / f"{language}.txt").read_text("utf-8").strip().split("\n\n")
    pairs = [block.split("\n") for block in blocks]
    return [Sample(title=title, narrative=narrative) for title, narrative in pairs]


def corpus(language: str, size: int) -> bytes:
    """The words, then the runs of words, of a language in one line of at most `size` bytes.

    Words that the runs or another word already hold are left out, then the longest: they come up least.
    """
    words, runs = _sections((_HERE / "corpus" / f"{language}.txt").read_text("utf-8"))
    kept = _needed(words, runs)
    over = len(" ".join([*kept, runs]).encode()) - size
    for word in sorted(kept, key=len, reverse=True):
        if over <= 0:
            break
        kept.remove(word)
        over -= len(word.encode()) + 1
    return " ".join([*kept, runs]).encode()


def rare_words() -> list[str]:
    """Question names and codes of form 1 that are seldom used; the form may change, these may not."""
    lines = (_HERE / "corpus" / "form.txt").read_text("utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def _sections(text: str) -> tuple[list[str], str]:
    """The words of the first section and the runs of all others; a section starts with `#` lines."""
    sections: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("#"):
            sections.append([])
        else:
            sections[-1].append(line.strip())
    words, *runs = (" ".join(section) for section in sections if section)
    return list(dict.fromkeys(words.split())), " ".join(runs)


def _needed(words: list[str], runs: str) -> list[str]:
    in_runs = set(re.findall(r"[^\s,.;]+", runs))
    beginning_with: dict[str, int] = defaultdict(int)
    for word in (*words, *in_runs):
        for ending in range(1, _ENDING + 1):
            beginning_with[word[:-ending]] += 1
    return [
        word for word in words if word not in in_runs and (len(word) < _SHORT or not beginning_with[word])
    ]
