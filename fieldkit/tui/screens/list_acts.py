"""What the list does to reports: it says so first, does it in a worker, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.screen import Screen

from fieldkit.tui import keymap, list_words
from fieldkit.tui.list_words import Plan
from fieldkit.tui.messages import Acted, Begun, Refused
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.reports import Line, Outcome
from fieldkit.tui.ports.trouble import Trouble


class ActsOnReports(Screen[None]):
    """A screen with reports that keys act on. Whoever extends it says which are meant, and shows them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.EDIT,
        keymap.DUPLICATE,
        keymap.DISCARD,
        keymap.WITHDRAW,
        keymap.HISTORY,
        keymap.HASTEN,
        keymap.BRING_BACK,
    ]
    _desk: Desk

    def meant(self) -> tuple[Line, ...]:
        """The reports a key acts on."""
        raise NotImplementedError

    def one_meant(self) -> Line | None:
        """The report a key acts on that needs one."""
        raise NotImplementedError

    def reread(self) -> None:
        """Show what is there now."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """A line of talk."""
        raise NotImplementedError

    def on_acted(self, event: Acted) -> None:
        """Say what was done, and show it."""
        self.say(event.said)
        self.reread()

    def on_begun(self, event: Begun) -> None:
        """Write on."""
        if event.said:
            self.say(event.said)
        self.write_on(event.number)

    def write_on(self, number: int) -> None:
        """Open the form."""
        from fieldkit.tui.screens.form import FormScreen  # not before it is needed: the list comes first

        self.app.push_screen(FormScreen(self._desk, number))

    def action_edit(self) -> None:
        """Write on in the form; of a report that was taken back, say first what that means."""
        line = self.one_meant()
        if line is None:
            return
        said = list_words.before_changing(line)
        if said:
            self._ask(f"Change report {line.number:04d}?", said, lambda _: self.write_on(line.number))
        else:
            self.write_on(line.number)

    def action_duplicate(self) -> None:
        """Begin a report with what this one says."""
        line = self.one_meant()
        if line is not None:
            self._duplicate(line.number)

    def action_history(self) -> None:
        """What changed, and when."""
        from fieldkit.tui.screens.history import HistoryScreen

        line = self.one_meant()
        if line is not None:
            self.app.push_screen(HistoryScreen(self._desk, line.number))

    def action_discard(self) -> None:
        """Throw drafts away."""
        meant = self.meant()
        self._plan(
            list_words.discarding(meant),
            list_words.NOTHING_TO_DISCARD,
            lambda numbers, _: self._desk.reports.discard(numbers),
            list_words.discarded_what(meant),
            list_words.UNDO_WORDS,
            discards=True,
        )

    def action_withdraw(self) -> None:
        """Take sent reports back."""
        self._plan(
            list_words.withdrawing(self.meant()),
            list_words.NOTHING_TO_WITHDRAW,
            self._desk_withdraw,
            "Withdrew",
            "Nothing was deleted. Until the withdrawal is sent, it counts for whoever has it",
            field=list_words.REASON,
        )

    def action_hasten(self) -> None:
        """Mark as urgent."""
        self._plan(
            list_words.hastening(self.meant()),
            list_words.NOTHING_TO_HASTEN,
            lambda numbers, _: self._desk.reports.mark_urgent(numbers),
            "Marked as urgent:",
        )

    @work(thread=True, exclusive=True, group="act")
    def action_bring_back(self) -> None:
        """Bring the last discarded draft back."""
        try:
            number = self._desk.reports.bring_back()
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
        else:
            said = f"Draft {number:04d} is back, as it was."
            self.post_message(Acted(said, Outcome(done=(number,))))

    def _desk_withdraw(self, numbers: tuple[int, ...], reason: str) -> Outcome:
        return self._desk.reports.withdraw(numbers, reason)

    def _plan(
        self,
        plan: Plan,
        nothing: str,
        act: Callable[[tuple[int, ...], str], Outcome],
        verb: str,
        after: str = "",
        *,
        field: str = "",
        discards: bool = False,
    ) -> None:
        if not plan.lines:
            self.say(nothing)
            return
        numbers = tuple(line.number for line in plan.lines)
        self._ask(
            plan.question,
            plan.sentences,
            lambda typed: self._do(lambda: act(numbers, typed), verb, after, discards=discards),
            field=field,
        )

    def _ask(self, question: str, sentences: str, yes: Callable[[str], object], *, field: str = "") -> None:
        from fieldkit.tui.screens.ask import AskScreen

        def answered(typed: str | None) -> None:
            if typed is not None:
                yes(typed)

        self.app.push_screen(AskScreen(question, sentences, field=field), answered)

    @work(thread=True, exclusive=True, group="act")
    def _do(self, act: Callable[[], Outcome], verb: str, after: str, *, discards: bool) -> None:
        try:
            outcome = act()
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
        else:
            self.post_message(Acted(list_words.did(verb, outcome, after), outcome, discards))

    @work(thread=True, exclusive=True, group="act")
    def _duplicate(self, number: int) -> None:
        try:
            new = self._desk.reports.duplicate(number)
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))
        else:
            self.post_message(Begun(new, f"Draft {new:04d} begins with what {number:04d} says."))
