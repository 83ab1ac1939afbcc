"""Making an organisation, inviting, listing members."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.actions import enrol, exchange, status
from fieldkit.actions.errors import InputProblem, LinkProblem, RefusedProblem, UsageProblem
from fieldkit.actions.session import Session
from fieldkit.model.limits import MAX_LABEL_CHARS
from sync.protocol.enrolment import encode_ticket, parse_invite, parse_ticket
from sync.protocol.kinds import Role
from tests.actions.world import ADDRESS, World, report


def test_organisation_is_made(world: World) -> None:
    """Its name, address and eight words are shown; a second one in the same vault is refused."""
    first = world.laptop("first")
    made = enrol.create_organisation(first, "Test  Watch", world.ticket())
    assert (made.name, made.address, made.directory_version) == ("Test Watch", ADDRESS, 1)
    assert len(made.fingerprint) == 8 and enrol.organisation(first) == made
    with pytest.raises(UsageProblem, match="already"):
        enrol.create_organisation(first, "Another", world.ticket())


@pytest.mark.parametrize("cut", ["dead", "deaf"])
def test_cut_and_made_again_with_the_same_keys(world: World, cut: str) -> None:
    """Cut before or after the server's answer, the same call goes on with the same organisation."""
    first, ticket = world.laptop("first"), world.ticket()
    setattr(world.network, cut, True)
    with pytest.raises(LinkProblem):
        enrol.create_organisation(first, "Test Watch", ticket)
    begun = enrol.organisation(first)
    (problem,) = [
        found for found in status.doctor(first.vault.home.folder, first) if found.level == "problem"
    ]
    assert problem.title == "membership" and "org create" in (problem.hint or "")
    world.network.mend()
    first = world.after_crash(first)
    assert enrol.create_organisation(first, "Test Watch", ticket) == begun
    assert exchange.sync(first).waiting_frames == 0


def test_sync_confirms_what_the_server_took(world: World) -> None:
    """When the answer was lost and the ticket is gone, a sync that works settles it."""
    first = world.laptop("first")
    world.network.deaf = True
    with pytest.raises(LinkProblem):
        enrol.create_organisation(first, "Test Watch", world.ticket())
    world.network.mend()
    exchange.sync(first)
    assert not [found for found in status.doctor(first.vault.home.folder, first) if found.level == "problem"]


def test_sync_before_the_server_took_it_says_what_to_do(world: World) -> None:
    """The refusal names the step that is missing."""
    first = world.laptop("first")
    world.network.dead = True
    with pytest.raises(LinkProblem):
        enrol.create_organisation(first, "Test Watch", world.ticket())
    world.network.mend()
    with pytest.raises(RefusedProblem) as caught:
        exchange.sync(first)
    assert "org create" in (caught.value.hint or "")


def test_another_ticket_of_the_server_will_do(world: World) -> None:
    """After a cut the operator may give a new ticket; one of another server is refused before it is asked."""
    first = world.laptop("first")
    world.network.dead = True
    with pytest.raises(LinkProblem):
        enrol.create_organisation(first, "Test Watch", world.ticket())
    world.network.mend()
    other = replace(parse_ticket(world.ticket()), log_key=bytes(32))
    asked = len(world.network.posts)
    with pytest.raises(InputProblem, match="another server"):
        enrol.create_organisation(first, "Test Watch", encode_ticket(other))
    assert len(world.network.posts) == asked
    enrol.create_organisation(first, "Test Watch", world.ticket())
    assert exchange.sync(first).waiting_frames == 0


def test_used_ticket_makes_nothing_twice(world: World, first: Session) -> None:
    """A ticket makes one organisation."""
    ticket = world.ticket()
    enrol.create_organisation(world.laptop("a"), "A", ticket)
    with pytest.raises(RefusedProblem):
        enrol.create_organisation(world.laptop("b"), "B", ticket)


def test_invited_coordinator_founds_nothing(world: World, first: Session) -> None:
    """A second coordinator's vault belongs to an organisation, though no server ever confirmed one to it."""
    second = world.joiner(first, "second", "coordinator")
    with pytest.raises(UsageProblem, match="already"):
        enrol.create_organisation(second, "Another", world.ticket())


@pytest.mark.parametrize(
    ("name", "pseudonym", "kind"),
    [
        ("", "", UsageProblem),
        ("\x1b\x07", "", UsageProblem),
        ("x" * (MAX_LABEL_CHARS + 1), "", UsageProblem),
        ("Test Watch", "y" * 129, UsageProblem),
        ("ش" * 128, "", UsageProblem),
    ],
)
def test_names_that_nobody_could_read(world: World, name: str, pseudonym: str, kind: type[Exception]) -> None:
    """A name too long for a record would be refused by every other laptop: it is refused here, before."""
    first = world.laptop("first")
    with pytest.raises(kind):
        enrol.create_organisation(first, name, world.ticket(), pseudonym=pseudonym)
    assert first.vault.identities.load() is None and world.network.posts == []


@pytest.mark.parametrize("text", ["", "fkt1.", "fkt1.AAAA", "fki1.AAAA", "nonsense", "fkt1." + "A" * 2_000])
def test_mistyped_ticket_is_the_typists(world: World, text: str) -> None:
    """A slip of the hand is input, not forgery."""
    with pytest.raises(InputProblem):
        enrol.create_organisation(world.laptop("first"), "Test Watch", text)


def test_invite_says_what_it_is(world: World, first: Session) -> None:
    """Role, name and days; its text names the server, the root and the directory."""
    view = enrol.invite(first, "reporter", " north\n7 ", days=2)
    told = parse_invite(view.text)
    assert (view.role, view.name) == ("reporter", "north 7")
    assert (told.role, told.address, told.directory_version) == (Role.REPORTER, ADDRESS, 1)
    assert 0 < view.expires - world.time.now <= 2 * 86_400


@pytest.mark.parametrize(
    ("role", "name", "days"),
    [
        ("boss", "a", 1),
        ("reporter", "", 1),
        ("reporter", "a", 0),
        ("reporter", "a", 91),
        ("reporter", "ж" * 129, 1),
    ],
)
def test_invites_that_make_no_sense(world: World, first: Session, role: str, name: str, days: int) -> None:
    """Bad arguments queue nothing."""
    before = first.vault.outbox.heads()
    with pytest.raises(UsageProblem):
        enrol.invite(first, role, name, days=days)
    assert (first.vault.outbox.heads(), first.vault.outbox.unsealed()) == (before, {})


def test_only_officers_invite(world: World, first: Session, reporter: Session) -> None:
    """A reporter cannot."""
    with pytest.raises(UsageProblem, match="manages members"):
        enrol.invite(reporter, "reporter", "x")


def test_members_in_every_state(world: World, first: Session, reporter: Session) -> None:
    """You, certified, pending, invited; a reporter's laptop knows nobody."""
    enrol.invite(first, "coordinator", "later")
    exchange.sync(world.joiner(first, "fresh"))
    assert {line.name: line.state for line in enrol.members(first)} == {
        "first": "you",
        "north": "certified",
        "later": "invited",
        "fresh": "invited",
    }
    exchange.sync(first)
    states = {line.name: line.state for line in enrol.members(first)}
    assert states["fresh"] == "certified"
    with pytest.raises(UsageProblem, match="only coordinators"):
        enrol.members(reporter)


def test_drafts_outlive_a_refused_organisation(world: World) -> None:
    """What was written before is there after, whatever became of the organisation."""
    first = world.laptop("first")
    world.network.dead = True
    with pytest.raises(LinkProblem):
        enrol.create_organisation(first, "Test Watch", world.ticket())
    assert report(first) == 1
