"""What a screen is shown of a report as it stands: fields of a page, cards of a repeat, choices."""

from __future__ import annotations

from fieldkit.forms import outline
from fieldkit.forms.cards import card_label
from fieldkit.forms.definition import Group, Repeat
from fieldkit.forms.judged import Judged
from fieldkit.forms.options import matching
from fieldkit.forms.outline import Sheet
from fieldkit.forms.scopes import offered
from fieldkit.forms.typed import typed
from fieldkit.forms.views import Card, Field, Mark, Option
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers, Path, copy_value, items_of, text_of

Typing = tuple[Path, str]
"""Where somebody types, and what: shown letter by letter as typed, whatever it is read as."""


def fields(
    judged: Judged, sheet: Sheet, item: int | None, language: str, typing: Typing | None
) -> list[Field]:
    """What is asked on a page now; of a repeat, in one item."""
    shown: list[Field] = []
    group: Group | None = None
    for place in outline.places(judged, sheet, item if sheet.repeat else None):
        inner = sheet.inner.get(str(place[-1]))
        heading = judged.form.words(inner.label, language) if inner and inner is not group else ""
        shown.append(_field(judged, place, heading, language, typing))
        group = inner
    return shown


def _field(judged: Judged, place: Path, heading: str, language: str, typing: Typing | None) -> Field:
    asked = judged.asked[place]
    question, form = asked.question, judged.form
    problem = judged.problems.get(place)
    if typing and typing[0] == place:
        text = typing[1]
    elif place in judged.state.unread:
        text = judged.state.unread[place]
    else:
        text = typed(form, question, asked.value, language, judged.today)
    return Field(
        place=place,
        question=question,
        label=form.words(question.label, language),
        hint=form.words(question.hint, language),
        heading=heading,
        value=None if asked.value is None else copy_value(asked.value),
        typed=text,
        problem=problem.message if problem else "",
        tip=problem.hint if problem else "",
        required=question.required,
        protected=question.lane is Lane.SOURCES,
        calculated=question.calculation is not None,
    )


def cards(judged: Judged, sheet: Sheet, node: Repeat, language: str) -> tuple[Card, ...]:
    """A line for each item of a repeat."""
    items = items_of(judged.state.answers, node.name)
    return tuple(_card(judged, sheet, node, index, item, language) for index, item in enumerate(items))


def _card(judged: Judged, sheet: Sheet, node: Repeat, index: int, item: Answers, language: str) -> Card:
    asked = outline.places(judged, sheet, index)
    mark = outline.tally(judged, asked).mark
    if mark is not Mark.PROBLEM and not outline.tally(judged, _without_key(asked, node)).answered:
        mark = Mark.EMPTY
    label = card_label(judged.form, node, item, language) or str(index + 1)
    return Card(repeat=node.name, index=index, code=text_of(item, node.key), label=label, mark=mark)


def _without_key(places: list[Path], node: Repeat) -> list[Path]:
    """A new item has its code: that alone says nothing yet."""
    return [place for place in places if place[-1] != node.key]


def options(judged: Judged, place: Path, text: str, language: str) -> tuple[Option, ...]:
    """The choices of a question that pass its filter and fit what is typed, in any language and script.

    A chosen one that does not pass is offered all the same, so that it can be seen and taken out.
    """
    form, asked = judged.form, judged.asked.get(place)
    if asked is None or not asked.question.choices:
        return ()
    rule, value = asked.question.choice_filter, asked.value
    chosen = frozenset(str(code) for code in (value if isinstance(value, list) else [value] if value else []))
    listed = form.choices[asked.question.choices]
    if rule is not None:
        seen = judged.worked.scope(place)
        listed = tuple(
            one for one in listed if one.code in chosen or offered(rule, seen, one.code, one.columns)
        )
    return matching(form, listed, text, chosen, language)
