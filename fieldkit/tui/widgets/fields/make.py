"""Chooses the widget for a question."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.forms.definition import Kind
from fieldkit.forms.views import Field, Option
from fieldkit.model.text import clean
from fieldkit.tui.cells import cells
from fieldkit.tui.widgets.fields.few import FewField, Options
from fieldkit.tui.widgets.fields.field import FieldWidget, Meaning
from fieldkit.tui.widgets.fields.pick import PickField
from fieldkit.tui.widgets.fields.shown import ShownField
from fieldkit.tui.widgets.fields.text_fields import LineField, LongField

FEW = 7
"""Entries that are shown all at once, where the form does not say otherwise."""

MOST_CELLS = 180
"""Of all their words together: about three lines of a narrow screen."""

AUTOCOMPLETE = "autocomplete"
"""What a form says of a list that is to be searched (XLSForm, appearance)."""

MULTILINE = "multiline"
"""What a form says of a long text."""


def field_widget(field: Field, options: Options, meaning: Meaning) -> FieldWidget:
    """The widget one answers a question with."""
    question = field.question
    if field.calculated:
        return ShownField(field, meaning)
    if question.kind in (Kind.ONE, Kind.MANY):
        # A list that is filtered by other answers may be short now and long later.
        short = question.choice_filter is None and AUTOCOMPLETE not in question.appearance
        short = short and _is_short(options(""))
        return (FewField if short else PickField)(field, options, meaning)
    long = MULTILINE in question.appearance or question.kind is Kind.LINKS
    # A text that has lines keeps them, whatever the form expected.
    return (LongField if long or "\n" in field.typed else LineField)(field, meaning)


def _is_short(options: Sequence[Option]) -> bool:
    return len(options) <= FEW and sum(cells(clean(one.label)) for one in options) <= MOST_CELLS
