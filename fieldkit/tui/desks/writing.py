"""Writing a report into an open vault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fieldkit.forms.views import Snapshot
from fieldkit.tui.desks.telling import told
from fieldkit.tui.ports.writing import Finished, KeptApart, OpenDraft, Review

if TYPE_CHECKING:
    from fieldkit.actions.session import Session


class VaultWriting:
    """The drafts of an open vault."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, answers: Mapping[str, object] | None = None) -> OpenDraft:
        """A new draft, stored already. Raises Trouble."""
        with told():
            from fieldkit.actions import writing

            return writing.begin(self._session, answers)

    def open(self, number: int) -> OpenDraft:
        """The draft of a report, or a finished one to be changed. Raises Trouble."""
        with told():
            from fieldkit.actions import writing

            return writing.open_report(self._session, str(number))

    def store(self, number: int, snapshot: Snapshot) -> int:
        """Durable when it returns. Raises KeptApart, Trouble."""
        with told():
            from fieldkit.actions import errors, writing

            try:
                return writing.store(self._session, number, snapshot)
            except errors.KeptApart as apart:
                # Asked again for the report it went to, it says when.
                when = writing.store(self._session, apart.number, snapshot)
                raise KeptApart(apart.message, apart.hint or "", number=apart.number, when=when) from None

    def abandon(self, number: int) -> bool:
        """Throw away a draft in which nothing was ever written or changed. Raises Trouble."""
        with told():
            from fieldkit.actions import writing

            return writing.abandon(self._session, number)

    def review(self, number: int) -> Review:
        """What is stored of a draft, as it would be signed now. Raises Trouble."""
        with told():
            from fieldkit.actions import reviewing

            return reviewing.review(self._session, number)

    def speed(self) -> int:
        """Bytes a second as last measured; 0 when never. Raises Trouble."""
        with told():
            from fieldkit.actions.turn import LAST_SPEED

            return self._session.vault.identities.progress(LAST_SPEED)

    def finish(self, number: int, edition: int | None = None) -> Finished:
        """Sign what is stored. Raises Trouble."""
        with told():
            from fieldkit.actions import writing

            return writing.finish(self._session, number, edition=edition)
