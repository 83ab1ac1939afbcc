"""What workers and widgets tell the screens. A message does not change once it is made."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.message import Message

from fieldkit.tui.ports.door import Desk
from fieldkit.tui.ports.reports import Cursor, Page, Reading, Summary
from fieldkit.tui.ports.writing import OpenDraft


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


@dataclass(eq=False)
class Refused(Told):
    """Something expected went wrong."""

    message: str
    hint: str


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
class PageRead(Told):
    """A page of the list has come."""

    page: Page = field(repr=False)
    query: str = field(repr=False)
    """What it was asked for."""

    first: bool
    """Whether it takes the place of what was listed before."""


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


@dataclass(eq=False)
class DraftOpened(Told):
    """A draft has come, to be written on."""

    draft: OpenDraft = field(repr=False)
