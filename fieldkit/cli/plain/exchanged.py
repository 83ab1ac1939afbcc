"""What an exchange did, in the plain words of the sync screen: for whoever hears it line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fieldkit.cli.wording import phase_words
from fieldkit.model.text import sentence
from fieldkit.tui.desks.journey import Journey
from fieldkit.tui.link_words import counted, size, standing, waits
from fieldkit.tui.ports.link import Standing

if TYPE_CHECKING:
    from fieldkit.actions.exchange_reports import PullReport, SyncReport
    from fieldkit.actions.session import Session
    from fieldkit.tui.ports.link import LinkView
    from sync.client.status import Status

AGAIN = "What to do: sync again; what waits is kept, and what arrived is not sent a second time."
KEPT = "Nothing was sent. What waits is kept."
MOST_UNREAD = 1_000
"""Of the latest reports, so many are looked at."""

MOST_DRAFTS = 5
"""Drafts named after an exchange."""

LIMIT = "It ended at the limit on bytes, with something left to do."


@dataclass(slots=True)
class Telling:
    """Listens to one exchange, and says at its end what came of it."""

    session: Session
    say: Callable[[str], None]
    _journey: Journey
    _said: str = ""

    @classmethod
    def begin(cls, session: Session, say: Callable[[str], None]) -> Telling:
        """Before the exchange: say what waits, and what sending it takes."""
        from fieldkit.actions import outlook

        journey = Journey(partial(outlook.queue, session), partial(outlook.states, session))
        journey.look()
        say(waits(_view(session)))
        return cls(session, say, journey)

    def progress(self, status: Status) -> None:
        """Each phase once, and not how many bytes are left: a line is read aloud."""
        said = sentence(phase_words(status.phase))
        # What went wrong at the end comes as the error of the run, with its hint.
        if said != self._said and not status.error:
            self._said = said
            self.say(said)

    def sync_lines(self, report: SyncReport) -> Iterator[str]:
        """What was confirmed, what was opened, what still waits, and what to do."""
        view = _view(self.session)
        if report.dry_run:
            yield waits(view)
            yield KEPT
            return
        yield from self._confirmed()
        if report.delivered_now:
            yield f"{counted(report.delivered_now, 'report')} delivered to a coordinator."
        yield from (f"Refused: {sentence(reason)}" for reason in report.refused)
        yield from self._rest(report, view)

    def pull_lines(self, report: PullReport) -> Iterator[str]:
        """What came and holds; what is missing or contradicts itself comes first."""
        yield from (f"FORK: {sentence(fork)}" for fork in report.forks)
        yield from (f"Missing: {sentence(gap)}" for gap in report.gaps)
        yield from (f"Look at this: {sentence(alarm)}" for alarm in report.alarms)
        new = report.incidents_new
        yield f"{counted(new, 'new report')} came." if new else "No new reports came."
        yield from unread(self.session)
        for count, words in (
            (report.refused, "set aside because it does not hold"),
            (report.awaiting_key, "cannot be opened yet, the key has not come"),
            (report.unopened_pending, "of senders nobody has let in yet"),
        ):
            if count:
                yield sentence(f"{words}: {counted(count, 'sealed part')}")
        yield from self._confirmed()
        yield from self._rest(report, _view(self.session))

    def _confirmed(self) -> Iterator[str]:
        settled = self._journey.look()
        if settled:
            yield f"{counted(settled, 'report')} confirmed by the server: received, and signed for."

    def _drafts(self) -> Iterator[str]:
        """What is not sent because nobody has finished it: easily taken for sent."""
        from fieldkit.actions import records

        drafts = records.list_records(self.session, limit=MOST_DRAFTS + 1, state="draft")
        if drafts:
            some = ", ".join(str(line.number) for line in drafts[:MOST_DRAFTS])
            more = " and more" if len(drafts) > MOST_DRAFTS else ""
            yield f"Not finished, so not sent: {some}{more}. To finish one: finish {drafts[0].number}."

    def _rest(self, report: SyncReport | PullReport, view: LinkView) -> Iterator[str]:
        yield from (f"Let in: {name}." for name in report.certified)
        yield from (f"Given the keys of before: {name}." for name in report.granted)
        yield from (f"A newcomer waits: {sentence(reason)}" for reason in report.pending)
        yield waits(view)
        if report.capped:
            yield LIMIT
        if view.reports:
            yield AGAIN
        yield from self._drafts()
        if view.standing is not Standing.MEMBER:
            yield in_lines(standing(view))
        traffic = f"{size(report.bytes_up)} up, {size(report.bytes_down)} down"
        yield f"It took {traffic}, {report.seconds:.1f} s."


def _view(session: Session) -> LinkView:
    from fieldkit.tui.desks.link import VaultLink

    link = VaultLink(session)
    try:
        return link.view()
    finally:
        link.close()


def unread(session: Session) -> Iterator[str]:
    """How many reports nobody has read here since they came or changed, and how many of them are urgent."""
    from fieldkit.actions import records

    fresh = [line for line in records.list_records(session, limit=MOST_UNREAD) if line.fresh]
    if fresh:
        urgent = sum(line.urgency > 0 for line in fresh)
        words = f", {urgent} of them urgent" if urgent else ""
        count = counted(len(fresh), "report")
        yield f"New or changed, and not read here yet: {count}{words}. The list marks them new."


def not_let_in(session: Session) -> Iterator[str]:
    """What a newcomer is told while no coordinator has let this laptop in."""
    view = _view(session)
    if view.standing is Standing.WAITING:
        yield in_lines(standing(view))


def in_lines(words: str) -> str:
    """Words of the screens for whoever types verbs: without their keys."""
    return words.replace(" (^P Commands, Join)", ": join").replace("send now (s)", "sync")
