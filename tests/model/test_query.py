"""Queries: what a person types, as understood, or what was expected."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.model.query import MAX_QUERY_CHARS, MAX_TERMS, InvalidQuery, Query, Term, parse_query
from fieldkit.model.state import State

TODAY = date(2026, 11, 23)


def term(*words: str, field: str = "", prefix: bool = False, negated: bool = False) -> Term:
    """Short for a term."""
    return Term(words=words, field=field, prefix=prefix, negated=negated)


UNDERSTOOD = {
    "": Query(),
    "  ": Query(),
    "shells": Query(terms=(term("shells", prefix=True),)),
    "a": Query(terms=(term("a"),)),
    "Two words": Query(terms=(term("two", prefix=True), term("words", prefix=True))),
    '"night raid"': Query(terms=(term("night", "raid"),)),
    "«rue du moulin»": Query(terms=(term("rue", "du", "moulin"),)),
    '"not closed': Query(terms=(term("not", "closed"),)),
    "al-Bab": Query(terms=(term("bab", prefix=True),)),
    "-mine": Query(terms=(term("mine", prefix=True, negated=True),)),
    "kind:Arrest": Query(terms=(term("arrest", field="kind", prefix=True),)),
    "-place:حلب": Query(terms=(term("حلب", field="place", prefix=True, negated=True),)),
    'place:"Tell Rifaat"': Query(terms=(term("tell", "rifaat", field="place"),)),
    "after:2026-10": Query(earliest=date(2026, 10, 1)),
    "before:2026-10": Query(latest=date(2026, 9, 30)),
    "on:2026": Query(earliest=date(2026, 1, 1), latest=date(2026, 12, 31)),
    "on:yesterday": Query(earliest=date(2026, 11, 22), latest=date(2026, 11, 22)),
    'after:"3 آب 2026"': Query(earliest=date(2026, 8, 3)),
    "after:2026-01 after:2026-03 before:2027 before:2028": Query(
        earliest=date(2026, 3, 1), latest=date(2026, 12, 31)
    ),
    "state:waiting": Query(state=State.WAITING),
    "state:dra": Query(state=State.DRAFT),
    "12:30": Query(terms=(term("12", "30", prefix=True),)),
    "note:text": Query(terms=(term("note", "text", prefix=True),)),
    "- : !": Query(),
    '""': Query(),
}


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_what_is_typed_is_understood(text: str) -> None:
    """Words, phrases, filters, dates and states."""
    found = parse_query(text, TODAY)
    assert found == UNDERSTOOD[text]
    assert found.empty == (UNDERSTOOD[text] == Query())


REFUSED = {
    "plcae:x": "but there is place:",
    "kind:": "such as kind:arrest",
    'place:""': "such as place:aleppo",
    "after:soon": "cannot read 'soon'",
    "on:XXXX-XX-XX": "a date with a year",
    "before:0001-01-01": "before the year 1",
    "after:../2026": "a date with a year",
    "-after:2026": "cannot be turned round",
    "-state:draft": "cannot be turned round",
    "urgency:high": "there are normal, soon, life",
    "urgency:": "such as urgency:life",
    "-urgency:life": "cannot be turned round",
    "state:d": "there is no state 'd'",
    "state:lost": "there are draft, waiting",
    "x" * (MAX_QUERY_CHARS + 1): f"at most {MAX_QUERY_CHARS} letters",
    "ab " * (MAX_TERMS + 1): f"at most {MAX_TERMS} words",
}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("state:new", Query(fresh=True)),
        ("State:NE", Query(fresh=True)),
        ("urgency:life", Query(urgency=2)),
        ("urgency:s", Query(urgency=1)),
        ("urgency:normal", Query(urgency=0)),
    ],
)
def test_new_and_urgent(text: str, query: Query) -> None:
    """What is new, and how urgent."""
    assert parse_query(text, TODAY) == query and not query.empty


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_understood_is_told(text: str) -> None:
    """Each says what was expected."""
    with pytest.raises(InvalidQuery, match=REFUSED[text]):
        parse_query(text, TODAY)


@given(
    st.text(alphabet=st.sampled_from('ab: -"“”«»حلب12الafterkindon,.*()^'), max_size=40)
    | st.text(max_size=60)
)
def test_anything_typed_is_understood_or_told(text: str) -> None:
    """Nothing else is raised, whatever is typed."""
    try:
        found = parse_query(text, TODAY)
    except InvalidQuery:
        return
    assert all(word.isalnum() for one in found.terms for word in one.words)
