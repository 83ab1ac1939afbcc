"""Review: what would be sent and to whom, what is missing. And Finish: sign it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from fieldkit.model.values import Path, text_of
from fieldkit.tui import keymap
from fieldkit.tui.link_words import to_send
from fieldkit.tui.messages import FinishedNow, Refused, ReviewRead
from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.ports.writing import Finished, Review
from fieldkit.tui.review_words import Line, broken, lines, verdict
from fieldkit.tui.widgets.header import HeaderLine
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.review_list import ReviewList
from fieldkit.tui.widgets.said import Said

LOOKING = "Looking it over…"
SURE = (
    "Finish? It is signed with your key and cannot be changed after that; a later change makes a new"
    " version beside it. F9 again finishes it. Esc goes back to it."
)
FINISHING = "Signing…"
DONE = (
    "⇅ FINISHED AND SIGNED. Report {number} waits to be sent; not sent yet.",
    "This version is in the vault on this laptop, and nowhere else.",
    "It will take {cost}.",
    "",
    "Next: F5 opens the sync screen, where it is sent. Esc goes back.",
    "A later change makes a new version beside this one, which stays as it is.",
)
LATER = (
    "FINISHED AND SIGNED. Report {number} is in the vault on this laptop.",
    "Whether it was sent since then, its sign in the list says: Esc goes there.",
    "⇅ waits to be sent   ✓ the server holds it   ✓✓ delivered to a coordinator",
)
"""After another screen stood above: it may have been sent there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a review."""

    finished: bool = False
    place: Path | None = None
    """Where somebody wants to go on writing."""


class ReviewScreen(Screen[Outcome | None]):
    """Shows a stored draft as it would be signed, and signs it when told twice. Answers what came of it."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.REVIEW_FINISH, keymap.REVIEW_LEAVE]
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ReviewScreen {
        & #title { height: 1; padding: 0 1; text-style: bold; }
        & #said { height: auto; max-height: 4; padding: 0 1; text-style: bold; display: none; }
        & #said.-asking { display: block; text-style: bold reverse; }
        & #said.-told { display: block; }
    }
    """

    def __init__(self, desk: Desk, number: int, *, language: str = "en") -> None:
        super().__init__()
        self._desk = desk
        self._number = number
        self._language = language
        self._review: Review | None = None
        self._speed = self._beside = 0
        self._asked = False
        self._busy = False
        self._finished = False

    def compose(self) -> ComposeResult:
        """One column that scrolls."""
        yield HeaderLine()
        yield Said(id="title")
        yield ReviewList()
        yield Said(id="said")
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask for what is stored."""
        self.query_one("#title", Said).say(f"{self._number:04d} Review")
        self.query_one(ReviewList).focus()
        self._tell(LOOKING)
        self._read()

    def on_unmount(self) -> None:
        """Nothing of a report stays behind."""
        self._review = None

    def on_screen_resume(self) -> None:
        """Back from another screen: that it was not sent yet is no longer sure."""
        if self._finished:
            told = [Line(text=line.format(number=f"{self._number:04d}")) for line in LATER]
            self.query_one(ReviewList).show(lambda width: told)

    @work(thread=True, exclusive=True, group="review")
    def _read(self) -> None:
        try:
            review = self._desk.writing.review(self._number)
            self.post_message(ReviewRead(review, speed=self._desk.writing.speed()))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))

    def on_review_read(self, event: ReviewRead) -> None:
        """Show it."""
        review = self._review = event.review
        self._speed, self._beside = event.speed, review.beside
        title = text_of(review.lanes[0].answers, "title") if review.lanes else ""
        self.query_one("#title", Said).say(f"{self._number:04d} Review: {title or '(no title yet)'}")
        self.query_one(ReviewList).show(self._lines)
        if self.query_one("#said", Said).words == LOOKING:
            self._tell("")

    def on_refused(self, event: Refused) -> None:
        """Say what went wrong. Nothing was signed; what is stored is looked over again."""
        signing, self._busy, self._asked = self._busy, False, False
        self._tell(f"Nothing was signed. {event.said}")
        if signing:
            self._read()

    def on_finished_now(self, event: FinishedNow) -> None:
        """Say exactly what is true now, and what comes next."""
        self._busy, self._finished = False, True
        self._review = None
        told = done_words(event.finished, self._beside)
        self.query_one(ReviewList).show(lambda width: [line for text in told for line in broken(text, width)])
        self.query_one("#title", Said).say(f"{self._number:04d} Finished")
        self._tell("")
        self.refresh_bindings()

    def on_review_list_wanted(self, event: ReviewList.Wanted) -> None:
        """A problem was chosen: the form opens there."""
        event.stop()
        if not self._busy:
            self.dismiss(Outcome(place=event.place))

    def action_finish(self) -> None:
        """Ask first; the second time, sign."""
        review = self._review
        if review is None or self._busy or self._finished:
            return
        if not review.ready:
            self._tell(verdict(review))
        elif not self._asked:
            self._asked = True
            self._tell(SURE, asking=True)
        else:
            self._busy = True
            self._tell(FINISHING)
            self._sign(review.edition)

    @work(thread=True, exclusive=True, group="review")
    def _sign(self, edition: int) -> None:
        try:
            self.post_message(FinishedNow(self._desk.writing.finish(self._number, edition)))
        except Trouble as trouble:
            self.post_message(Refused(trouble.message, trouble.hint))

    def action_leave(self) -> None:
        """Out of the question; then out of the review."""
        if self._busy:
            return
        if self._asked and not self._finished:
            self._asked = False
            self._tell("")
        else:
            self.dismiss(Outcome(finished=True) if self._finished else None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is finished is not finished again."""
        return action != "finish" or not self._finished

    def _lines(self, width: int) -> list[Line]:
        if self._review is None:
            return []
        return list(lines(self._review, self._speed, self._language, width))

    def _tell(self, words: str, *, asking: bool = False) -> None:
        said = self.query_one("#said", Said)
        said.say(words)
        said.set_class(bool(words) and not asking, "-told")
        said.set_class(asking, "-asking")


def done_words(finished: Finished, beside: int) -> list[str]:
    """What is true after Finish. `beside`: bytes for keys and the connection."""
    number, cost = f"{finished.number:04d}", to_send(finished.size_estimate, beside)
    return [line.format(number=number, cost=cost) for line in DONE]
