"""The benchmark runs, small, on a real server; bytes are no timing, so their budgets hold on every run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench import __main__ as program
from tests.bench.framed import NAMES
from tests.bench.rows import GROUPS, Group, ingest_rows
from tests.bench.table import Budget, Row
from tests.bench.wire import CASES, SEALERS, Case, laptops, measured, play
from tests.bench.world import World

pytestmark = pytest.mark.apart


TRIED = tuple(case for case in CASES if case.laptop < 2)
"""Without news, with one report, with twenty."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A server, an organisation and reporters who have nothing to fetch."""
    with World(laptops(TRIED) + SEALERS) as running:
        yield running


@pytest.fixture(scope="module")
def rows(world: World) -> dict[str, Row]:
    """One run of row 4, its rows by name."""
    made = [row for row in measured(world, runs=1, cases=TRIED) if isinstance(row, Row)]
    found = {row.what: row for row in made}
    assert len(found) == len(made)
    return found


@pytest.mark.parametrize(
    ("what", "budget"),
    [
        ("one English incident, framed, median of 12", 750),
        ("one Arabic incident, framed, median of 12", 900),
        ("nothing new, cold, after the handshake", 800),
        ("nothing new, warm", 800),
        ("20 English, cold, epoch frame", 17_920),
        ("  requests", 1),
    ],
)
def test_the_byte_budgets_hold(rows: dict[str, Row], what: str, budget: int) -> None:
    """The figures the design promises, and no figure below what it is made of."""
    row = rows[what]
    assert row.budget is not None
    assert row.budget.bound == budget
    assert row.ok, str(row)
    assert row.limit is None or row.limit.ratio > 1


def test_every_language_and_case_has_its_row(rows: dict[str, Row]) -> None:
    """What carries no budget is shown all the same."""
    assert {case.what for case in TRIED} < rows.keys()
    assert [name for name in NAMES.values() if f"one {name} incident, framed, median of 12" not in rows] == []


def test_what_was_sent_was_confirmed(rows: dict[str, Row], world: World) -> None:
    """The figures are of reports that arrived: nothing waits on a laptop that sent."""
    assert rows
    for reporter in world.reporters[:-SEALERS]:
        assert reporter.session.vault.delivery.pending_totals() == (0, 0)
        assert reporter.session.vault.outbox.unsealed() == {}


def test_the_wiretap_and_the_program_count_alike(world: World) -> None:
    """Two counters that know nothing of each other; the handshake is one of TLS 1.3 with a certificate."""
    cost = play(Case(what="nothing new", laptop=0), world.reporters[0]).cost
    line = world.tap.lines[-1]

    assert cost.moved.connections == cost.bodies.requests == 1
    assert (cost.moved.up, cost.moved.down) == (cost.report.bytes_up, cost.report.bytes_down)
    assert (line.version, line.group) == ("TLS 1.3", "X25519")
    assert line.handshake == cost.moved.handshake > world.certificate_bytes
    assert cost.moved.after_handshake > cost.bodies.up + cost.bodies.down


def test_the_rows_of_ingest_are_whole() -> None:
    """Row 1 on a few frames: figures, and no write refused."""
    speed, refused = (
        row for row in ingest_rows(1, sizes=(20,), clients=(1,), frames=40) if isinstance(row, Row)
    )
    assert speed.figure > 0
    assert refused.ok


@pytest.mark.parametrize(("figure", "code"), [(750, 0), (751, 1)])
def test_a_missed_budget_shows_in_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], figure: int, code: int
) -> None:
    """The table is printed either way, with what the figures depend on."""

    def rows(runs: int) -> Iterator[Row | str]:
        yield Row(what="a thing", figure=figure, unit="bytes", budget=Budget(bound=750))
        yield f"    {runs} runs"

    monkeypatch.setitem(GROUPS, "thing", Group(number=9, title="things", rows=rows))
    assert program.main(["thing", "--runs", "3"]) == code
    printed = capsys.readouterr().out
    assert "9. things" in printed and "3 runs" in printed and "seed" in printed
    assert ("missed: 9. a thing" in printed) is bool(code)


def test_an_unknown_row_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the rows there are."""
    with pytest.raises(SystemExit):
        program.main(["wires"])
    assert ", ".join(GROUPS) in capsys.readouterr().err
