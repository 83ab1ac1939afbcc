"""A server restored from an older backup: ticks are taken back, a coordinator restarts the log."""

from __future__ import annotations

import pytest

from fieldkit.actions import exchange, records, restarting, status
from fieldkit.actions.errors import RefusedProblem, UsageProblem, VerificationProblem
from fieldkit.actions.session import Session
from fieldkit.actions.set_back import set_back
from fieldkit.vault.evidence import Finding
from sync.protocol.ids import ADMIN, MAIN
from sync.server.stores.memory import MemoryStore
from tests.actions.world import SOURCED, World, glyph, report


def backup(world: World) -> object:
    """What a copy of the server's folder holds now."""
    assert isinstance(world.site.store, MemoryStore)
    return world.site.store._held


def restore(world: World, held: object) -> None:
    """Put the copy back."""
    world.site.store._held = held  # type: ignore[attr-defined]


def titles(session: Session) -> list[str]:
    """Every report a laptop lists, each once."""
    return sorted(line.title for line in records.list_records(session))


def test_the_whole_way_back(world: World) -> None:
    """Two reports lost, one of them pulled: in the end everybody holds all, once, and ticks are true."""
    first = world.founder()
    second = world.coordinator(first)
    north = world.reporter(first)
    report(north, SOURCED, title="one")
    exchange.sync(north)
    exchange.pull(first)
    held = backup(world)

    report(north, SOURCED, title="two")
    exchange.sync(north)
    exchange.pull(first)
    report(north, title="three")
    exchange.sync(north)
    assert [glyph(north, number) for number in (1, 2, 3)] == ["✓✓", "✓✓", "✓"]
    restore(world, held)

    with pytest.raises(VerificationProblem, match="lost or hides") as caught:
        exchange.pull(first)
    assert "fieldkit org restart-log" in (caught.value.hint or "")
    assert {lane.name for lane in set_back(first)} & {"main", "sources"}

    findings = status.doctor(first.vault.home.folder, first)
    assert "log" in [found.title for found in findings if found.level == "problem"]

    told = exchange.sync(north)
    assert told.waiting_frames == 0 and any("wait again" in alarm for alarm in told.alarms)
    assert glyph(north, 3) == "✓"

    done = restarting.restart_log(first)
    assert (done.waiting_frames, set_back(first)) == (0, ())
    for session in (second, first, second):
        assert exchange.pull(session).gaps == ()
    assert titles(first) == titles(second) == ["one", "three", "two"]
    exchange.sync(north)
    assert [glyph(north, number) for number in (1, 2, 3)] == ["✓✓"] * 3
    assert Finding.RESTART in {found.kind for found in first.vault.evidence.all()}
    assert [exchange.pull(session).forks for session in (first, second)] == [(), ()]
    for session in (first, second, north):
        findings = status.doctor(session.vault.home.folder, session)
        assert [line for line in findings if line.level == "problem"] == []


def test_what_its_author_cannot_send_again_is_offered(world: World) -> None:
    """A laptop that never comes back: coordinators who hold its frames give them back to the server."""
    first = world.founder()
    held = backup(world)
    north = world.reporter(first)
    report(north, SOURCED, title="the only copy")
    exchange.sync(north)
    exchange.pull(first)
    restore(world, held)
    with pytest.raises(VerificationProblem):
        exchange.pull(first)
    assert restarting.restart_log(first).offered_frames
    second = world.coordinator(first)
    exchange.pull(first)
    exchange.pull(second)
    assert titles(second) == ["the only copy"]
    assert exchange.pull(first).offered_frames == 0
    exchange.sync(north)
    assert glyph(north) == "✓✓"


def test_a_laptop_that_joined_after_the_backup(world: World) -> None:
    """The server does not know it and has no invite: it waits, truthfully, until a coordinator has synced."""
    first = world.founder()
    held = backup(world)
    north = world.reporter(first)
    report(north, title="written before")
    exchange.sync(north)
    restore(world, held)
    with pytest.raises(RefusedProblem, match="restored from an older backup"):
        exchange.sync(north)
    with pytest.raises(RefusedProblem):
        exchange.sync(north)
    assert any("fieldkit org restart-log" in alarm for alarm in exchange.sync(first).alarms)
    told = exchange.sync(north)
    assert (told.waiting_frames, told.refused) == (0, ())
    assert glyph(north) == "✓"
    restarting.restart_log(first)
    exchange.sync(north)
    assert glyph(north) == "✓✓"


def test_a_log_that_grew_again_is_noticed(world: World) -> None:
    """Longer than before, but not the one pulled: an alarm names the verb, and all is found afterwards."""
    first = world.founder()
    north, south = world.reporter(first, "north"), world.reporter(first, "south")
    held = backup(world)
    report(north, title="lost")
    exchange.sync(north)
    exchange.pull(first)
    restore(world, held)
    for number in range(6):
        report(south, title=f"new {number}")
    exchange.sync(south)
    told = exchange.pull(first)
    assert any("fieldkit org restart-log" in alarm for alarm in told.alarms)
    restarting.restart_log(first)
    exchange.sync(north)
    exchange.pull(first)
    assert titles(first) == ["lost", *(f"new {number}" for number in range(6))]
    assert MAIN not in [one.lane for one in first.vault.generations.set_back()]


def test_two_coordinators_at_once(world: World) -> None:
    """Whoever comes second finds the lane begun anew already, and goes on in the same generation."""
    first = world.founder()
    second = world.coordinator(first)
    north = world.reporter(first)
    for session in (first, second):
        exchange.pull(session)
    held = backup(world)
    report(north, title="mine")
    exchange.sync(north)
    for session in (first, second):
        exchange.pull(session)
    restore(world, held)
    for session in (first, second):
        with pytest.raises(VerificationProblem):
            exchange.pull(session)
    restarting.restart_log(first)
    restarting.restart_log(second)
    assert set_back(second) == ()
    organisation = first.vault.identities.require().organisation
    for lane in (MAIN, ADMIN):
        assert (
            first.vault.feeds.cursor(organisation, lane)[0]
            == second.vault.feeds.cursor(organisation, lane)[0]
        )
    assert titles(second) == ["mine"]


def test_nothing_to_restart(world: World) -> None:
    """Without a pull that found something, and for a reporter, it is refused with the next step."""
    first = world.founder()
    with pytest.raises(UsageProblem, match="no lane was found set back"):
        restarting.restart_log(first)
    with pytest.raises(UsageProblem, match="manages members"):
        restarting.restart_log(world.reporter(first))
