"""An incident assembled from what has arrived."""

from __future__ import annotations

from fieldkit.model.incident import assemble
from tests.model.revisions import iid, revision, rid


def test_two_incidents_are_kept_apart() -> None:
    """Revisions are grouped by incident, each with its own heads."""
    found = assemble([revision("a"), revision("b", "a", created=1), revision("z", incident="z")])
    assert {incident: view.current.id for incident, view in found.items()} == {
        iid("a"): rid("b"),
        iid("z"): rid("z"),
    }


def test_divided_shows_the_newest_and_says_so() -> None:
    """Showing one head decides nothing."""
    view = assemble(
        [
            revision("a", answers={"title": "old"}),
            revision("b", "a", created=2, answers={"title": "two"}),
            revision("c", "a", created=3, answers={"title": "three"}),
        ]
    )[iid("a")]
    assert view.divided
    assert view.answers() == {"title": "three"}


def test_withdrawn_shows_what_was_withdrawn() -> None:
    """A withdrawal hides nothing from those who must know what was taken back."""
    view = assemble(
        [revision("a", answers={"title": "t"}), revision("w", "a", created=2, withdrawn="sent by mistake")]
    )[iid("a")]
    assert view.withdrawn
    assert view.answers() == {"title": "t"}


def test_a_later_edit_elsewhere_does_not_hide_a_withdrawal() -> None:
    """Withdrawn on one laptop, edited on another: still withdrawn."""
    view = assemble(
        [
            revision("a", answers={"title": "t"}),
            revision("w", "a", created=2, withdrawn="danger"),
            revision("e", "a", created=9, answers={"title": "edited"}),
        ]
    )[iid("a")]
    assert view.withdrawn
    assert view.current.id == rid("e")


def test_withdrawal_of_what_has_not_arrived() -> None:
    """With the parent missing there is nothing to show and a gap to report."""
    view = assemble([revision("w", "a", withdrawn="danger")])[iid("a")]
    assert view.answers() == {}
    assert view.missing == {rid("a")}


def test_answers_are_copies() -> None:
    """Changing what a view gave out changes no revision."""
    first = revision("a", answers={"kind": ["arrest"]})
    view = assemble([first])[iid("a")]
    kinds = view.answers()["kind"]
    assert isinstance(kinds, list)
    kinds.append("killing")
    assert first.content.answers == {"kind": ["arrest"]}
