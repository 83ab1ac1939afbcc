"""The choices of a question that fit what is typed so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from fieldkit.forms.definition import Choice, Form
from fieldkit.forms.views import Option
from fieldkit.model.folding import words

SEARCH = "search"
"""Column of a list with more words that find an entry: `shooting` finds `Armed attack`."""


def matching(
    form: Form, choices: Iterable[Choice], typed: str, chosen: frozenset[str], language: str
) -> tuple[Option, ...]:
    """Choices with every typed word in their label (of any language), their code, or the words the form gives
    for looking them up.

    Those whose own words begin so come first, those found by other words last; within that, the order of the
    form.
    """
    wanted = words(typed)
    ranked = [(rank, choice) for choice in choices if (rank := _rank(choice, wanted)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    return tuple(
        Option(code=choice.code, label=form.words(choice.label, language), chosen=choice.code in chosen)
        for _, choice in ranked
    )


def _rank(choice: Choice, wanted: Sequence[str]) -> int | None:
    there = _words_of((choice.code, *choice.label.values()))
    if all(any(word.startswith(part) for word in there) for part in wanted):
        return 0
    if all(any(part in word for word in there) for part in wanted):
        return 1
    there += _words_of((choice.columns.get(SEARCH, ""),))
    return 2 if all(any(word.startswith(part) for word in there) for part in wanted) else None


@lru_cache(maxsize=4_096)
def _words_of(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for text in texts for word in words(text.replace("_", " ")))
