"""A query as the full-text index takes it (SQLite FTS5, "Full-text Query Syntax")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldkit.model.folding import words
from fieldkit.model.query import Query, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What the index is asked."""

    wanted: str | None
    """All of this must be found; None when nothing is asked for by word."""

    unwanted: str | None
    """Any of this must not be."""


def match_of(query: Query) -> Match:
    """The index's own expressions for a query's words; unwanted ones stand beside wanted ones."""
    wanted = " AND ".join(_expression(term) for term in query.terms if not term.negated)
    unwanted = " OR ".join(_expression(term) for term in query.terms if term.negated)
    if wanted and unwanted:
        return Match(wanted=f"({wanted}) NOT ({unwanted})", unwanted=None)
    return Match(wanted=wanted or None, unwanted=unwanted or None)


def fact(field: str, text: str) -> str:
    """Words of a text as the filter `field:` finds them, separated by spaces."""
    return " ".join(f"{field}={word}" for word in words(text))


def _expression(term: Term) -> str:
    """One term. Its words are letters and digits alone, so that nothing in them can be an operator."""
    if not term.field:
        return _phrase("words", term.words, prefix=term.prefix)
    # The words of a filter need not stand together: a place has several names.
    each = (_phrase("facts", [f"{term.field}={word}"], prefix=term.prefix) for word in term.words)
    return " AND ".join(each)


def _phrase(column: str, told: Iterable[str], *, prefix: bool) -> str:
    star = " *" if prefix else ""
    return f'{column} : "{" ".join(told)}"{star}'
