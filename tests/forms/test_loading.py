"""Form definitions: what is taken, and what is refused with its place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.forms.definition import FormError, Kind
from fieldkit.forms.loading import MAX_FORM_BYTES, load_form
from fieldkit.model.ids import Lane
from tests.forms.small import definition, load


def test_a_form_is_what_its_definition_says() -> None:
    """Questions, lanes, conditions, words."""
    form = load(definition())
    assert (form.id, form.version, form.languages) == ("small", 3, ("en", "ar"))
    assert [question.name for question in form.questions()] == [
        "title", "asked", "when", "size", "src", "src_name", "src_low", "r_public",
    ]  # fmt: skip
    assert form.keys() == {"sources": "src"}
    placed = form.placed["size"]
    assert [condition.text for condition in placed.conditions] == [
        "${asked} = 'yes'",
        "starts-with(${when}, '2026')",
    ]
    assert placed.question.kind is Kind.INTEGER
    assert form.placed["src_name"].question.lane is Lane.SOURCES


def test_words_fall_back() -> None:
    """Another dialect, another language, the form's own, any."""
    form = load(definition())
    label = form.placed["title"].question.label
    assert [form.words(label, tag) for tag in ("ar", "ar-SY", "fr")] == ["عنوان", "عنوان", "Title"]
    assert form.words({"ar": "x"}, "fr") == "x"
    assert form.words({}, "fr") == ""
    choice = form.choice(form.placed["asked"].question, "no")
    assert choice is not None
    assert choice.label["ar"] == "لا"
    assert form.choice(form.placed["asked"].question, "maybe") is None


def first(form: dict[str, Any]) -> dict[str, Any]:
    """The first question of the small form."""
    found: dict[str, Any] = form["children"][0]["children"][0]
    return found


def put(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    """A defect in the first question."""
    return lambda form: first(form).update({name: value})


def deeper(form: dict[str, Any]) -> None:
    """Groups in groups in groups."""
    for depth in range(8):
        form["children"] = [
            {"kind": "group", "name": f"g{depth}", "label": {"en": "g"}, "children": form["children"]}
        ]


DEFECTS: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("format 1", lambda form: form.update(format=2)),
    ("whole number", lambda form: form.update(version="1")),
    ("whole number", lambda form: form.update(version=True)),
    ("id must match", lambda form: form.update(id="../x")),
    ("unknown entry 'extra'", lambda form: form.update(extra=1)),
    ("children must be a list", lambda form: form.update(children=[])),
    ("expected an object", lambda form: form.update(children=[1])),
    ("title: no kind of question 'video'", put("kind", "video")),
    ("no lane 'secret'", put("lane", "secret")),
    ("lane is missing", lambda form: first(form).pop("lane")),
    ("label must give words", put("label", {})),
    ("label must give words", put("label", {"en": 1})),
    ("label must give words", put("label", "Title")),
    ("required must be true or false", put("required", "yes")),
    ("unknown entry 'requierd'", put("requierd", True)),
    ("name must match", put("name", "Title")),
    ("two questions are called 'asked'", put("name", "asked")),
    ("both a repeat and a question", put("name", "sources")),
    ("relevant: cannot read", put("relevant", "${")),
    ("asks? for 'nobody'", put("relevant", "${nobody} = 1")),
    ("it could tell who a source is", put("tells", "source")),
    ("a list of choices belongs", put("choices", "yesno")),
    ("a list of choices belongs", lambda form: form["children"][0]["children"][1].pop("choices")),
    ("no list of choices 'no'", lambda form: form["children"][0]["children"][1].update(choices="no")),
    ("same code twice", lambda form: form["choices"]["yesno"].append(form["choices"]["yesno"][0])),
    ("code must match", lambda form: form["choices"]["yesno"][0].update(code="YES")),
    ("same name", lambda form: form["children"][1].update(name="core")),
    (
        "repeat cannot hold another",
        lambda form: form["children"][2]["children"].append(copy.deepcopy(form["children"][2])),
    ),
    ("key is missing", lambda form: form["children"][2].pop("key")),
    ("must be a code question", lambda form: form["children"][2].update(key="src_name")),
    ("must be a code question", lambda form: form["children"][2].update(key="title")),
    ("key must be in main", lambda form: form["children"][2]["children"][0].update(lane="sources")),
    ("key must be required", lambda form: form["children"][2]["children"][0].update(required=False)),
    ("nest at most", deeper),
    ("languages must be", lambda form: form.update(languages=[])),
    ("1 to 2000 characters", put("appearance", "x" * 2_001)),
]


@pytest.mark.parametrize(("why", "spoil"), DEFECTS)
def test_one_defect_is_enough(why: str, spoil: Callable[[dict[str, Any]], object]) -> None:
    """A definition with one defect is refused, saying where."""
    data = definition()
    load(data)
    spoil(data)
    with pytest.raises(FormError, match=why):
        load(data)


def test_too_many_questions() -> None:
    """A form of thousands of questions is refused before it slows a small laptop."""
    data = definition()
    question = data["children"][3]
    data["children"] = [
        {
            "kind": "group",
            "name": f"g{page}",
            "label": {"en": "g"},
            "children": [{**question, "name": f"q{page}_{number}"} for number in range(1_500)],
        }
        for page in range(2)
    ]
    with pytest.raises(FormError, match="at most 2000 questions"):
        load(data)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff", b"[1]", b"null", b"[" * 100_000, b" " * (MAX_FORM_BYTES + 1)]
)
def test_what_is_no_definition(raw: bytes) -> None:
    """Bytes that are no definition at all."""
    with pytest.raises(FormError):
        load_form(raw)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
entries = st.sampled_from(
    [*definition(), "kind", "name", "label", "lane", "choices", "relevant", "key", "children"]
)


@given(st.lists(st.tuples(st.lists(st.integers(0, 3), max_size=3), entries, junk), min_size=1, max_size=3))
def test_mutated_definitions_raise_only_form_error(changes: list[tuple[list[int], str, object]]) -> None:
    """Whatever is changed, the answer is a form or FormError."""
    data = definition()
    for path, name, value in changes:
        target: Any = data
        for step in path:
            children = target.get("children")
            if isinstance(children, list) and step < len(children) and isinstance(children[step], dict):
                target = children[step]
        target[name] = value
    try:
        load(data)
    except FormError:
        return
