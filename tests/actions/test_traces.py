"""After every exchange, good or bad, no used key is left in the write-ahead log."""

from __future__ import annotations

import pytest

from fieldkit.actions import exchange
from fieldkit.actions.errors import LinkProblem
from fieldkit.actions.session import Session
from tests.actions.world import World, report


def log_bytes(session: Session) -> int:
    """Size of the vault's write-ahead log."""
    log = session.vault.home.database.with_name("vault.db-wal")
    return log.stat().st_size if log.exists() else 0


@pytest.mark.parametrize("dead", [False, True], ids=["a good exchange", "a dead link"])
def test_log_is_cut_to_zero(world: World, reporter: Session, dead: bool) -> None:
    """Sealing wrote keys into the log; at the end of the exchange it is empty."""
    report(reporter)
    assert log_bytes(reporter) > 0
    world.network.dead = dead
    if dead:
        with pytest.raises(LinkProblem):
            exchange.sync(reporter)
    else:
        exchange.sync(reporter)
    assert log_bytes(reporter) == 0
