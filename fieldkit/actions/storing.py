"""Stores what is being written, and never writes over what another window or the command line stored."""

from __future__ import annotations

from dataclasses import replace

from fieldkit.actions.contents import form_of, load_form
from fieldkit.actions.errors import KeptApart, in_plain_words
from fieldkit.actions.following import changed_since
from fieldkit.actions.listing import draft_line
from fieldkit.actions.open_hands import Stored
from fieldkit.actions.session import Session
from fieldkit.forms.views import Snapshot
from fieldkit.model.draft import Draft
from fieldkit.vault.drafts import Hand
from fieldkit.vault.errors import NoSuchRecord, Overtaken
from fieldkit.vault.incidents import Headline


def store(session: Session, number: int, snapshot: Snapshot) -> int:
    """Store what is written; returns the UTC seconds of the commit, after which it is on the disk.

    What is not newer than what this window stored before changes nothing. Raises KeptApart, with the number
    of the report it was stored in instead, when the draft was changed, finished or thrown away elsewhere.
    """
    hands = session.open_hands
    with in_plain_words(), hands.lock:
        last = hands.stored.get(snapshot.hand)
        where = hands.apart.get(snapshot.hand, number)
        if last is not None and snapshot.stamp <= last.stamp:
            moment = last.moment
        else:
            moment = session.now()
            where = _stored_in(session, where, snapshot, moment)
        if where != number:
            raise KeptApart(
                where,
                f"report {number} was changed or closed elsewhere; "
                f"what is written here is saved as report {where}",
                "compare both, then discard the one that is not wanted",
            )
        return moment


def _stored_in(session: Session, number: int, snapshot: Snapshot, moment: int) -> int:
    """The number of the report it is stored in when this returns."""
    hands = session.open_hands
    try:
        _store(session, number, snapshot, moment)
        where = number
    except (Overtaken, NoSuchRecord):
        if not snapshot.hand:
            raise
        where = _keep_apart(session, number, snapshot, moment)
        hands.apart[snapshot.hand] = where
    if snapshot.hand:
        hands.stored[snapshot.hand] = Stored(stamp=snapshot.stamp, step=snapshot.step, moment=moment)
    return where


def _store(session: Session, number: int, snapshot: Snapshot, moment: int) -> None:
    drafts = session.vault.drafts
    last = session.open_hands.stored.get(snapshot.hand)
    with session.vault.transaction():
        hand = Hand(
            id=snapshot.hand,
            based=snapshot.based if last else _based(session, number, snapshot, moment),
            stamp=snapshot.stamp,
            turned=snapshot.turned,
            fresh=last is None or last.step != snapshot.step,
        )
        said = replace(drafts.frame(number), answers=snapshot.answers, unread=dict(snapshot.unread))
        shown = _headline(said, snapshot)
        drafts.put(number, said, now=moment, headline=shown, hand=hand if snapshot.hand else None)


def _based(session: Session, number: int, snapshot: Snapshot, moment: int) -> int:
    """The edition a window began from. That of a finished report opened for a change is stored only now.

    Raises Overtaken when the report was changed and finished elsewhere since it was opened.
    """
    drafts, opened = session.vault.drafts, session.open_hands.following.get(snapshot.hand)
    if opened is None or drafts.has(number):
        return snapshot.based
    if changed_since(session, opened):
        raise Overtaken(f"report {number} was finished anew since it was opened here", "look at both")
    return drafts.begin(opened, now=moment, headline=_headline(opened, snapshot)).edition


def _keep_apart(session: Session, number: int, snapshot: Snapshot, moment: int) -> int:
    """A new draft with what is written here: nothing was written over, and nothing is lost."""
    drafts = session.vault.drafts
    with session.vault.transaction():
        form = load_form()
        like = drafts.load(number).draft if drafts.has(number) else None
        new = Draft(
            form_id=like.form_id if like else form.id,
            form_version=like.form_version if like else form.version,
            answers=snapshot.answers,
            unread=dict(snapshot.unread),
            language=like.language if like else "",
            sensitivity=like.sensitivity if like else 0,
        )
        shown = _headline(new, snapshot)
        begun = drafts.begin(new, now=moment, headline=shown)
        # From now on this window is the one that wrote it last.
        hand = Hand(id=snapshot.hand, based=begun.edition, stamp=snapshot.stamp)
        drafts.save(begun.number, new, now=moment, headline=shown, hand=hand)
    return begun.number


def _headline(draft: Draft, snapshot: Snapshot) -> Headline:
    return draft_line(form_of(draft.form_id), draft.answers, left=snapshot.left)
