"""✓✓ is true of the very revision that is shown: after edits, withdrawals, backups put back and copies.

Random histories of one reporter's laptops; after each step every line that says delivered is held against
what the coordinator's vault really holds.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from fieldkit.actions import backing_up, capture, exchange, records
from fieldkit.actions.errors import ActionError
from fieldkit.actions.session import Session
from fieldkit.model.ids import IncidentId, RevisionId
from fieldkit.vault.revisions import StoredRevision
from tests.actions.world import ANSWERS, PASSPHRASE, World, report

STEPS = 40
LAPTOPS = 3
SEEDS = (1, 2, 3)


class Told(Exception):
    """A line says what is not so."""


def revisions(session: Session, incident: str) -> list[StoredRevision]:
    """All that a vault holds of a report."""
    return session.vault.revisions.of_incident(IncidentId(bytes.fromhex(incident)))


def newest(session: Session, incident: str) -> list[RevisionId]:
    """Those that nothing follows: what a line of the list speaks of."""
    stored = revisions(session, incident)
    followed = {parent for one in stored for parent in one.parents}
    return [one.id for one in stored if one.id not in followed]


def check(session: Session, coordinator: Session, states: frozenset[str] = frozenset({"delivered"})) -> None:
    """Raise Told unless the coordinator holds each revision of which a line in these states speaks."""
    for line in records.list_records(session, limit=1_000):
        if line.incident is None or line.state not in states:
            continue
        there = {one.id for one in revisions(coordinator, line.incident)}
        if not there.issuperset(newest(session, line.incident)):
            raise Told(f"report {line.number} is {line.state}")


def steps(
    world: World, first: Session, laptops: list[Session], chance: random.Random
) -> list[Callable[[], object]]:
    """What may happen next, on one of the laptops."""
    session = chance.choice(laptops)
    backup = world.folder / "backup"
    finished = [line for line in records.list_records(session, limit=1_000) if line.incident]
    some = str(chance.choice(finished).number) if finished else "1"

    def edit() -> None:
        capture.edit(session, some, {"narrative": f"changed {chance.random()}"})
        capture.finish(session, some)

    def put_back() -> None:
        if backup.exists() and len(laptops) < LAPTOPS:
            folder = world.folder / f"laptop {len(laptops)}"
            backing_up.restore(folder, backup, PASSPHRASE)
            laptops.append(world._session(world.template.open(folder)))

    def back_up() -> None:
        backing_up.back_up(session, backup)

    return [
        lambda: report(session, title=f"report {chance.random()}"),
        edit,
        edit,
        lambda: capture.edit(session, some, {"town": "only begun"}),
        lambda: capture.withdraw(session, some, "a mistake"),
        lambda: exchange.sync(session),
        lambda: exchange.sync(session),
        lambda: exchange.pull(first),
        lambda: exchange.pull(first),
        back_up,
        put_back,
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_ticks_are_true_at_every_step(world: World, first: Session, reporter: Session, seed: int) -> None:
    """Whatever happens, no laptop shows ✓✓ for what the coordinator does not hold; in the end all have it."""
    chance, laptops = random.Random(seed), [reporter]
    for _ in range(STEPS):
        # Such as a second withdrawal: said, and nothing done.
        with suppress(ActionError):
            chance.choice(steps(world, first, laptops, chance))()
        for session in laptops:
            check(session, first)
    for _ in range(2):
        for session in laptops:
            exchange.sync(session)
        exchange.pull(first)
    for session in laptops:
        exchange.sync(session)
        check(session, first)
        check(session, first, frozenset({"received", "withdrawn"}))


def test_a_false_tick_is_found(world: World, first: Session, reporter: Session, tmp_path: Path) -> None:
    """The control: of what has only reached the server, the check says that the coordinator has it not."""
    report(reporter)
    exchange.sync(reporter)
    assert ANSWERS["title"] in [line.title for line in records.list_records(reporter)]
    check(reporter, first)
    with pytest.raises(Told):
        check(reporter, first, frozenset({"received"}))


def test_a_change_takes_the_ticks_away(world: World, first: Session, reporter: Session) -> None:
    """✓✓ was of the revision before: the one that is shown waits, is received, and only then delivered."""
    report(reporter)
    exchange.sync(reporter)
    exchange.pull(first)
    exchange.sync(reporter)

    def state() -> str:
        return records.list_records(reporter)[0].state

    seen = [state()]
    capture.edit(reporter, "1", {"narrative": "said otherwise"})
    capture.finish(reporter, "1")
    seen.append(state())
    exchange.sync(reporter)
    seen.append(state())
    exchange.pull(first)
    exchange.sync(reporter)
    assert [*seen, state()] == ["delivered", "waiting", "received", "delivered"]
