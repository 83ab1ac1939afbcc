"""After a crash: what is there of what was being written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from fieldkit.model.text import clean
from fieldkit.tui import keymap
from fieldkit.tui.ports.entry import Entry, Recovered, SavedDraft
from fieldkit.tui.ports.trouble import Trouble
from fieldkit.tui.screens.step import StepScreen

TITLE = "The program was stopped before it could close the vault"
INTRO = "It had been opened {opened}. What was being written since then is here:"
MORE = "and {count} more, which the list shows as drafts."
END = (
    "Words typed in the last second before it stopped may be missing; nothing older is.\n"
    "Enter goes on to your reports."
)


class RecoveredScreen(StepScreen[None]):
    """Told once: when it has been read it does not come again."""

    BINDINGS: ClassVar[list[BindingType]] = [keymap.STEP_ON, keymap.STEP_BACK, keymap.LOCK, keymap.QUIT]

    def __init__(self, found: Recovered, entry: Entry) -> None:
        super().__init__()
        self._found: Recovered | None = found
        self._entry = entry

    def on_mount(self) -> None:
        """Tell."""
        if self._found is not None:
            self.tell(TITLE, "\n".join(lines(self._found)))
            self.query_one("#step").can_focus = True
            self.query_one("#step").focus()

    def on_unmount(self) -> None:
        """No title stays behind."""
        self._found = None

    def action_on(self) -> None:
        """It was read."""
        self._told()
        self.dismiss()

    def action_back(self) -> None:
        """The same."""
        self.action_on()

    @work(thread=True)
    def _told(self) -> None:
        try:
            self._entry.told()
        except Trouble:
            # Then it is told again at the next start: better twice than never.
            return


def lines(found: Recovered) -> Iterator[str]:
    """What is told, line by line."""
    today = time.localtime()
    yield INTRO.format(opened=moment(found.opened, today))
    yield ""
    for draft in found.drafts:
        yield from _draft(draft, today)
    if found.more:
        yield MORE.format(count=found.more)
    yield ""
    yield END


def _draft(draft: SavedDraft, today: time.struct_time) -> Iterator[str]:
    title = clean(draft.title, one_line=True) or "(no title yet)"
    yield f"  {draft.number:04}  {title}"
    words = f"{draft.words} {'word' if draft.words == 1 else 'words'}"
    answers = f"{draft.answers} {'answer' if draft.answers == 1 else 'answers'}"
    yield f"        saved {moment(draft.saved, today)}: {words}, {answers}"


def moment(seconds: int, today: time.struct_time) -> str:
    """`today at 14:31:07`, or with its day."""
    then = time.localtime(seconds)
    same = (then.tm_year, then.tm_yday) == (today.tm_year, today.tm_yday)
    day = "today" if same else "on " + time.strftime("%d %B %Y", then).lstrip("0")
    return f"{day} at {time.strftime('%H:%M:%S', then)}"
