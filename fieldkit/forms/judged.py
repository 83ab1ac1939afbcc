"""A report judged at one moment: which questions are asked where, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from fieldkit.forms.definition import Form
from fieldkit.forms.filling import Asked, Filling
from fieldkit.forms.problems import Fault, Problem
from fieldkit.forms.steps import State
from fieldkit.forms.unread import unread_problems
from fieldkit.model.values import Answers, Path, items_of


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One state of a report."""

    form: Form
    state: State = field(repr=False)
    today: date

    @cached_property
    def asked(self) -> dict[Path, Asked]:
        """Every question asked now by its place, in the order of the form."""
        return {asked.place: asked for asked in Filling(form=self.form, answers=self.state.answers).asked()}

    @cached_property
    def problems(self) -> dict[Path, Problem]:
        """What stands between this and a finished report, one problem a place, in the order of the form."""
        filling = Filling(form=self.form, answers=self.state.answers)
        found = {problem.place: problem for problem in reversed(filling.problems())}
        for problem in unread_problems(self.form, self.state.unread, self.today):
            if problem.place in self.asked:
                found[problem.place] = problem
        order = {place: number for number, place in enumerate(self.asked)}
        ranked = sorted(found, key=lambda place: (order.get(place, len(order)), str(place)))
        return {place: found[place] for place in ranked}

    @cached_property
    def left_out(self) -> tuple[Path, ...]:
        """Places with an answer, or text that could not be read, that are not asked for now."""
        written = [*answered(self.state.answers), *self.state.unread]
        return tuple(place for place in dict.fromkeys(written) if place not in self.asked)

    def kept(self) -> Answers:
        """The answers that will be signed: those asked for now, in the order of the form."""
        return Filling(form=self.form, answers=self.state.answers).kept()

    def wrong(self, place: Path) -> bool:
        """Whether something there is wrong, more than missing."""
        problem = self.problems.get(place)
        return problem is not None and problem.fault is not Fault.MISSING


def answered(answers: Answers) -> Iterator[Path]:
    """The places of all answers, those in items of repeats included."""
    for name, value in answers.items():
        items = items_of(answers, name)
        if not items or len(items) != len(value if isinstance(value, list) else ()):
            yield (name,)
            continue
        for number, item in enumerate(items):
            yield from ((name, number, inner) for inner in item)
