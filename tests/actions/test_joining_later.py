"""An invite without a link: kept in the vault, tried with each exchange, gone when it has served."""

from __future__ import annotations

import pytest

from fieldkit.actions import enrol, exchange, outlook
from fieldkit.actions.errors import InputProblem, LinkProblem
from fieldkit.actions.joining import join_accepted
from fieldkit.actions.joining_later import join_or_keep, kept_invite
from fieldkit.actions.outlook import Membership
from fieldkit.actions.session import Session
from fieldkit.vault.keys import Purpose
from tests.actions.world import World


@pytest.fixture
def invite(first: Session) -> str:
    """One that the server knows."""
    text = enrol.invite(first, "reporter", "north-7").text
    exchange.sync(first)
    return text


def test_kept_over_a_dead_link_and_joined_by_the_next_sync(world: World, first: Session, invite: str) -> None:
    """Nobody has to find the invite again, not even after a crash; the pseudonym chosen then counts."""
    north = world.laptop("north")
    world.network.dead = True
    assert not join_or_keep(north, invite, pseudonym="quiet-3")
    north = world.after_crash(north)
    kept, view = kept_invite(north), outlook.outlook(north)
    assert kept is not None and kept.pseudonym == "quiet-3" and kept.told.role == "reporter"
    assert (view.membership, view.address) == (Membership.KEPT, kept.told.address)
    assert outlook.due(north) == (True, False)
    with pytest.raises(LinkProblem):
        exchange.sync(north)
    assert kept_invite(north) is not None and north.vault.identities.load() is None
    world.network.mend()
    exchange.sync(north)
    assert join_accepted(north) and north.vault.identities.require().pseudonym == "quiet-3"
    assert kept_invite(north) is None and north.vault.keys.find(Purpose.INVITE) is None
    assert outlook.outlook(north).membership is Membership.WAITING


def test_with_a_link_nothing_is_kept(world: World, invite: str) -> None:
    """The control: it joins at once, and no invite stays in the vault."""
    north = world.laptop("north")
    assert join_or_keep(north, invite)
    assert kept_invite(north) is None and north.vault.keys.find(Purpose.INVITE) is None


def test_another_invite_takes_its_place(world: World, first: Session, invite: str) -> None:
    """The last one that was typed counts; with a link it is used up at once."""
    other = enrol.invite(first, "reporter", "north-8").text
    exchange.sync(first)
    north = world.laptop("north")
    world.network.dead = True
    for text in (invite, other):
        assert not join_or_keep(north, text)
    kept = kept_invite(north)
    assert kept is not None and kept.invite == other
    world.network.mend()
    assert join_or_keep(north, invite)
    assert north.vault.keys.find(Purpose.INVITE) is None


def test_one_that_is_no_longer_good_says_so_and_stays(world: World, invite: str) -> None:
    """The laptop's clock may be what is wrong: it is told at each try, and another invite takes its place."""
    north = world.laptop("north")
    world.network.dead = True
    join_or_keep(north, invite)
    world.network.mend()
    world.time.now += 90 * 86_400
    with pytest.raises(InputProblem, match="expired"):
        exchange.sync(north)
    assert kept_invite(north) is not None


def test_what_is_no_invite_is_never_kept(world: World) -> None:
    """A mistyped one is a mistake, with a link or without."""
    north = world.laptop("north")
    world.network.dead = True
    with pytest.raises(InputProblem):
        join_or_keep(north, "fki1.nothing")
    assert kept_invite(north) is None
