"""What is counted along the way is what a look at everything would give."""

from __future__ import annotations

from fieldkit.actions import capture, discarding, exchange, records
from fieldkit.actions.session import Session
from fieldkit.model.state import State
from tests.actions.world import ANSWERS, World, report

DERIVED = """
SELECT count(*) FROM incident i WHERE i.acks IS NOT
    (SELECT coalesce(min(p.acknowledgements), 0) FROM outgoing_progress p WHERE p.incident = i.row)
"""
TALLY = "SELECT withdrawn, acks, incidents FROM tally WHERE incidents > 0 ORDER BY 1, 2"
COUNTED = "SELECT withdrawn, acks, count(*) FROM incident GROUP BY 1, 2 ORDER BY 1, 2"
UNFOUND = """
SELECT count(*) FROM incident i
WHERE i.found IS NOT EXISTS (SELECT 1 FROM incident_text t WHERE t.row = i.row)
"""


def check(session: Session) -> dict[str, int]:
    """Every count holds, and a filter by state lists what a look at each line gives; how many of each."""
    database = session.vault._database
    assert database.value(DERIVED) == 0 and database.value(UNFOUND) == 0
    assert database.rows(TALLY) == database.rows(COUNTED)
    everything = records.list_records(session, limit=1_000)
    # A report that is being changed is a draft too, and one whose withdrawal is not sent waits too.
    changing = {line.number for line in everything if line.has_draft}
    unsent = {line.number for line in everything if line.unsent}
    too: dict[State, set[int]] = {State.DRAFT: changing, State.WAITING: unsent}
    for state in State:
        listed = records.list_records(session, limit=1_000, state=str(state))
        wanted = too.get(state, set())
        assert listed == [line for line in everything if line.state == state or line.number in wanted], state
    counts = session.vault.records.counts()
    found = {str(state): sum(line.state == state for line in everything) for state in State}
    untold = sum(line.state == State.WITHDRAWN and line.unsent for line in everything)
    assert (counts.waiting, counts.received, counts.delivered, counts.withdrawn) == (
        found["waiting"] + untold,
        found["received"],
        found["delivered"],
        found["withdrawn"],
    )
    return found


def test_counts_hold_at_every_step(world: World, first: Session, reporter: Session) -> None:
    """Written, sent, pulled, acknowledged, changed, discarded, taken back, searched for."""
    for number in range(4):
        report(reporter, title=f"Report {number}")
    capture.new_draft(reporter, ANSWERS)
    assert check(reporter)["waiting"] == 4
    exchange.sync(reporter)
    assert check(reporter)["received"] == 4
    exchange.pull(first)
    assert check(first)["received"] == 4
    exchange.sync(first)
    exchange.sync(reporter)
    assert check(reporter)["delivered"] == 4
    capture.edit(reporter, "1", {"title": "changed"})
    assert check(reporter)["delivered"] == 4
    capture.finish(reporter, "1")
    assert check(reporter) == {
        "draft": 1,
        "waiting": 1,
        "received": 0,
        "delivered": 3,
        "returned": 0,
        "withdrawn": 0,
    }
    capture.withdraw(reporter, "2", "sent by mistake")
    discarding.discard(reporter, "5")
    assert check(reporter)["withdrawn"] == 1
    assert reporter.vault.records.counts().waiting == 2
    assert records.list_records(first, query="Mockbridge") and check(first)["received"] == 4
    exchange.sync(reporter)
    exchange.pull(first)
    exchange.sync(first)
    exchange.sync(reporter)
    assert check(reporter)["delivered"] == 3 and check(first)["withdrawn"] == 1
