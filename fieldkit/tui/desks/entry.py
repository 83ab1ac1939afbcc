"""Making a vault, joining, recovery words and what a crash left behind, answered by the actions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.tui.desks.telling import told
from fieldkit.tui.ports.entry import (
    Estimate,
    Invitation,
    Membership,
    PaperWords,
    Recovered,
    SavedDraft,
)

if TYPE_CHECKING:
    from fieldkit.actions import recovered
    from fieldkit.actions.joining import InviteTold
    from fieldkit.actions.session import Session


class HomeFirstRun:
    """Imports what it needs only when it is asked to."""

    def offer(self) -> tuple[str, ...]:
        """Six words drawn by chance."""
        from fieldkit.actions.unlock import suggest_passphrase

        return tuple(suggest_passphrase().split())

    def estimate(self, passphrase: str) -> Estimate:
        """How long a passphrase would stand."""
        from fieldkit.actions.unlock import estimate_passphrase

        found = estimate_passphrase(passphrase)
        return Estimate(strong=found.strong, seconds=found.seconds, warning=found.warning)


class VaultEntry:
    """Of an open vault."""

    def __init__(self, session: Session, left: recovered.Recovered | None) -> None:
        self._session = session
        self._left = left
        self.practice = session.vault.practice
        self.recovered = _shown(left)

    def membership(self) -> Membership | None:
        """The organisation, or None before joining."""
        with told():
            from fieldkit.actions.joining import join_accepted
            from fieldkit.actions.organisation import organisation

            me = self._session.vault.identities.load()
            if me is None:
                return None
            view = organisation(self._session)
            return Membership(
                name=view.name,
                address=view.address,
                fingerprint=view.fingerprint,
                pseudonym=me.pseudonym,
                taken=join_accepted(self._session),
            )

    def invite_in(self, path: str) -> str:
        """The invite a file holds."""
        with told():
            from fieldkit.actions.joining import invite_from_file

            return invite_from_file(Path(path))

    def look_at(self, invite: str) -> Invitation:
        """What an invite says."""
        with told():
            from fieldkit.actions.joining import read_invite

            return _invitation(read_invite(invite, now=self._session.now()))

    def kept_invite(self) -> Invitation | None:
        """The invite that waits for a link."""
        with told():
            from fieldkit.actions import joining_later

            found = joining_later.kept_invite(self._session)
        return None if found is None else _invitation(found.told)

    def join(self, invite: str, pseudonym: str) -> Membership | None:
        """Join, or keep the invite."""
        with told():
            from fieldkit.actions.joining_later import join_or_keep

            if not join_or_keep(self._session, invite, pseudonym=pseudonym):
                return None
        found = self.membership()
        if found is None:
            raise AssertionError("joined, and belongs nowhere")
        return found

    def has_paper(self) -> bool:
        """Whether recovery words open this vault."""
        from fieldkit.actions.recovery import has_recovery

        return has_recovery(self._session)

    def draw_paper(self) -> PaperWords:
        """New recovery words."""
        from fieldkit.actions.recovery import draw

        drawn = draw(self._session.random)
        return PaperWords(words=drawn.words, asked=drawn.asked)

    def keep_paper(self, words: Sequence[str]) -> None:
        """From now on these words open the vault too."""
        with told():
            from fieldkit.actions.recovery import keep

            keep(self._session, words)

    def told(self) -> None:
        """It is not told again."""
        left, self._left = self._left, None
        if left is not None:
            with told():
                from fieldkit.actions.recovered import told as was_told

                was_told(self._session, left)


def _invitation(found: InviteTold) -> Invitation:
    return Invitation(
        role=found.role, address=found.address, fingerprint=found.fingerprint, expires=found.expires
    )


def _shown(left: recovered.Recovered | None) -> Recovered | None:
    """What a person is told of it; None when no report was being written, for then nothing was in danger."""
    if left is None or not left.drafts:
        return None
    drafts = tuple(
        SavedDraft(
            number=draft.number,
            title=draft.title,
            saved=draft.saved,
            words=draft.words,
            answers=draft.answers,
        )
        for draft in left.drafts
    )
    return Recovered(opened=left.opened, drafts=drafts, more=left.more)
