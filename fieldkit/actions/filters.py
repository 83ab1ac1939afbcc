"""Filters with a name: queries of the list that somebody will want again."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldkit.actions.errors import UsageProblem, in_plain_words
from fieldkit.actions.listing import asked_for
from fieldkit.actions.session import Session
from fieldkit.model.text import clean

MAX_NAME_CHARS = 40
"""Of a filter's name: it stands beside its query in 80 columns."""

MAX_FILTERS = 100
"""Filters of one vault: more are not found again."""

BUILT_IN = {
    "Drafts": "state:draft",
    "Waiting to be sent": "state:waiting",
    "With the server": "state:received",
    "Delivered to a coordinator": "state:delivered",
    "Withdrawn": "state:withdrawn",
    "New: not read here yet": "state:new",
    "Life at risk": "urgency:life",
}
"""Filters that are always there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFilter:
    """A query under a name."""

    name: str
    query: str = field(repr=False)
    own: bool
    """Whether somebody named it here; the others cannot be taken away."""


def named(session: Session) -> list[NamedFilter]:
    """The built-in filters, then those of this vault by name."""
    with in_plain_words():
        kept = session.vault.filters.all()
    return [
        *(NamedFilter(name=name, query=query, own=False) for name, query in BUILT_IN.items()),
        *(NamedFilter(name=name, query=query, own=True) for name, query in kept.items()),
    ]


def keep(session: Session, name: str, query: str) -> NamedFilter:
    """Give a query a name; one of that name is replaced. Raises UsageProblem for what is none."""
    called = clean(name, one_line=True)
    if not called or len(called) > MAX_NAME_CHARS:
        raise UsageProblem(f"a filter's name has 1 to {MAX_NAME_CHARS} letters", "such as: arrests in Aleppo")
    if called.casefold() in (known.casefold() for known in BUILT_IN):
        raise UsageProblem(f"the filter {called!r} is always there", "give it another name")
    if asked_for(session, query).empty:
        raise UsageProblem("there is nothing to keep: the filter is empty", "type what to look for first")
    with in_plain_words(), session.vault.transaction():
        kept = session.vault.filters.all()
        if called not in kept and len(kept) >= MAX_FILTERS:
            raise UsageProblem(f"a vault keeps {MAX_FILTERS} filters", "take one away first")
        session.vault.filters.keep(called, query.strip(), now=session.now())
    return NamedFilter(name=called, query=query.strip(), own=True)


def remove(session: Session, name: str) -> None:
    """Forget a name. Raises UsageProblem when there is none of that name."""
    with in_plain_words():
        if not session.vault.filters.remove(name):
            raise UsageProblem(f"there is no filter {name!r} of your own", "choose one from the list")
