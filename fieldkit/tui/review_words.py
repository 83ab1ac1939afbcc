"""What the review says of a draft: whether it is ready, who would read what, what sending it costs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from textual.content import Content

from fieldkit.forms.definition import Form
from fieldkit.forms.problems import Fault, Problem
from fieldkit.model.meters import Meters, Publication
from fieldkit.model.text import clean
from fieldkit.model.values import Answers, Path, items_of, text_of
from fieldkit.tui.form_words import sentence
from fieldkit.tui.link_words import at_speed, counted, to_send
from fieldkit.tui.named_sources import names_of_sources
from fieldkit.tui.ports.writing import LaneReview, Review
from fieldkit.tui.report_text import passages

NORMAL = "normal"
"""The urgency nobody needs to be told of."""

NO_MEMBER = (
    "NOT READY: this vault belongs to no organisation yet, and only a member can finish a report. It stays"
    " here as a draft, saved. What to do: join with an invite (^P, Join)."
)
READY = "READY. Nothing is missing. F9 finishes it: it is signed and then waits to be sent."
UNCHANGED = (
    "NOTHING WAS CHANGED since this report was finished, so there is nothing to sign. It stays as it is, and"
    " no draft of it is kept. Esc goes back."
)
TOO_LONG = (
    "NOT READY: it is too long to be sent as one report. What to do: shorten the longest texts, or divide it"
    " into two reports."
)
BRINGS_BACK = (
    "THIS REPORT WAS WITHDRAWN. Finishing it brings it back: it is sent again and counts again. To leave it"
    " withdrawn, go back and discard this draft."
)
NOT_NEEDED = "Both are for the coordinators: finishing needs neither, and a later version can bring them."
FURTHER_DOWN = "Answers that are PROTECTED stand apart, at the end."
HOW = "Enter on a line with ! opens the form there."
NOBODY = "nobody is known yet"

LANES = {
    "main": "THE REPORT, read by the coordinators",
    "sources": "PROTECTED, sealed apart; read only by",
}
"""What a lane is called where its answers begin."""

PUBLICATION = {
    Publication.NAMED: "Publishable: yes, with names.",
    Publication.ANONYMOUS: "Publishable: yes, without names.",
    Publication.WITHHELD: "Publishable: not yet.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the review."""

    text: str = field(repr=False)
    place: Path | None = None
    """Where the form opens when this line is chosen; None where it says something else."""
    stands_out: bool = False


def lines(review: Review, speed: int, language: str, width: int) -> Iterator[Line]:
    """All of it, broken into lines of so many cells. `speed` is bytes a second, 0 when never measured."""
    main = review.lanes[0].answers if review.lanes else {}
    yield from _urgency(review.form, main, language, width)
    yield from broken(verdict(review), width, stands_out=True)
    if review.brings_back:
        yield from broken(BRINGS_BACK, width, stands_out=True)
    for problem in review.problems:
        spot = where(review.form, problem.place, main, language)
        said = f"! {spot}: {_advice(problem, spot)}"
        yield from broken(said, width, place=problem.place)
    for said in _named(review, language):
        yield from broken(said, width, stands_out=True)
    if not review.unchanged:
        yield from broken(cost_words(review, speed), width)
    for said in meter_words(review.meters):
        yield from broken(said, width)
    yield from _left_out(review, main, language, width)
    if len(review.lanes) > 1:
        yield from broken(FURTHER_DOWN, width, stands_out=True)
    for lane in review.lanes:
        yield from _lane(review.form, lane, language, width)


def verdict(review: Review) -> str:
    """Whether it can be finished; if not, why not and what to do."""
    if review.unchanged:
        return UNCHANGED
    if review.problems:
        missing = sum(problem.fault is Fault.MISSING for problem in review.problems)
        wrong = len(review.problems) - missing
        what = [f"{counted(missing, 'answer')} missing"] if missing else []
        what += [f"{counted(wrong, 'answer')} to mend"] if wrong else []
        return f"NOT READY: {' and '.join(what)}. {HOW}"
    if not review.member:
        return NO_MEMBER
    return READY if review.ready else TOO_LONG


def _named(review: Review, language: str) -> Iterator[str]:
    answers = {lane.lane: lane.answers for lane in review.lanes}
    yield from names_of_sources(review.form, answers.get("main", {}), answers.get("sources", {}), language)


def cost_words(review: Review, speed: int) -> str:
    """What it takes to send, in bytes and in time."""
    if review.cost is None:
        return "To send: not known before the above is mended."
    cost = to_send(review.cost, review.beside)
    return f"{cost[0].upper()}{cost[1:]}: {at_speed(review.cost + review.beside, speed)}."


def meter_words(meters: Meters) -> Iterator[str]:
    """Both meters, each with what holds it back, for whoever counts and publishes. They advise, and keep
    nobody from finishing, which is said where something is lacking.
    """
    lacks = ", ".join(meters.missing)
    yield "Countable: yes." if meters.countable.ok else f"Countable: not yet. It lacks {lacks}."
    reasons = "; ".join(clean(reason, one_line=True) for reason in meters.reasons)
    yield f"{PUBLICATION[meters.publishable.level]} {sentence(reasons)}".rstrip()
    if not meters.countable.ok or meters.publishable.level is Publication.WITHHELD:
        yield NOT_NEEDED


def where(form: Form, place: Path, answers: Answers, language: str) -> str:
    """`Victims V2, Sex`: a place in words."""
    placed = form.placed.get(str(place[-1]))
    label = form.words(placed.question.label, language) if placed else str(place[-1])
    if len(place) == 3 and isinstance(place[1], int):
        repeat = form.repeat(str(place[0]))
        items = items_of(answers, str(place[0]))
        code = text_of(items[place[1]], repeat.key) if repeat and place[1] < len(items) else ""
        head = form.words(repeat.label, language) if repeat else str(place[0])
        label = f"{head} {code or place[1] + 1}, {label}"
    return clean(label, one_line=True)


def urgency(form: Form, answers: Answers, language: str) -> str:
    """How urgent it is, in the words of the form; empty where it is not."""
    code, placed = text_of(answers, "urgency"), form.placed.get("urgency")
    choice = form.choice(placed.question, code) if placed and code else None
    return clean(form.words(choice.label, language), one_line=True) if choice and code != NORMAL else ""


def _urgency(form: Form, answers: Answers, language: str, width: int) -> Iterator[Line]:
    word = urgency(form, answers, language)
    if word:
        yield from broken(f"‼ URGENT: {word}. It is sent before what is not.", width, stands_out=True)


def _advice(problem: Problem, spot: str) -> str:
    hint = clean(problem.hint, one_line=True)
    # Of a missing answer the hint is what is asked, which the line says already.
    hint = "" if hint and hint in spot else sentence(hint)
    return f"{sentence(clean(problem.message, one_line=True))} {hint}".rstrip()


def _left_out(review: Review, main: Answers, language: str, width: int) -> Iterator[Line]:
    if review.left_out:
        names = "; ".join(where(review.form, place, main, language) for place in review.left_out)
        count = counted(len(review.left_out), "answer")
        yield from broken(f"Left out: {count} no longer asked for, not sent: {names}.", width)


def _lane(form: Form, lane: LaneReview, language: str, width: int) -> Iterator[Line]:
    readers = ", ".join(clean(name, one_line=True) for name in lane.readers) or NOBODY
    yield Line(text="")
    yield from broken(f"{LANES.get(lane.lane, lane.lane.upper())}: {readers}", width, stands_out=True)
    for passage in passages(form, lane.answers, language):
        indent = "  " * (passage.depth + 1)
        said = passage.label if passage.is_heading else f"{passage.label}: {passage.text}"
        yield from broken(said, width, indent=indent)


def broken(
    text: str, width: int, *, place: Path | None = None, stands_out: bool = False, indent: str = ""
) -> Iterator[Line]:
    """Text as lines; those after the first hang."""
    for number, part in enumerate(Content(text).wrap(max(10, width - len(indent) - 2))):
        hang = indent + ("  " if number else "")
        yield Line(text=hang + part.plain, place=place, stands_out=stands_out)
