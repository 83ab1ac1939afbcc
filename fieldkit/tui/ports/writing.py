"""Writing a report: begun or opened, stored while it is typed, looked over, finished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from fieldkit.tui.ports.trouble import Trouble

if TYPE_CHECKING:
    from fieldkit.forms.definition import Form
    from fieldkit.forms.problems import Problem
    from fieldkit.forms.views import Snapshot
    from fieldkit.forms.writer import Writer
    from fieldkit.model.meters import Meters
    from fieldkit.model.values import Answers, Path


class KeptApart(Trouble):
    """The draft was changed, finished or thrown away elsewhere: nothing was written over.

    What is written here is stored all the same, in another report; it goes on there.
    """

    def __init__(self, message: str, hint: str = "", *, number: int, when: int) -> None:
        super().__init__(message, hint)
        self.number = number
        """Local number of the report it is stored in."""
        self.when = when
        """UTC seconds of the commit."""


class OpenDraft(Protocol):
    """A draft that is being written."""

    @property
    def number(self) -> int:
        """Local number of its report."""

    @property
    def writer(self) -> Writer:
        """What is written, as it was stored last."""

    @property
    def follows(self) -> bool:
        """Whether it changes a report that was finished."""


class Finished(Protocol):
    """A report that was signed and waits to be sent."""

    @property
    def number(self) -> int:
        """Local number of its report."""

    @property
    def size_estimate(self) -> int:
        """Bytes it will weigh on its way."""


class LaneReview(Protocol):
    """What one lane would carry, and to whom."""

    @property
    def lane(self) -> str:
        """`main` or `sources`."""

    @property
    def readers(self) -> tuple[str, ...]:
        """The coordinators who can open it, by name; none before joining."""

    @property
    def answers(self) -> Answers:
        """The answers in it."""


class Review(Protocol):
    """A draft as it would be signed now."""

    @property
    def number(self) -> int:
        """Local number of its report."""

    @property
    def edition(self) -> int:
        """What `finish` is given, so that nothing else is signed than was looked over."""

    @property
    def form(self) -> Form:
        """The form it is written in."""

    @property
    def lanes(self) -> Sequence[LaneReview]:
        """Lanes that something belongs to; main comes first and is always there."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What stands between it and a finished report, in the order of the form."""

    @property
    def left_out(self) -> tuple[Path, ...]:
        """Answers that are not asked for any more: they are not sent."""

    @property
    def meters(self) -> Meters:
        """Whether it can be counted and published."""

    @property
    def cost(self) -> int | None:
        """Bytes sending it will take, about; None when that cannot be told yet."""

    @property
    def beside(self) -> int:
        """Bytes that keys and the connection take beside it, about."""

    @property
    def member(self) -> bool:
        """Whether this laptop belongs to an organisation: before that nothing can be finished."""

    @property
    def brings_back(self) -> bool:
        """Whether the report was withdrawn: finishing sends it again, and it counts again."""

    @property
    def unchanged(self) -> bool:
        """Whether it says to the letter what the finished report says: then there is nothing to sign."""

    @property
    def ready(self) -> bool:
        """Whether it can be finished now."""


class Writing(Protocol):
    """What is asked while somebody writes. Each call may take a moment and may raise Trouble: ask from worker
    threads, except `store` in the moment before the vault closes.
    """

    def begin(self, answers: Mapping[str, object] | None = None) -> OpenDraft:
        """A new draft, stored already, with answers as they would be typed."""

    def open(self, number: int) -> OpenDraft:
        """The draft of a report. A finished report is opened on its newest revision, and becomes a draft with
        the first change.
        """

    def store(self, number: int, snapshot: Snapshot) -> int:
        """Store what is written; UTC seconds of the commit. What is older than that changes nothing.

        Raises KeptApart when it had to be stored in another report, and Trouble when it is not stored.
        """

    def abandon(self, number: int) -> bool:
        """Throw away a draft in which nothing was ever written, or nothing of a finished report was changed;
        whether it was one.
        """

    def review(self, number: int) -> Review:
        """What is stored of a draft, as it would be signed now."""

    def speed(self) -> int:
        """Bytes a second of the link as last measured; 0 when never."""

    def finish(self, number: int, edition: int | None = None) -> Finished:
        """Sign what is stored and queue it for sending. Trouble names all that is missing or wrong.

        With the edition of a review nothing else is signed than was looked over.
        """
