"""What a list shows of a report, what finds it there, and what somebody typed to find it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from fieldkit.actions.errors import UsageProblem
from fieldkit.actions.session import Session
from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import Choice, Form
from fieldkit.forms.filling import Filling
from fieldkit.forms.lanes import main_only
from fieldkit.model.dates import describe, read_date
from fieldkit.model.edtf import InvalidDate, parse_edtf
from fieldkit.model.folding import words as folded
from fieldkit.model.ids import Lane
from fieldkit.model.query import URGENCIES, InvalidQuery, Query, Term, parse_query
from fieldkit.model.text import clean
from fieldkit.model.values import Answers, Value, text_of
from fieldkit.vault.incidents import Headline
from fieldkit.vault.search import fact

PLACE_QUESTIONS = ("town", "subdist", "district", "gov")
"""The most exact place that was named is what a list shows."""

PLACE_FACTS = (*PLACE_QUESTIONS, "place")
"""What `place:` looks through: the named places, and the place in words."""

EXAMPLE = 'for example: kind:arrest place:aleppo after:2026-10 "night raid" -minibus'

SEARCH = "search"
"""Column of a list of choices with words that people say for an entry."""

_UNSAFE = re.compile(r"[^\w]")

HEADLINE_CHARS = 300
"""Of a title or place, letters that a list keeps: hostile ones may have 50,000."""


UNKNOWN_YEAR = "XXXX"
"""How a date begins of which nothing is known (EDTF)."""


def headline(answers: Answers, reporter: str = "") -> Headline:
    """What a list shows of a report; `listing` adds what finds it."""
    place = next((found for name in PLACE_QUESTIONS if (found := _one_line(answers, name))), "")
    kinds, start, urgency = answers.get("kind"), answers.get("start"), text_of(answers, "urgency")
    return Headline(
        title=_one_line(answers, "title"),
        place=place,
        kinds=" ".join(str(code) for code in kinds) if isinstance(kinds, list) else "",
        began=_began(start[0], start[-1]) if isinstance(start, list) and start else "",
        reporter=reporter,
        urgency=URGENCIES.index(urgency) if urgency in URGENCIES else 0,
    )


def _began(edtf: Value, words: Value) -> str:
    """The date as stored; the words as typed where no date is known."""
    said = words if isinstance(edtf, str) and edtf.startswith(UNKNOWN_YEAR) else edtf
    return clean(said[:HEADLINE_CHARS], one_line=True) if isinstance(said, str) else ""


@lru_cache(maxsize=4096)
def date_words(began: str) -> str:
    """When it began, in plain words, from what a list line holds."""
    try:
        found = parse_edtf(began)
    except InvalidDate:
        return began
    return describe(found) if found.specified else ""


def kind_words(form: Form, kinds: str) -> str:
    """The kinds of event in words of the form's own language."""
    placed = form.placed.get("kind")
    if placed is None:
        return ""
    choices = [form.choice(placed.question, code) for code in kinds.split()]
    return ", ".join(form.words(choice.label, form.default_language) for choice in choices if choice)


def listing(form: Form | None, main: Answers) -> Headline:
    """What a list shows of a report and what finds it there, from its main-lane answers."""
    first, last = _days(main.get("start"))
    return replace(
        headline(main),
        words=" ".join(folded(" ".join(_texts(main)))),
        facts=" ".join(_facts(form, main)),
        earliest=first,
        latest=last,
    )


def draft_listing(form: Form | None, answers: Answers, *, left: tuple[int, int] | None = None) -> Headline:
    """The same from answers of every lane: what belongs elsewhere than main is neither shown nor found.

    `left` are the required questions without an answer and all of them, where somebody has counted them.
    """
    if form is None:
        return listing(form, answers)
    missing, required = left or Filling(form=form, answers=answers).required_left()
    return replace(listing(form, main_only(form, answers)), missing=missing, required=required)


def draft_line(form: Form | None, answers: Answers, *, left: tuple[int, int] | None = None) -> Headline:
    """What a list shows of a draft, without what finds it: whoever searches indexes it, so saving is cheap.

    Only answers of main are shown. `left` is as in `draft_listing`.
    """
    if form is None:
        return headline(answers)
    missing, required = left or Filling(form=form, answers=answers).required_left()
    shown = {name: answers[name] for name in _main_names(form) if name in answers}
    return replace(headline(shown), missing=missing, required=required)


def _main_names(form: Form) -> Iterator[str]:
    """The questions a headline is made of that are main's own."""
    for name in ("title", "kind", "start", "urgency", *PLACE_QUESTIONS):
        placed = form.placed.get(name)
        if placed is not None and placed.repeat is None and placed.question.lane is Lane.MAIN:
            yield name


def _texts(value: Value) -> Iterator[str]:
    """Every text of an answer, the codes of choices included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)


def _facts(form: Form | None, answers: Answers) -> Iterator[str]:
    """What `kind:` finds, by code and by the words of every language, and what `place:` finds."""
    for name in PLACE_FACTS:
        yield fact("place", text_of(answers, name))
    kinds = answers.get("kind")
    for code in kinds if isinstance(kinds, list) else ():
        yield _kind_facts(form is not None, str(code))


@lru_cache(maxsize=256)
def _kind_facts(known: bool, code: str) -> str:
    """A kind by its code and, of the form this program has, by its words in every language."""
    placed = incident_form().placed.get("kind") if known else None
    choice = None if placed is None else incident_form().choice(placed.question, code)
    labels = () if choice is None else choice.label.values()
    return " ".join([f"kind={_UNSAFE.sub('', code.casefold())}", *(fact("kind", label) for label in labels)])


def _days(start: Value | None) -> tuple[int | None, int | None]:
    """First and last day on which it may have begun, as ordinals; an open end is the calendar's."""
    try:
        first, last = read_date(start).date.bounds
    except InvalidDate:
        return None, None
    if first is None and last is None:
        return None, None
    return (first or date.min).toordinal(), (last or date.max).toordinal()


def _one_line(answers: Answers, name: str) -> str:
    return clean(text_of(answers, name)[:HEADLINE_CHARS], one_line=True)


def asked_for(session: Session, text: str) -> Query:
    """The query, by this laptop's calendar. Raises UsageProblem, saying what was expected."""
    try:
        return parse_query(text, session.today())
    except InvalidQuery as problem:
        raise UsageProblem(str(problem), EXAMPLE) from None


def say_unknown_kinds(query: Query) -> None:
    """Nothing was found: raises UsageProblem where a kind was asked for that the form does not know."""
    form = incident_form()
    placed = form.placed.get("kind")
    kinds = () if placed is None else form.choices.get(placed.question.choices, ())
    for term in query.terms:
        asked = term.field == "kind" and not term.negated
        if asked and not any(_is_kind(term, one.code) for one in kinds):
            called = [form.words(one.label, form.default_language) for one in _like(term, kinds) or kinds]
            raise UsageProblem(
                f"there is no kind {' '.join(term.words)!r}", f"the kinds are: {', '.join(called)}"
            )


def _is_kind(term: Term, code: str) -> bool:
    known = [one.partition("=")[2] for one in _kind_facts(True, code).split()]
    return all(any(word.startswith(part) for word in known) for part in term.words)


def _like(term: Term, kinds: Sequence[Choice]) -> list[Choice]:
    """Kinds for which people say so."""
    return [one for one in kinds if all(part in folded(one.columns.get(SEARCH, "")) for part in term.words)]
