"""A report judged as it stands: which questions are asked where, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from fieldkit.forms.answers import REPORTER_LANES
from fieldkit.forms.definition import Form
from fieldkit.forms.filling import kept_of
from fieldkit.forms.problems import Fault, Problem
from fieldkit.forms.steps import State
from fieldkit.forms.unread import unread_problem
from fieldkit.forms.worked import Asked, Worked
from fieldkit.model.ids import Lane
from fieldkit.model.values import Answers, Path, items_of


class Judged:
    """One state of a report after another. What it gives is to be read, not changed."""

    def __init__(
        self,
        *,
        form: Form,
        state: State,
        today: date,
        language: str = "",
        lanes: Collection[Lane] = REPORTER_LANES,
    ) -> None:
        self.form = form
        self.state = state
        self.today = today
        self.worked = Worked(form, state.answers, language=language, lanes=lanes)
        self._problems: dict[Path, Problem] | None = None

    def take(self, state: State, changed: Collection[Path] | None, today: date) -> frozenset[Path]:
        """The next state. `changed` are the places that differ; None where items came, went or moved.

        Gives the places that are asked in one of the two states alone.
        """
        if changed is None:
            before = frozenset(self.asked)
            self.worked.all_again(state.answers)
            turned = before ^ frozenset(self.asked)
        else:
            turned = self.worked.some_again(state.answers, changed)
        self.state, self.today = state, today
        self._problems = None
        return turned

    @property
    def asked(self) -> dict[Path, Asked]:
        """Every question asked now by its place, in the order of the form."""
        return self.worked.asked

    @property
    def problems(self) -> dict[Path, Problem]:
        """What stands between this and a finished report, one problem a place, in the order of the form.

        Text that could not be read counts where its question is asked: elsewhere nobody could mend it, and
        nothing there is sent.
        """
        if self._problems is None:
            self._problems = self._all_problems()
        return self._problems

    def _all_problems(self) -> dict[Path, Problem]:
        found = self.worked.problems
        unread = {place: text for place, text in self.state.unread.items() if place in self.asked}
        if not unread:
            return found
        for place, text in unread.items():
            question = self.asked[place].question
            found[place] = unread_problem(self.form, question, place, text, self.today)
        return {place: found[place] for place in self.asked if place in found}

    @property
    def left_out(self) -> tuple[Path, ...]:
        """Places with an answer, or text that could not be read, that are not asked for now."""
        written = [*answered(self.state.answers), *self.state.unread]
        return tuple(place for place in dict.fromkeys(written) if place not in self.asked)

    def kept(self) -> Answers:
        """The answers that will be signed: those asked for now, in the order of the form."""
        return kept_of(self.asked.values())

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
