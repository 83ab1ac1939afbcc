"""Writing in a form: pages, fields, choices, what is typed, and the way back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.forms.builtin import incident_form
from fieldkit.forms.problems import Fault
from fieldkit.forms.views import Mark
from fieldkit.forms.writer import Writer
from fieldkit.model.values import Answers, Path, items_of

FORM = incident_form()
TODAY = date(2026, 11, 23)


def writer(answers: Answers | None = None, **more: str) -> Writer:
    """A writer on a Monday."""
    return Writer(FORM, answers or {}, today=lambda: TODAY, **more)  # type: ignore[arg-type]


def typed(one: Writer, place: Path) -> str:
    """What an editor shows at a place."""
    field = one.field(place)
    assert field is not None
    return field.typed


def test_pages_are_those_of_the_form() -> None:
    """Top-level groups and repeats in order, with what each still wants."""
    one = writer()
    pages = {page.name: page for page in one.pages()}
    assert [*pages][:5] == ["core", "where", "context", "counts", "acts"]
    core = pages["core"]
    assert (core.label, core.mark, core.answered, core.required_left) == ("What happened", Mark.EMPTY, 0, 5)
    assert pages["victims"].repeat and pages["victims"].items == 0
    one.write(("title",), "x")
    assert one.pages()[0].mark is Mark.BEGUN
    one.write(("start",), "no date at all")
    assert one.pages()[0].mark is Mark.PROBLEM
    assert writer(language="ar").pages()[0].label == "ماذا حدث"


MEANINGS = [
    (("start",), "about 3 Aug", "about 3 August 2026"),
    (("start",), "last Friday", "20 November 2026"),
    (("start",), "٣ آب ٢٠٢٦", "3 August 2026"),
    (("start",), "3 to 5 Aug 2026", "3 August 2026 to 5 August 2026"),
    (("start",), "3/8/2026", "one day in some places"),
    (("start",), "Friday 3 Aug 2026", "is a Monday"),
    (("start",), "3 Au", "Write it like"),
    (("start",), "", ""),
    (("killed",), "about 30", "27-33"),
    (("killed",), "at least 5", "5 or more"),
    (("killed",), "≤٥", "up to 5"),
    (("killed",), "dozens", "Write 25"),
    (("kind",), "shelling", "Artillery or rocket fire"),
    (("lat",), "36.5", "36.5°"),
    (("title",), "anything", ""),
    (("nobody",), "anything", ""),
]


@pytest.mark.parametrize(("place", "text", "said"), MEANINGS)
def test_meaning(place: Path, text: str, said: str) -> None:
    """How it would be read, in words, or what is expected."""
    told = writer().meaning(place, text)
    assert said in told and bool(said) == bool(told)


def test_what_cannot_be_read_stays_as_typed() -> None:
    """It is shown again letter by letter, is a problem with something to do, and goes when mended."""
    one = writer({"start": ["2026-08"]})
    change = one.write(("start",), "3/8/2026 ")
    assert ("start",) in change.places
    assert typed(one, ("start",)) == "3/8/2026 "
    said = one.snapshot()
    assert dict(said.unread) == {("start",): "3/8/2026 "} and "start" not in said.answers
    problem = next(problem for problem in one.problems() if problem.place == ("start",))
    assert problem.fault is Fault.UNREAD and problem.message and problem.hint
    one.write(("start",), "3 Aug 2026")
    assert not one.snapshot().unread and one.snapshot().answers["start"] == ["2026-08-03", "3 Aug 2026"]
    one.undo()
    assert typed(one, ("start",)) == "2026-08"


def test_typing_in_one_go_is_one_step() -> None:
    """Letters of one field are one step; another field, or leaving it, begins the next."""
    one = writer()
    for text in ("s", "sh", "she"):
        one.write(("title",), text)
    one.write(("gov",), "x")
    one.pause()
    one.write(("gov",), "xy")
    seen = [one.snapshot().answers]
    while one.undo():
        seen.append(one.snapshot().answers)
    assert seen == [{"title": "she", "gov": "xy"}, {"title": "she", "gov": "x"}, {"title": "she"}, {}]
    assert one.redo() and one.snapshot().answers == {"title": "she"} and one.can_redo


def typed_in(writer: Writer, place: Path, text: str, *, onto: str = "") -> None:
    """Letter by letter, as a field tells it."""
    for letter in text:
        onto += letter
        writer.write(place, onto)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("two men", ["two men"]),
        ("one. two", ["one. two", "one."]),
        ("one\ntwo\n", ["one\ntwo", "one"]),
        ("ثلاثة؟ اربعة", ["ثلاثة؟ اربعة", "ثلاثة؟"]),
    ],
)
def test_an_account_is_taken_back_a_sentence_at_a_time(text: str, steps: list[str]) -> None:
    """Never all that was written since the field was entered."""
    writer = Writer(incident_form(), {})
    typed_in(writer, ("narrative",), text)
    seen = []
    while answer := writer.snapshot().answers.get("narrative"):
        seen.append(answer)
        writer.undo()
    assert seen == steps


def test_letters_that_come_together_are_typed_all_the_same() -> None:
    """A busy laptop tells several letters at once: they share a step as if each had come by itself."""
    writer, place = Writer(incident_form(), {}), ("narrative",)
    for text in ("two", "two men w", "two men were"):
        writer.write(place, text)
    writer.undo()
    assert writer.snapshot().answers == {}


def test_a_paste_is_a_step_of_its_own() -> None:
    """What was typed before it and after it is taken back without it."""
    writer, place = Writer(incident_form(), {}), ("narrative",)
    typed_in(writer, place, "ab")
    writer.write(place, "ab a long piece that was pasted")
    typed_in(writer, place, "xy", onto="ab a long piece that was pasted")
    seen = []
    while writer.undo() is not None:
        seen.append(writer.snapshot().answers.get("narrative"))
    assert seen == ["ab a long piece that was pasted", "ab", None]
    writer.redo(), writer.redo(), writer.redo()
    assert writer.snapshot().answers["narrative"] == "ab a long piece that was pastedxy"


def test_a_letter_typed_is_shown_as_typed() -> None:
    """What is being typed is not written again in another way until the field is left."""
    one = writer()
    one.write(("killed",), "three ")
    assert typed(one, ("killed",)) == "three "
    one.pause()
    assert typed(one, ("killed",)) == "3"


def test_the_same_again_is_no_change() -> None:
    """Nothing is stored anew for it, and no step is added."""
    one = writer({"title": "x"})
    before = one.stamp
    assert not one.write(("title",), "x").reshaped
    assert one.stamp == before and not one.can_undo


def test_relevance_follows() -> None:
    """Questions come and go with what is answered; what was answered there comes back with them."""
    one = writer()
    assert one.field(("killed_civ",)) is None
    change = one.write(("killed",), "3")
    assert change.reshaped and ("killed_civ",) in change.places
    one.write(("killed_civ",), "2")
    assert one.write(("killed",), "").reshaped and one.field(("killed_civ",)) is None
    one.write(("killed",), "3")
    assert typed(one, ("killed_civ",)) == "2"


def test_unread_text_where_nothing_is_asked_is_no_problem() -> None:
    """Nobody could mend it there; it comes back with its question."""
    one = writer({"killed": {"min": 3, "max": 3}})
    one.write(("killed_civ",), "dozens")
    one.write(("killed",), "")
    assert ("killed_civ",) not in [problem.place for problem in one.problems()]
    one.write(("killed",), "3")
    assert typed(one, ("killed_civ",)) == "dozens"


def test_who_is_named_before_there_is_an_item() -> None:
    """The words are those of the pages; a new item takes no code that is named, and says how to be it."""
    one = writer()
    one.add("acts")
    one.write(("acts", 0, "a_victim"), "V1, V2")
    (problem,) = (problem for problem in one.problems() if problem.fault is Fault.DANGLING)
    assert "on the page Victims" in problem.message and "item of" not in str(problem)
    added = one.add("victims")
    assert added.said == "V3 added. If it is one that is named already (V1, V2), type that code instead"
    one.write(("victims", 0, "vic"), "V1")
    assert one.add("victims").said.endswith("already (V2), type that code instead")
    one.write(("victims", 1, "vic"), "V2")
    assert Fault.DANGLING not in {problem.fault for problem in one.problems()}
    assert one.add("victims").said == "V3 added"


def test_items_have_codes_of_their_own() -> None:
    """A new item gets the next code, never one that is named anywhere."""
    one = writer()
    assert "V1 added" in one.add("victims").said
    one.add("victims")
    one.write(("victims", 0, "v_name"), "Example")
    one.write(("victims", 0, "v_age"), "old")
    one.write(("victims", 0, "v_type"), "person")
    one.write(("victims", 0, "v_age"), "old")
    one.duplicate("victims", 0)
    assert [card.code for card in one.cards("victims")] == ["V1", "V3", "V2"]
    assert typed(one, ("victims", 1, "v_age")) == "old", "what could not be read is copied, too"
    said = one.delete("victims", 2).said
    assert "V2 taken out" in said
    one.move("victims", 0, 1)
    assert [card.code for card in one.cards("victims")] == ["V3", "V1"]
    assert "Example" in one.cards("victims")[0].label
    for expected in (["V1", "V3"], ["V1", "V3", "V2"], ["V1", "V2"]):
        assert one.undo() is not None
        assert [card.code for card in one.cards("victims")] == expected


@pytest.mark.parametrize("act", ["duplicate", "delete"])
def test_items_that_are_not_there(act: str) -> None:
    """Nothing happens."""
    one = writer()
    assert getattr(one, act)("victims", 3).said == "" and one.stamp == 0
    assert one.move("victims", 0, 1).said == "" and one.add("nobody").said == ""


OPTIONS = [
    ("shell", "shelling"),
    ("SHELL", "shelling"),
    ("قصف", "shelling"),
]


@pytest.mark.parametrize(("text", "code"), OPTIONS)
def test_options_by_what_is_typed(text: str, code: str) -> None:
    """In any language and script."""
    assert code in [option.code for option in writer().options(("kind",), text)]


def test_chosen_options_say_so() -> None:
    """Codes, labels, several with commas: all are read as the same."""
    one = writer()
    one.write(("kind",), ["shelling"])
    assert [option.code for option in one.options(("kind",)) if option.chosen] == ["shelling"]
    assert one.options(("kind",), "nothing is called this") == ()


def test_problems_go_round() -> None:
    """The next problem, the one before, and the first again after the last."""
    one = writer()
    places = [problem.place for problem in one.problems()]
    assert one.next_problem(None) == places[0] and one.next_problem(None, back=True) == places[-1]
    seen = [one.next_problem(None)]
    for _ in places:
        seen.append(one.next_problem(seen[-1]))
    assert seen == [*places, places[0]]
    assert one.next_problem(places[0], back=True) == places[-1]
    assert one.next_problem(("town",)) == places[0]


@given(
    st.sampled_from(sorted(FORM.placed)),
    st.text(max_size=60) | st.lists(st.text(max_size=5), max_size=3) | st.none() | st.integers(),
)
def test_nothing_a_person_types_is_refused_or_lost(name: str, given_: object) -> None:
    """Whatever is typed is an answer, or is kept as typed and is a problem; undo brings back what was."""
    repeat = FORM.placed[name].repeat
    one = writer({repeat.name: [{}]} if repeat else {})
    place: Path = (repeat.name, 0, name) if repeat else (name,)
    one.write(place, given_)
    one.pages()
    said = one.snapshot()
    answers = items_of(said.answers, repeat.name)[0] if repeat else said.answers
    if place in said.unread:
        assert name not in answers and said.unread[place]
    elif isinstance(given_, str) and any(letter.isalnum() for letter in given_):
        assert name in answers
    while one.undo():
        pass
    assert one.snapshot().answers == ({repeat.name: [{}]} if repeat else {})
