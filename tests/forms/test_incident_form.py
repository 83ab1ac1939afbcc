"""The built-in form: compiled from its source, complete, and safe for those who speak."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path as File

import pytest

from fieldkit.forms.builtin import incident_form
from fieldkit.forms.definition import FormError, Kind, Repeat
from fieldkit.forms.loading import load_form
from fieldkit.forms.writer import Writer
from fieldkit.forms.xlsform import compile_form, main
from fieldkit.model.ids import Lane
from fieldkit.model.values import Path

FORM = incident_form()
FOLDER = File(str(resources.files("fieldkit.forms")))

PEOPLE = ("", "_civ", "_child", "_women")
COUNTS = [f"{count}{of}" for count in ("killed", "injured", "detained", "missing") for of in PEOPLE]

EVERYTHING = {
    "event": "title kind start end narrative reason part_of linked urgency unknown count_note",
    "place": "gov district subdist town place lat lon precision publish pcode pcode_set control",
    "counts": " ".join(COUNTS),
    "acts": "act a_kind a_victim a_perp a_method a_when a_status a_claim",
    "arrest": "arr_party arr_warrant arr_from arr_held arr_ack arr_family arr_release arr_terms",
    "killing": "kill_cause kill_body kill_burial kill_papers",
    "attack": "att_target att_protected att_weapon att_remnants att_warning att_losses",
    "victims": "vic v_type v_unid v_body v_desc v_sex v_age v_home v_job v_status v_named",
    "names": "v_name_ar v_name v_father v_mother v_nick",
    "perps": "perp p_party p_unit p_name p_rank p_role p_basis p_conf",
    "sources": "src src_name src_contact src_relation src_how src_said src_material src_rel src_info",
    "protection": "src_risk src_protect src_again src_testify",
    "consents": "con con_asked con_by con_how con_when con_limits con_off",
    "permissions": "con_store con_partners con_courts con_anon con_named con_image",
    "evidence": "ev ev_name ev_sha ev_size ev_type ev_when ev_where ev_by ev_orig ev_edited ev_from",
    "custody": "ev_got ev_how ev_custody ev_meta ev_clean ev_graphic ev_risk",
    "review": "r_state r_verify r_corr r_dup r_public r_assigned r_questions",
}
"""What the built-in form must ask, block by block. A published name is never taken back."""

WHO = ("name of the source", "identity", "contact", "captured by", "captured where", "obtained from",
       "custody", "file name", "asked by", "person asked", "source", "relation to", "testify")  # fmt: skip
"""Words of a label that mean: the answer could tell who supplied, filmed or consented."""

ABOUT_SOMEONE_ELSE = {"arr_family"}
"""Contact of a prisoner with the family."""


def test_compiles_to_the_committed_file() -> None:
    """The file the program reads is what `make form` makes of the source, byte for byte."""
    assert compile_form(FOLDER / "incident.md") == (FOLDER / "incident.json").read_bytes()


def test_make_form_writes_the_file_anew(tmp_path: File) -> None:
    """The command leaves exactly what the test above compares."""
    shutil.copy(FOLDER / "incident.md", tmp_path)
    assert main(tmp_path) == 0
    assert (tmp_path / "incident.json").read_bytes() == (FOLDER / "incident.json").read_bytes()


@pytest.mark.parametrize("block", EVERYTHING)
def test_every_item_has_a_home(block: str) -> None:
    """Nothing the report needs is missing."""
    assert set(EVERYTHING[block].split()) <= set(FORM.placed)


def test_repeats() -> None:
    """Acts, victims, alleged perpetrators, sources, consents, evidence; each tied together by a code."""
    assert FORM.keys() == {
        "acts": "act", "victims": "vic", "perps": "perp", "sources": "src", "consents": "con",
        "evidence": "ev",
    }  # fmt: skip


def test_a_report_is_useful_after_fifteen_seconds() -> None:
    """What, when, where, text: nothing else is required outside repeats."""
    required = {
        place.question.name for place in FORM.placed.values() if place.question.required and not place.repeat
    }
    assert required == {"title", "kind", "start", "gov", "narrative"}


@pytest.mark.parametrize("name", FORM.placed)
def test_no_one_who_speaks_is_named_in_main(name: str) -> None:
    """In main, a question that could tell who supplied, filmed or consented takes a code."""
    question = FORM.placed[name].question
    label = question.label["en"].lower()
    speaks = bool(question.tells) or any(word in label for word in WHO)
    if speaks and question.lane is Lane.MAIN and name not in ABOUT_SOMEONE_ELSE:
        assert question.kind is Kind.CODE


def test_everything_of_a_source_but_the_code_is_protected() -> None:
    """Main holds the code of a source and nothing else of it."""
    in_main = [
        place.question.name
        for place in FORM.placed.values()
        if place.repeat and place.repeat.name == "sources" and place.question.lane is Lane.MAIN
    ]
    assert in_main == ["src"]


def test_the_walk_would_notice() -> None:
    """A source's name put in main does not even load."""
    raw = (FOLDER / "incident.json").read_text(encoding="utf-8")
    line = next(line for line in raw.splitlines() if '"name": "src_name"' in line)
    spoiled = raw.replace(line, line.replace('"lane": "sources"', '"lane": "main"'))
    assert spoiled != raw
    with pytest.raises(FormError, match="src_name: it could tell who a source is"):
        load_form(spoiled.encode())


def test_every_word_is_there_in_both_languages() -> None:
    """English and Arabic, labels and hints and choices."""
    assert set(FORM.languages) == {"ar", "en"}
    for question in FORM.questions():
        assert set(question.label) == {"ar", "en"}
        assert set(question.hint) in (set(), {"ar", "en"})
    for choices in FORM.choices.values():
        assert all(set(choice.label) == {"ar", "en"} for choice in choices)


def test_every_list_is_used_and_short() -> None:
    """A list nobody asks for is a mistake; a long one is not read."""
    used = {question.choices for question in FORM.questions()} - {""}
    assert set(FORM.choices) == used
    assert max(len(choices) for choices in FORM.choices.values()) <= 20


def test_parties_stand_in_no_order_of_blame() -> None:
    """Alphabetical by their English labels; unknown and other at the end."""
    labels = [choice.label["en"] for choice in FORM.choices["parties"]]
    assert labels[:-2] == sorted(labels[:-2])
    assert labels[-2:] == ["Unknown", "Other"]


def test_micro_thesaurus_numbers_are_numbers() -> None:
    """The mapping code is the number of a micro-thesaurus, or blank."""
    numbers = {choice.thesaurus for choices in FORM.choices.values() for choice in choices}
    assert all(number.isdecimal() and 1 <= int(number) <= 48 for number in numbers - {""})
    assert {choice.thesaurus for choice in FORM.choices["acts"]} == {"4"}


SPOILED = [
    ("| text | title |", "| video | title |"),
    ("| main | date | |", "| main | moment | |"),
    ("| text | src_name |", "| text | src-name |"),
    ("label::Arabic (ar)", "label::Arabic"),
    ("| sources | | source |", "| hidden | | source |"),
    ("hint::Arabic (ar)", "remark"),
    ("label::English (en) | label::Arabic (ar) | hint", "label | remark | hint"),
]


@pytest.mark.parametrize(("old", "new"), SPOILED)
def test_a_spoiled_source_does_not_compile(tmp_path: File, old: str, new: str) -> None:
    """A mistake in the source is an error of the build, not of a reporter's laptop."""
    text = (FOLDER / "incident.md").read_text(encoding="utf-8")
    assert old in text
    spoiled = tmp_path / "incident.md"
    spoiled.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FormError):
        compile_form(spoiled)


def test_repeats_hold_no_repeats() -> None:
    """Items are tied together by codes instead, so that each lane can carry its part."""
    for repeat in FORM.repeats():
        assert not any(isinstance(child, Repeat) for child in repeat.children)


@pytest.mark.parametrize("count", ["killed", "injured", "detained", "missing"])
@pytest.mark.parametrize(
    ("whole", "part", "wrong"),
    [
        ("3", "26 or more", True),
        ("3-5", "6", True),
        ("up to 5", "6 or more", True),
        ("3-5", "4-9", False),
        ("3", "3", False),
        ("more than 25", "400", False),
        ("dozens", "400", False),
    ],
)
def test_no_part_is_more_than_its_whole(count: str, whole: str, part: str, wrong: bool) -> None:
    """26 children among 3 people are told, for every count and every part, and only what cannot be."""
    for kind in PEOPLE[1:]:
        one = Writer(FORM, {})
        one.write((count,), "1")
        one.write((f"{count}{kind}",), part)
        one.write((count,), whole)
        found = {problem.place: problem for problem in one.problems()}
        message = found[(f"{count}{kind}",)].message if (f"{count}{kind}",) in found else ""
        assert message.startswith("More than all under") == wrong


def test_nobody_has_no_parts() -> None:
    """Of a zero nobody is asked how many were children."""
    for count in ("killed", "injured", "detained", "missing"):
        one = Writer(FORM, {})
        for typed, asked in (("0", False), ("0-3", True), ("1", True), ("", False)):
            one.write((count,), typed)
            assert (one.field((f"{count}_child",)) is not None) == asked


def test_what_comes_up_stands_below_what_was_there() -> None:
    """Counting people moves no question up: who goes on by Tab meets the question that stood next."""
    one = Writer(FORM, {})
    before = [field.place for field in one.fields("counts")]
    for place in before[:4]:
        one.write(place, "7")
        assert [field.place for field in one.fields("counts")][: len(before)] == before


@pytest.mark.parametrize(
    ("place", "typed", "code"),
    [
        (("kind",), "shooting", "attack"),
        (("kind",), "kidnap", "abduction"),
        (("kind",), "bombing", "air_strike"),
        (("kind",), "bombing", "explosive"),
        (("kind",), "رصاص", "attack"),
        (("acts", 0, "a_kind"), "murder", "killing"),
        (("perps", 0, "p_party"), "daesh", "is"),
        (("perps", 0, "p_party"), "Islamic", "opposition"),
        (("perps", 0, "p_party"), "Islamic", "is"),
    ],
)
def test_words_people_use_find_the_entry(place: Path, typed: str, code: str) -> None:
    """A list is searched by what people say, not by its labels alone; a word of several names none."""
    one = Writer(FORM, {"acts": [{"act": "A1"}], "perps": [{"perp": "P1"}]})
    assert code in [option.code for option in one.options(place, typed)]


def test_words_for_looking_up_are_in_no_way_the_entry() -> None:
    """What is typed and not chosen is not read as the entry it would find."""
    one = Writer(FORM, {})
    one.write(("kind",), "shooting")
    assert one.snapshot().answers == {} and one.snapshot().unread == {("kind",): "shooting"}
