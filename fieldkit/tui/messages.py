"""What workers and widgets tell the screens. A message does not change once it is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.message import Message

from fieldkit.model.text import sentence

if TYPE_CHECKING:
    from fieldkit.tui.ports.door import Desk, Door
    from fieldkit.tui.ports.entry import Membership
    from fieldkit.tui.ports.link import LinkView
    from fieldkit.tui.ports.reports import Cursor, NamedFilter, Outcome, Page, Past, Reading, Summary
    from fieldkit.tui.ports.writing import Finished, OpenDraft, Review


class Told(Message):
    """A message whose own fields are written once; Textual's bookkeeping on it goes on."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in getattr(type(self), "__dataclass_fields__", ()) and name in self.__dict__:
            raise AttributeError(f"{type(self).__name__}.{name} does not change")
        super().__setattr__(name, value)


@dataclass(eq=False)
class Opened(Told):
    """The vault is open."""

    desk: Desk = field(repr=False)
    new: bool = False
    """Whether it has just been made."""


@dataclass(eq=False)
class DoorChosen(Told):
    """Another home is wanted: practice, or the real one again."""

    door: Door


@dataclass(eq=False)
class Joined(Told):
    """The vault belongs to an organisation."""

    membership: Membership
    now: bool = False
    """Whether that was done just now."""


@dataclass(eq=False)
class Refused(Told):
    """Something expected went wrong."""

    message: str
    hint: str

    @property
    def said(self) -> str:
        """What went wrong and what to do, each as a sentence of its own."""
        return " ".join(sentence(part) for part in (self.message, self.hint) if part)


@dataclass(eq=False)
class RecoveryKnown(Told):
    """Whether recovery words open the vault too."""

    words: bool


@dataclass(eq=False)
class Summarised(Told):
    """What is always visible."""

    summary: Summary


@dataclass(eq=False)
class LinkSaid(Told):
    """How the link is, for the line above every screen."""

    words: str
    """One or two, such as `offline`, `sending`; empty while nothing is known."""


@dataclass(eq=False)
class LinkMoved(Told, bubble=False):
    """An exchange began, went on or ended. Every screen is told by itself."""

    changed: bool
    """Whether reports, or their states, may have changed."""


@dataclass(eq=False)
class RoleKnown(Told):
    """Whether this laptop pulls."""

    coordinates: bool


@dataclass(eq=False)
class LinkViewed(Told):
    """How sending stands, by the vault."""

    view: LinkView = field(repr=False)


@dataclass(eq=False)
class PageRead(Told):
    """A page of the list has come."""

    page: Page = field(repr=False)
    query: str = field(repr=False)
    """What it was asked for."""

    first: bool
    """Whether it takes the place of what was listed before."""


@dataclass(eq=False)
class PageRenewed(Told):
    """The same lines as before, as they stand now, and perhaps new ones among them."""

    page: Page = field(repr=False)
    query: str = field(repr=False)
    """What they were asked for."""


@dataclass(eq=False)
class PageWanted(Told):
    """The list is near the end of what it has."""

    after: Cursor


@dataclass(eq=False)
class Chosen(Told):
    """A report was chosen, by its local number."""

    number: int


@dataclass(eq=False)
class ReportRead(Told):
    """A report has come."""

    reading: Reading = field(repr=False)
    number: int
    """What it was asked for by."""


@dataclass(eq=False)
class DraftOpened(Told):
    """A draft has come, to be written on."""

    draft: OpenDraft = field(repr=False)


@dataclass(eq=False)
class PreviewRead(Told):
    """The report under the cursor has come."""

    number: int
    reading: Reading = field(repr=False)


@dataclass(eq=False)
class PastRead(Told):
    """The history of a report has come."""

    past: Past = field(repr=False)


@dataclass(eq=False)
class Acted(Told):
    """Something was done to reports of the list."""

    said: str
    """What was done, in plain words."""
    outcome: Outcome
    discarded: bool = False
    """Whether drafts were thrown away, so that some reports may not be there any more."""


@dataclass(eq=False)
class Begun(Told):
    """A draft is there to be written on, by its local number."""

    number: int
    said: str = ""


@dataclass(eq=False)
class FiltersRead(Told):
    """The named filters have come."""

    filters: tuple[NamedFilter, ...] = field(repr=False)


@dataclass(eq=False)
class Pointed(Told):
    """The cursor of the list stands on a report, by its local number; None when there is none."""

    number: int | None


@dataclass(eq=False)
class ReviewRead(Told):
    """A draft was looked over."""

    review: Review = field(repr=False)
    speed: int
    """Bytes a second of the link as last measured; 0 when never."""


@dataclass(eq=False)
class FinishedNow(Told):
    """A report was signed."""

    finished: Finished
