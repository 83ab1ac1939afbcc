"""Every widget, each place in it where it shows what people wrote, and how it is shown a text there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from fieldkit.forms.views import Card, Mark, Option
from fieldkit.tui import autosave, review_words
from fieldkit.tui.commands import Command
from fieldkit.tui.ports.reports import NamedFilter
from fieldkit.tui.ports.reports import Page as ReportPage
from fieldkit.tui.report_text import Passage
from fieldkit.tui.screens import history
from fieldkit.tui.screens.ask import AskField
from fieldkit.tui.screens.filters import FilterLines
from fieldkit.tui.screens.keeping import FileField
from fieldkit.tui.screens.palette import CommandLines
from fieldkit.tui.widgets.cards import Cards
from fieldkit.tui.widgets.choices import Choices
from fieldkit.tui.widgets.clean_input import CleanInput
from fieldkit.tui.widgets.fields.few import FewEntries, FewField
from fieldkit.tui.widgets.fields.line_editor import LineEditor
from fieldkit.tui.widgets.fields.long_editor import LongEditor
from fieldkit.tui.widgets.fields.option_rows import OptionRows
from fieldkit.tui.widgets.fields.pick import FilterLine, PickEditor, PickField
from fieldkit.tui.widgets.fields.shown import ShownField, ShownLine
from fieldkit.tui.widgets.fields.text_fields import LineField, LongField
from fieldkit.tui.widgets.find_field import FindField
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.invite_field import InviteField
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.link_queue import LinkQueue
from fieldkit.tui.widgets.outline import Outline
from fieldkit.tui.widgets.page import PageView
from fieldkit.tui.widgets.preview import Preview
from fieldkit.tui.widgets.record_list import RecordList
from fieldkit.tui.widgets.review_list import ReviewList
from fieldkit.tui.widgets.said import Said
from fieldkit.tui.widgets.saved_mark import SavedMark
from fieldkit.tui.widgets.secret_field import PaperField, SecretField
from tests.tui.hostile_places import (
    FIELDS,
    LONG,
    WAYS,
    Place,
    StillKeys,
    in_choices,
    in_few,
    keys_called,
    of_field,
    of_line,
    of_meaning,
    of_page,
    of_pick,
    of_reading,
    page,
    past_step,
    queue_line,
    reading,
    standing,
    typed_into,
)

CASES: Final[dict[type[Widget], dict[str, Place]]] = {
    AskField: {
        **typed_into(lambda: AskField(select_on_focus=False)),
        "placeholder": Place(make=AskField, show=lambda line, text: setattr(line, "placeholder", text)),
    },
    Cards: {
        "card": Place(
            make=Cards,
            show=lambda view, text: view.show(
                [Card(repeat="r", index=0, code=text, label=text, mark=Mark.PROBLEM)]
            ),
        )
    },
    Choices: {"line": Place(make=Vertical, show=in_choices)},
    CleanInput: typed_into(lambda: CleanInput(select_on_focus=False), WAYS),
    CommandLines: {
        part: Place(
            make=lambda: CommandLines(()),
            show=lambda view, text, part=part: view.show(  # type: ignore[misc]
                (Command(**{"words": "w", "action": "a", "node": view, part: text}),)
            ),
        )
        for part in ("words", "key")
    },
    FewEntries: {
        part: Place(
            make=lambda: FewEntries(many=True),
            show=lambda view, text, part=part: view.show(  # type: ignore[misc]
                [Option(**{"code": "x", "label": "", "chosen": True, part: text})]
            ),
        )
        for part in ("code", "label")
    },
    FewField: {"option": Place(make=Vertical, show=in_few)},
    FileField: typed_into(FileField),
    FilterLine: typed_into(FilterLine),
    FilterLines: {
        part: Place(
            make=lambda: FilterLines(lambda chosen: None),
            show=lambda view, text, part=part: view.show(  # type: ignore[misc]
                (NamedFilter(**{"name": "n", "query": "q", "own": True, part: text}),)
            ),
        )
        for part in ("name", "query")
    },
    FindField: typed_into(FindField),
    HeaderLine: {
        part: Place(
            make=HeaderLine,
            show=lambda view, text, part=part: view.show(standing(**{part: text})),  # type: ignore[misc]
        )
        for part in ("who", "link", "vault")
    },
    InviteField: typed_into(InviteField, WAYS[:2]),
    KeyBar: {
        "does": Place(make=StillKeys, show=keys_called(description="")),
        "name": Place(make=StillKeys, show=keys_called(key_display="")),
    },
    LineEditor: typed_into(LineEditor, WAYS),
    LineField: {**{part: of_field("title", part) for part in FIELDS}, "meaning": of_meaning("title")},
    LinkQueue: {
        "title": Place(
            make=LinkQueue, show=lambda view, text: view.show([queue_line(text), queue_line(text)])
        )
    },
    LongEditor: LONG,
    LongField: {"typed": of_field("narrative", "typed"), "meaning": of_meaning("narrative")},
    OptionRows: {
        part: Place(
            make=lambda: OptionRows(many=True),
            show=lambda view, text, part=part: view.open(  # type: ignore[misc]
                [Option(**{"code": "x", "label": "", "chosen": True, part: text})]
            ),
        )
        for part in ("code", "label")
    },
    Outline: {
        part: Place(
            make=Outline,
            show=lambda view, text, part=part: view.show(  # type: ignore[misc]
                [page(name="first"), page(**{part: text})], "first"
            ),
        )
        for part in ("name", "label")
    },
    PageView: {"label": of_page("label")},
    PaperField: typed_into(PaperField),
    PickEditor: {
        "chosen": Place(
            make=lambda: PickEditor(many=True, count=1), show=lambda view, text: view.call([text, "other"])
        )
    },
    PickField: {
        "typed": of_field("kind", "typed"),
        "chosen": of_pick("label"),
        "option": of_pick("label", opened=True),
        "code": of_pick("code", opened=True),
    },
    Preview: {
        "heading": of_reading(lambda text: reading(heading=text)),
        "note": of_reading(lambda text: reading(notes=(text,))),
        "label": of_reading(lambda text: reading(passages=(Passage(label=text, text="answer", depth=1),))),
        "page": of_reading(lambda text: reading(passages=(Passage(label=text),))),
        "answer": of_reading(lambda text: reading(passages=(Passage(label="label", text=text, depth=2),))),
    },
    RecordList: {
        **{part: of_line(part) for part in ("state", "title", "place", "date", "kind")},
        "nothing found": Place(
            make=RecordList,
            show=lambda view, text: view.begin(ReportPage(lines=(), following=None), empty=text),
        ),
    },
    ReviewList: {
        "line": Place(
            make=ReviewList,
            show=lambda view, text: view.show(lambda width: [review_words.Line(text=text)]),
        )
    },
    Said: {"words": Place(make=Said, show=lambda view, text: view.say(text))},
    SavedMark: {
        part: Place(
            make=SavedMark,
            show=lambda view, text, part=part: view.show(  # type: ignore[misc]
                autosave.Standing(kept=autosave.Kept.FAILED, **{part: text})
            ),
        )
        for part in ("why", "todo")
    },
    SecretField: {name: replace(place, tells=False) for name, place in typed_into(SecretField).items()},
    ShownField: {"typed": of_field("title", "typed", calculated=True)},
    ShownLine: {
        "words": Place(make=lambda: ShownLine("", markup=False), show=lambda view, text: view.say(text))
    },
}
"""A class of widget that is missing here fails a test."""

ALSO: Final[dict[str, Place]] = {
    "history": Place(
        make=Said,
        show=lambda view, text: view.update(Content("\n").join(history._step(past_step(text), 90))),
    ),
}
"""What screens make of words themselves, and hand to a widget as it is to be drawn."""


def places() -> dict[str, Place]:
    """All of them, by name."""
    found = {f"{kind.__name__} {name}": one for kind, there in CASES.items() for name, one in there.items()}
    return {**found, **ALSO}
