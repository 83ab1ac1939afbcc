"""Joining: what is believed, what is refused, and how to go on after a cut or a refused invite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fieldkit.actions import capture, enrol, exchange, records, status
from fieldkit.actions.errors import (
    InputProblem,
    LinkProblem,
    RefusedProblem,
    UsageProblem,
    VerificationProblem,
)
from fieldkit.actions.joining import join, join_accepted
from fieldkit.actions.session import Session
from sync.protocol.enrolment import Invite, encode_invite, parse_invite
from sync.protocol.ids import Organisation
from tests.actions.world import SOURCED, World, glyph, report


def invited(world: World, by: Session, role: str = "reporter", *, days: int = 14) -> str:
    """An invite that the server knows."""
    text = enrol.invite(by, role, "somebody", days=days).text
    exchange.sync(by)
    return text


def test_join_shows_the_same_words(world: World, first: Session) -> None:
    """The fingerprint is the one the coordinator sees; the name is not on the wire yet."""
    text = invited(world, first)
    joined = join(world.laptop("north"), text)
    assert joined.fingerprint == enrol.organisation(first).fingerprint
    assert (joined.name, joined.directory_version) == ("", 1)


def test_join_and_reports_go_in_one_sync(world: World, first: Session) -> None:
    """Join and records leave together; the frames wait unopened until a coordinator certified the sender."""
    north = world.joiner(first, "north")
    report(north, SOURCED)
    assert not join_accepted(north)
    assert exchange.sync(north).waiting_frames == 0
    assert (join_accepted(north), glyph(north)) == (True, "✓")
    pulled = exchange.pull(first)
    assert (pulled.certified, pulled.incidents_new) == (("north",), 1)


def test_same_invite_again_changes_nothing(world: World, first: Session) -> None:
    """After a crash between storing and saying so, the same command just says so."""
    text = invited(world, first)
    north = world.laptop("north")
    view = join(north, text)
    asked = len(world.network.posts)
    assert join(world.after_crash(north), text) == view
    assert len(world.network.posts) == asked


def test_cut_stores_nothing(world: World, first: Session) -> None:
    """Without the server's documents there is no membership."""
    text = invited(world, first)
    north = world.laptop("north")
    for cut in ("dead", "deaf"):
        setattr(world.network, cut, True)
        with pytest.raises(LinkProblem):
            join(north, text)
        assert north.vault.identities.load() is None
    world.network.mend()
    join(north, text)


def test_second_organisation_is_refused(world: World, first: Session, reporter: Session) -> None:
    """A vault that was taken in stays with its organisation."""
    with pytest.raises(UsageProblem, match="already"):
        join(reporter, invited(world, first))
    with pytest.raises(UsageProblem, match="already"):
        join(first, invited(world, first))


def test_expired_invite_is_replaced_and_nothing_is_lost(world: World, first: Session) -> None:
    """Written for weeks without a link, then the invite is refused: a new one brings everything through."""
    text = invited(world, first, days=1)
    north = world.laptop("north")
    join(north, text, pseudonym="north")
    report(north, SOURCED)
    world.network.dead = True
    with pytest.raises(LinkProblem):
        exchange.sync(north)  # sealed under the first join
    world.network.mend()
    world.time.pass_by(days=3)
    with pytest.raises(RefusedProblem) as caught:
        exchange.sync(north)
    assert "fieldkit join" in (caught.value.hint or "") and glyph(north) == "⇅"
    join(north, invited(world, first))
    report(north, title="After the second invite")
    assert exchange.sync(north).waiting_frames == 0
    assert (glyph(north), glyph(north, 2)) == ("✓", "✓")
    pulled = exchange.pull(first)
    assert (pulled.certified, pulled.incidents_new, pulled.refused) == (("somebody",), 2, 0)
    exchange.sync(north)
    assert (glyph(north), glyph(north, 2)) == ("✓✓", "✓✓")
    assert capture.edit(north, "1", {"town": "Elsewhere"}).number == 1


def test_replacement_must_fit(world: World, first: Session) -> None:
    """Another organisation's invite, or one for another role, is no replacement."""
    north = world.laptop("north")
    join(north, invited(world, first))
    with pytest.raises(UsageProblem, match="began to join as a reporter"):
        join(north, invited(world, first, "coordinator"))
    other = world.founder("other")
    with pytest.raises(UsageProblem, match="already"):
        join(north, invited(world, other))


def test_expired_by_this_clock(world: World, first: Session) -> None:
    """An invite past its date is refused before anybody is asked."""
    text = invited(world, first, days=1)
    world.time.pass_by(days=2)
    asked = len(world.network.posts)
    with pytest.raises(InputProblem, match="expired"):
        join(world.laptop("north"), text)
    assert len(world.network.posts) == asked


CHANGES: dict[str, tuple[Callable[[Invite], Invite], type[Exception]]] = {
    "root": (lambda offer: replace(offer, root_hash=bytes(32)), VerificationProblem),
    "directory": (lambda offer: replace(offer, directory_version=9), VerificationProblem),
    "organisation": (lambda offer: replace(offer, organisation=Organisation(bytes(16))), RefusedProblem),
    "secret": (lambda offer: replace(offer, secret=bytes(16)), RefusedProblem),
}


@pytest.mark.parametrize(("change", "kind"), CHANGES.values(), ids=CHANGES)
def test_server_must_give_what_the_invite_names(
    world: World, first: Session, change: Callable[[Invite], Invite], kind: type[Exception]
) -> None:
    """Another root, an older directory, another organisation, an unknown invite: nothing is stored."""
    text = encode_invite(change(parse_invite(invited(world, first))))
    north = world.laptop("north")
    with pytest.raises(kind):
        join(north, text)
    assert north.vault.identities.load() is None and north.vault.documents.versions() == (0, 0)


def test_somebody_in_between_is_noticed(world: World, first: Session) -> None:
    """The certificate of the first, unpinned connection must be one the directory names."""
    text = invited(world, first)
    world.network.observed = b"\x66" * 32
    with pytest.raises(VerificationProblem, match="stands between"):
        join(world.laptop("north"), text)


@pytest.mark.parametrize("spoil", [lambda _, reply: reply[:-1] + b"\xff", lambda _, reply: b"\xf6" + reply])
def test_answer_that_cannot_be_read(
    world: World, first: Session, spoil: Callable[[str, bytes], bytes]
) -> None:
    """An answer that is no answer is said to be one, and nothing is stored."""
    text = invited(world, first)
    north = world.laptop("north")
    world.network.spoil = spoil
    with pytest.raises((VerificationProblem, LinkProblem)):
        join(north, text)
    assert north.vault.identities.load() is None


@pytest.mark.parametrize("text", ["", "fki1.", "fki1.AAAA", "fkt1.AAAA", "hello", "fki1." + "A" * 2_000])
def test_mistyped_invite_is_the_typists(world: World, text: str) -> None:
    """A slip of the hand is input, not forgery."""
    with pytest.raises(InputProblem):
        join(world.laptop("north"), text)


def test_address_that_is_none(world: World, first: Session) -> None:
    """An invite whose address is no HOST:PORT is refused before anybody is asked."""
    offer = replace(parse_invite(invited(world, first)), address="no port here")
    asked = len(world.network.connections)
    with pytest.raises(InputProblem, match="HOST:PORT"):
        join(world.laptop("north"), encode_invite(offer))
    assert len(world.network.connections) == asked


@pytest.mark.parametrize("pseudonym", ["x" * 129, "\x1b"])
def test_pseudonym_must_fit_a_report(world: World, first: Session, pseudonym: str) -> None:
    """One that no report could carry would block every finish later: it is refused at once."""
    north = world.laptop("north")
    with pytest.raises(UsageProblem):
        join(north, invited(world, first), pseudonym=pseudonym)
    assert north.vault.identities.load() is None


def test_used_invite_is_refused_to_the_second(world: World, first: Session) -> None:
    """Two laptops with one invite: the server takes the first, the second is told."""
    text = invited(world, first)
    a, b = world.laptop("a"), world.laptop("b")
    join(a, text)
    join(b, text)
    exchange.sync(a)
    with pytest.raises(RefusedProblem):
        exchange.sync(b)
    exchange.sync(first)
    exchange.sync(a)
    assert status.status(a).problems == () and records.list_records(a) == []
    assert [
        found.detail for found in status.doctor(b.vault.home.folder, b) if found.title == "membership"
    ] == ["the server has not taken the join yet"]
