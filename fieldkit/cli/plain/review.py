"""A draft looked over in lines before it is finished: who will read what, what is missing, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fieldkit.cli import wording
from fieldkit.cli.report_page import answer_lines, system_language
from fieldkit.model.meters import Publication
from fieldkit.model.text import sentence
from fieldkit.tui.named_sources import names_of_sources
from fieldkit.tui.report_text import passages

if TYPE_CHECKING:
    from fieldkit.actions.reviewing import LaneReview, Review
    from fieldkit.forms.problems import Problem
    from fieldkit.model.values import Path

LEVELS = {
    Publication.NAMED: "as it stands it may be published with names",
    Publication.ANONYMOUS: "as it stands it may be published without names",
    Publication.WITHHELD: "as it stands nothing of it may be published",
}
"""How far a report may go, in words."""


def review_lines(review: Review, width: int | None) -> Iterator[str]:
    """The whole review. What stands in the way comes last, where it is read last."""
    for lane in review.lanes:
        yield from _lane(review, lane, width)
    if review.left_out:
        names = ", ".join(_label(review, place) for place in review.left_out)
        yield from ("", f"Not asked for any more, so not sent and lost with the draft: {names}.")
    yield ""
    yield from _meters(review)
    yield from sources_named(review)
    if review.cost is not None:
        beside = wording.size(review.beside)
        yield f"About {wording.size(review.cost)} to send, and about {beside} for keys and the connection."
    if not review.member:
        yield "It can be finished once this laptop has joined an organisation; the draft stays until then."
    if review.brings_back:
        yield "This report was withdrawn: finishing it brings it back, sent and counted again."
    for problem in review.problems:
        yield f"To be mended: {problem_line(review, problem)}"
    if review.unchanged:
        yield "Nothing was changed since it was finished, so there is nothing to sign."
    elif review.ready:
        yield "Nothing is missing."


def sources_named(review: Review) -> Iterator[str]:
    """Where a word of a source's identity stands in what every reader sees."""
    answers = {lane.lane: lane.answers for lane in review.lanes}
    main, apart = answers.get("main", {}), answers.get("sources", {})
    yield from names_of_sources(review.form, main, apart, system_language())


def problem_line(review: Review, problem: Problem) -> str:
    """`Victims 2, Person, family or group: An answer is required.`."""
    label = _label(review, problem.place)
    return f"{label}: {sentence(problem.message)} {sentence(problem.hint or '')}".rstrip()


def _label(review: Review, place: Path) -> str:
    """`Victims 2, Sex`: a place in the form's own words."""
    placed = review.form.placed.get(str(place[-1]))
    label = review.form.words(placed.question.label, system_language()) if placed else str(place[-1])
    if len(place) == 3 and isinstance(place[1], int):
        repeat = review.form.repeat(str(place[0]))
        words = review.form.words(repeat.label, system_language()) if repeat else str(place[0])
        label = f"{words} {place[1] + 1}, {label}"
    return label


def _lane(review: Review, lane: LaneReview, width: int | None) -> Iterator[str]:
    readers = ", ".join(lane.readers) or "the coordinators of the organisation you will join"
    few = "Who the sources are, for few readers" if lane.lane == "sources" else "The report"
    yield from ("", f"{few}. It will be read by: {readers}.")
    yield from answer_lines(passages(review.form, lane.answers, system_language()), width)


def _meters(review: Review) -> Iterator[str]:
    lacks = review.meters.missing
    yield "It can be counted." if not lacks else f"To be counted it lacks {', '.join(lacks)}."
    why = f": {'; '.join(review.meters.reasons)}" if review.meters.reasons else ""
    level = LEVELS[review.meters.publishable.level]
    yield f"{level[0].upper()}{level[1:]}{why}."
