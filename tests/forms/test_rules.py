"""Calculations, filters of lists, defaults, messages: what a form says beside its questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldkit.forms.answers import read_answers
from fieldkit.forms.defaults import as_written, default_answers
from fieldkit.forms.definition import FormError
from fieldkit.forms.filling import Filling
from fieldkit.forms.loading import load_form
from fieldkit.forms.problems import AnswersError, Fault
from fieldkit.forms.writer import Writer
from fieldkit.forms.xlsform import compile_form
from fieldkit.model.values import Answers, Value
from tests.forms.small import load

TODAY = date(2026, 11, 23)


def text(name: str, **more: object) -> dict[str, object]:
    """A question."""
    return {"kind": "text", "name": name, "label": {"en": name}, "lane": "main", **more}


RULES: dict[str, Any] = {
    "format": 1,
    "id": "rules",
    "version": 1,
    "title": "Rules",
    "language": "en",
    "languages": ["en", "ar"],
    "children": [
        text("region", kind="one", choices="regions"),
        text("town", kind="one", choices="towns", choice_filter="region = ${region}"),
        text("towns", kind="many", choices="towns", choice_filter="region = ${region} or name = 'far'"),
        text("dead", kind="range"),
        text("hurt", kind="integer"),
        text("all", kind="integer", calculation="${dead} + ${hurt}"),
        text("words", calculation="concat(${all}, ' people in ', ${region})", relevant="${all} > 0"),
        text("many", relevant="${all} > 9", required=True, required_message={"en": "say more", "ar": "قل"}),
        text("seen", kind="date", default="yesterday"),
        {
            "kind": "repeat",
            "name": "things",
            "label": {"en": "Things"},
            "key": "thing",
            "children": [
                text("thing", kind="code"),
                text("size", kind="integer", default="2"),
                text("twice", kind="integer", calculation="2 * ${size}"),
                text("told", relevant="${twice} > ${hurt}"),
            ],
        },
        text("items", kind="integer", calculation="count(${things})"),
    ],
    "choices": {
        "regions": [{"code": code, "label": {"en": code.title()}} for code in ("north", "south")],
        "towns": [
            {"code": "near", "label": {"en": "Near"}, "columns": {"region": "north"}},
            {"code": "far", "label": {"en": "Far"}, "columns": {"region": "south"}},
        ],
    },
}
FORM = load(RULES)


def written(*typed: tuple[str, object]) -> Writer:
    """A writer in which somebody typed."""
    writer = Writer(FORM, {}, today=lambda: TODAY)
    for name, value in typed:
        writer.write((name,), value)
    return writer


CALCULATED: list[tuple[list[tuple[str, object]], dict[str, Value]]] = [
    ([], {}),
    ([("dead", "3"), ("hurt", "4")], {"all": 7, "words": "7 people in "}),
    ([("dead", "3"), ("hurt", "4"), ("region", "north")], {"all": 7, "words": "7 people in north"}),
    ([("dead", "3")], {}),
    ([("dead", "2-5"), ("hurt", "4")], {}),
    ([("dead", "0"), ("hurt", "0")], {"all": 0}),
    ([("dead", "3"), ("hurt", "4"), ("hurt", "")], {}),
]


@pytest.mark.parametrize(("typed", "expected"), CALCULATED)
def test_calculations(typed: list[tuple[str, object]], expected: dict[str, Value]) -> None:
    """They follow what they are worked out from, one another too, and are nothing where that is no number."""
    answers = written(*typed).snapshot().answers
    assert {name: value for name, value in answers.items() if name in ("all", "words")} == expected


def test_calculated_fields_are_shown_and_not_typed() -> None:
    """A person cannot write over what the form works out."""
    writer = written(("dead", "3"), ("hurt", "4"))
    field = writer.field(("all",))
    assert field is not None and field.calculated and field.typed == "7"
    assert not writer.can_write(("all",)) and writer.write(("all",), "9").places == frozenset()
    change = writer.write(("hurt",), "5")
    assert {("all",), ("words",), ("hurt",)} <= change.places and not change.reshaped
    assert writer.write(("hurt",), "6").reshaped is False
    assert writer.write(("hurt",), "7").reshaped, "ten people: one question more"


def test_calculations_in_items_look_at_their_item() -> None:
    """Each item has its own; what is counted follows the items."""
    writer = written(("hurt", "5"))
    writer.add("things")
    writer.add("things")
    writer.write(("things", 1, "size"), "7")
    answers = writer.snapshot().answers
    assert answers["items"] == 2
    assert answers["things"] == [
        {"thing": "T1", "size": 2, "twice": 4},
        {"thing": "T2", "size": 7, "twice": 14},
    ]
    assert writer.field(("things", 0, "told")) is None and writer.field(("things", 1, "told")) is not None
    writer.delete("things", 1)
    assert writer.snapshot().answers["items"] == 1


def test_what_is_not_asked_counts_for_nothing() -> None:
    """An answer that is hidden by another one is not seen by a third, as it will not be sent."""
    form = load(
        {
            **RULES,
            "children": [text("a"), text("b", relevant="${a} = 'x'"), text("c", relevant="${b} = 'y'")],
        }
    )
    writer = Writer(form, {"a": "x", "b": "y", "c": "z"})
    assert [field.place for field in writer.fields("")] == [("a",), ("b",), ("c",)]
    writer.write(("a",), "no")
    assert [field.place for field in writer.fields("")] == [("a",)]
    assert Filling(form=form, answers=writer.snapshot().answers).kept() == {"a": "no"}
    writer.undo()
    assert [field.typed for field in writer.fields("")] == ["x", "y", "z"]


def test_filters_narrow_the_choices() -> None:
    """Only what passes is offered; what was chosen before stays to be seen, and is a problem."""
    writer = written(("region", "north"))
    assert [option.code for option in writer.options(("town",))] == ["near"]
    assert [option.code for option in writer.options(("towns",))] == ["near", "far"]
    writer.write(("town",), "near")
    assert writer.problems() == ()
    change = writer.write(("region",), "south")
    (problem,) = writer.problems()
    assert problem.place == ("town",) and problem.fault is Fault.WRONG and "Near" in problem.message
    assert problem.hint and ("town",) in change.places
    assert [(option.code, option.chosen) for option in writer.options(("town",))] == [
        ("near", True),
        ("far", False),
    ]
    assert written().options(("town",)) == ()


def test_defaults_begin_a_report_and_an_item() -> None:
    """They are read like anything typed; a person may change or take them out."""
    assert default_answers(FORM, TODAY) == {"seen": ["2026-11-22", "yesterday"]}
    things = FORM.repeat("things")
    assert default_answers(FORM, TODAY, things) == {"size": 2}
    writer = written()
    writer.add("things")
    writer.write(("things", 0, "size"), "")
    assert writer.snapshot().answers["things"] == [{"thing": "T1"}]


@pytest.mark.parametrize(("language", "message"), [("en", "say more"), ("ar", "قل"), ("fr", "say more")])
def test_messages_are_the_forms_own(language: str, message: str) -> None:
    """What a person is told about a missing answer comes from the form, in the person's language."""
    writer = Writer(FORM, {"dead": {"min": 9, "max": 9}, "hurt": 9}, language=language)
    (problem,) = writer.problems()
    assert (problem.place, problem.message) == (("many",), message)


def test_calculated_answers_are_not_typed_in_files() -> None:
    """`new --from` may not say what the form says; what was stored is worked out again."""
    with pytest.raises(AnswersError, match="by itself"):
        read_answers(FORM, {"all": 3})
    stale: Answers = {"hurt": 1, "all": 99, "things": [{"thing": "T1", "twice": 8}]}
    assert as_written(FORM, stale) == {"hurt": 1, "things": [{"thing": "T1"}]}
    assert "all" not in Writer(FORM, stale).snapshot().answers


def change(name: str, **entries: object) -> Callable[[dict[str, Any]], None]:
    """A defect in one question."""

    def spoil(data: dict[str, Any]) -> None:
        next(child for child in data["children"] if child["name"] == name).update(entries)

    return spoil


DEFECTS = [
    ("only text and whole numbers", change("dead", calculation="1")),
    ("nobody can be asked", change("all", required=True)),
    ("nobody can be asked", change("all", default="1")),
    ("asks? for 'nobody'", change("all", calculation="${nobody}")),
    ("asks? for 'nobody'", change("town", choice_filter="region = ${nobody}")),
    ("no column 'land'", change("town", choice_filter="land = 'x'")),
    ("no column", change("hurt", choice_filter="name = 'x'")),
    ("did not expect|no function", change("hurt", relevant="region = 'x'")),
    ("depends on itself", change("hurt", relevant="${all} > 1")),
    ("depends on itself", change("all", calculation="${all} + 1")),
    ("depends on itself", change("things", relevant="${items} > 1")),
    ("default", change("seen", default="some day")),
    ("default", change("town", default="nowhere")),
    ("it is hidden", change("town", appearance="hidden")),
    ("it is hidden", change("all", appearance="hidden", constraint=". > 1")),
]


@pytest.mark.parametrize(("why", "spoil"), DEFECTS)
def test_rules_that_cannot_be_kept_are_refused(why: str, spoil: Callable[[dict[str, Any]], None]) -> None:
    """A definition with one defect is refused, saying where; without it, it is taken."""
    data = {**RULES, "children": [dict(child) for child in RULES["children"]]}
    load(data)
    spoil(data)
    with pytest.raises(FormError, match=why):
        load(data)


XLSFORM = """\
| survey | type | name | label::English (en) | required | required_message::English (en) | calculation \
| choice_filter | default | lane |
|---|---|---|---|---|---|---|---|---|---|
| | select_one regions | region | Region | yes | Say where | | | | main |
| | select_one towns | town | Town | | | | region = ${region} | | main |
| | integer | hurt | Hurt | | | | | 2 | main |
| | calculate | twice | | | | ${hurt} * 2 | | | main |
| | text | told | Told | | | concat(${twice}, ' people') | | | main |

| choices | list_name | name | label::English (en) | region |
|---|---|---|---|---|
| | regions | north | North | |
| | regions | south | South | |
| | towns | near | Near | north |
| | towns | far | Far | south |

| settings | form_id | form_title | version | default_language |
|---|---|---|---|---|
| | rules | Rules | 1 | English (en) |
"""


def test_rules_of_an_xlsform(tmp_path: Path) -> None:
    """What forms of ODK say in these columns is what a person meets; a bare calculation is not shown."""
    source = tmp_path / "rules.md"
    source.write_text(XLSFORM, "utf-8")
    form = load_form(compile_form(source))
    writer = Writer(form, default_answers(form, TODAY))
    assert [(problem.place, problem.message) for problem in writer.problems()] == [(("region",), "Say where")]
    writer.write(("region",), "south")
    writer.pause()
    assert [option.code for option in writer.options(("town",))] == ["far"]
    assert [(field.place[-1], field.typed) for field in writer.fields("")] == [
        ("region", "South"),
        ("town", ""),
        ("hurt", "2"),
        ("told", "4 people"),
    ]
    (page,) = writer.pages()
    assert (page.asked, page.answered, page.required_left) == (3, 2, 0)
    assert writer.snapshot().answers["twice"] == "4"
