"""The questions of a page or an item in lines: one after the other, back and forth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial

from fieldkit.cli.plain import questions
from fieldkit.cli.plain.keeping import SAVED, Keeping
from fieldkit.cli.plain.lines import LineCut, Lines
from fieldkit.cli.plain.long_text import LongText
from fieldkit.forms.views import Change, Field
from fieldkit.forms.writer import Writer
from fieldkit.model.values import Path


class Turn(Enum):
    """Where to go from a question."""

    ON = auto()
    BACK = auto()
    PAGE_ON = auto()
    PAGE_BACK = auto()
    JUMP = auto()
    """To the place that is wanted."""
    STAY = auto()
    LEAVE = auto()


TURNS = {
    "": Turn.ON,
    ">": Turn.ON,
    "<": Turn.BACK,
    ">>": Turn.PAGE_ON,
    "<<": Turn.PAGE_BACK,
    ".": Turn.LEAVE,
}
"""Lines that only go somewhere."""


UNDO, REDO = "/u", "/r"
"""Take the last change back, or the taking back."""

END_OF_TEXT = "."
"""Alone on a line, ends a long text."""

SHOWN_END = 40
"""Characters shown of the end of a line that was cut."""


@dataclass(slots=True)
class Asking:
    """Asks, and has each answer stored before the next question."""

    lines: Lines = field(repr=False)
    keeping: Keeping = field(repr=False)
    wanted: Path | None = None
    """Where to go, when that is not the next question."""
    from_behind: bool = False
    """Whether a page is entered at its last question."""

    @property
    def writer(self) -> Writer:
        """The report."""
        return self.keeping.writer

    def walk(self, fields: Callable[[], Sequence[Field]]) -> Turn:
        """Ask the questions of a page or an item. Raises Ended, Idle, KeyboardInterrupt."""
        there = fields()
        if not there:
            return Turn.ON
        place, again = self._start(there), False
        while True:
            places = [one.place for one in there]
            at = places.index(place)
            turn = self._ask(there[at], again=again)
            there = fields()
            # An answer may have taken questions away, even the one that was answered.
            after = [one.place for one in there]
            here = after.index(place) if place in after else min(at, len(after)) - 1
            again = turn is Turn.STAY and place in after
            if again:
                continue
            if turn in (Turn.ON, Turn.STAY) and here + 1 < len(after):
                place = after[here + 1]
            elif turn is Turn.BACK and here > 0:
                place = after[here - 1]
            else:
                return Turn.ON if turn is Turn.STAY else turn

    def _start(self, fields: Sequence[Field]) -> Path:
        wanted, self.wanted = self.wanted, None
        behind, self.from_behind = self.from_behind, False
        found = next((one.place for one in fields if one.place == wanted), None)
        return found or fields[-1 if behind else 0].place

    def _ask(self, shown: Field, *, again: bool) -> Turn:
        """One question."""
        if shown.calculated:
            self.lines.say(questions.prompt(shown))
            return Turn.ON
        if not again:
            if shown.heading:
                self.lines.say("", f"{shown.heading}:")
            if shown.hint:
                self.lines.say(f"  {shown.hint}")
            self.lines.say(*questions.offered(shown, self.writer.options(shown.place)))
            if shown.problem and shown.typed:
                self.lines.say(f"To be mended: {questions.problem_of(shown)}")
        if shown.question.appearance == questions.MULTILINE:
            return self._long(shown)
        typed = self.typed(questions.prompt(shown))
        turn = self._sign(shown, typed)
        return self._answer(shown, typed) if turn is None else turn

    def typed(self, prompt: str) -> str:
        """One line; of one that was cut nothing is taken, and that is said."""
        while True:
            try:
                return self.lines.ask(prompt).strip()
            except LineCut:
                self.lines.say(
                    "That line was longer than a terminal takes, and its end did not arrive. Nothing of it "
                    "was taken: type less at once."
                )

    def _sign(self, shown: Field, typed: str) -> Turn | None:
        if typed == "?":
            self.lines.say(*questions.told(shown, self.writer.options(shown.place)))
            return Turn.STAY
        return self.sign(shown.place, typed)

    def sign(self, place: Path, typed: str) -> Turn | None:
        """Do what a line says that is no answer; None when it is one."""
        if typed in TURNS:
            self.writer.pause()
            return TURNS[typed]
        if typed == "!":
            self.wanted = self.writer.next_problem(place)
            if self.wanted is None:
                self.lines.say("There is no problem: this report can be finished.")
            return Turn.STAY if self.wanted is None else Turn.JUMP
        if typed in (UNDO, REDO):
            change = self.writer.undo() if typed == UNDO else self.writer.redo()
            self.changed(change or Change(said="There is nothing to take back."))
            return Turn.STAY
        return None

    def changed(self, change: Change) -> None:
        """Say what was done, and store it."""
        self.lines.say(f"{change.said or 'Done'}.")
        self.keeping.keep()

    def _answer(self, shown: Field, typed: str) -> Turn:
        if typed == questions.TAKE_OUT:
            return self._taken_out(shown)
        try:
            answer = questions.answer_of(shown, typed, partial(self.writer.options, shown.place))
        except questions.Unclear as unclear:
            labels = "; ".join(option.label for option in unclear.options)
            self.lines.say(f"{unclear.typed} fits several: {labels}. Nothing was changed; say which.")
            return Turn.STAY
        self.writer.write(shown.place, answer)
        self.writer.pause()
        now = self.writer.field(shown.place)
        if now is not None and now.problem and now.typed:
            self.lines.say(f"To be mended: {questions.problem_of(now)} Enter alone leaves it so.")
            self.keeping.keep()
            return Turn.STAY
        if now is not None and now.typed:
            self._say_how_read(now, typed)
        self.keeping.keep()
        return Turn.ON

    def _say_how_read(self, now: Field, typed: str) -> None:
        """What was understood, where that is not plain from what was typed."""
        read = self.writer.meaning(now.place, now.typed)
        if read and read.casefold() != typed.casefold():
            self.lines.say(f"Read as: {read}.")

    def _long(self, shown: Field) -> Turn:
        """A text of several lines: each is stored when it is entered."""
        text = LongText(shown.typed)
        if text.count:
            lines = "is 1 line" if text.count == 1 else f"are {text.count} lines"
            self.lines.say(
                f"There {lines} already; what you type comes behind. ? shows them; @1 and new words replace"
                " line 1."
            )
        prompt = (
            f"{shown.label}{' (required)' if shown.required else ''}, line after line, a . alone ends it:"
        )
        typed = self.typed(prompt)
        turn = self._sign(shown, typed)
        if turn is not None:
            return turn
        if typed == questions.TAKE_OUT:
            several = text.count > 1
            if several and not self.lines.agreed(f"Take out all {text.count} lines?"):
                self.lines.say("Nothing was changed.")
                return Turn.STAY
            return self._taken_out(shown)
        while typed != END_OF_TEXT:
            said = text.take(typed.removeprefix(questions.LITERAL))
            if said:
                self.lines.say(said)
            self.writer.write(shown.place, text.whole)
            self.keeping.keep(aloud=False)
            typed = self._line(text.count + 1)
        self.writer.pause()
        if self.keeping.keep(aloud=False):
            self.lines.say(SAVED)
        now = self.writer.field(shown.place)
        if now is not None and now.problem:
            self.lines.say(f"To be mended: {questions.problem_of(now)}")
        return Turn.ON

    def _taken_out(self, shown: Field) -> Turn:
        """Without an answer now; the question is asked again, for the right one."""
        self.writer.write(shown.place, None)
        self.writer.pause()
        self.lines.say("Taken out. Type another answer, or Enter to go on; /u brings it back.")
        self.keeping.keep()
        return Turn.STAY

    def _line(self, number: int) -> str:
        """A further line of a text, by its number; what arrived of one that was cut is kept."""
        try:
            return self.lines.ask(f"{number}:")
        except LineCut as cut:
            self.lines.say(
                "That line was longer than a terminal takes: its end did not arrive. It is kept up to here; "
                "type on from there:",
                cut.kept[-SHOWN_END:],
            )
            return cut.kept
