"""A certified reporter with a changed program, against the server and the coordinators' pull."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.actions import exchange, publish, records
from fieldkit.actions.session import Session
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.model.text import clean
from sync.protocol.errors import Refusal
from sync.protocol.messages import ErrorItem, RefusedItem
from sync.server.settings import Settings
from tests.actions.world import report
from tests.hostile.move import Move
from tests.hostile.moves.every import MOVES
from tests.hostile.real import Town, real_town
from tests.hostile.rogue import Rogue
from tests.hostile.scene import Beginning, Scene, copied
from tests.hostile.script import Verb, run_verb

PLAY = [pytest.param(move, id=move.name) for move in MOVES]

HONEST = ["Behind it", "Delivered", "Received", "Waiting"]
"""What honest people have written by the time the coordinator has pulled."""

MANY = 1_000
"""More reports than are written here."""

MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\x1b\x9b\x00\x7f\r")
"""Letters that drive a terminal or turn its text round."""

SLOW_SECONDS = 20.0
"""Far more than any move takes, on a busy machine too: what grows without bound takes longer."""


def rogue_of(scene: Scene) -> Rogue:
    """A certified member whose program was changed, in process."""

    def post(path: str, body: bytes) -> tuple[int, bytes]:
        answer = scene.site.handlers.routes[path].handle(body, True)
        return answer.status, answer.body

    victim = next(line for line in records.list_records(scene.first) if line.title == "Delivered")
    session = scene.world.reporter(scene.first, "rogue")
    return Rogue.of(session, post, bytes.fromhex(victim.incident or ""))


@pytest.mark.parametrize("move", PLAY)
def test_move_in_process(beginning: Beginning, tmp_path: Path, move: Move) -> None:
    """The server serves the next client; the pull finishes, says why it set frames aside, loses nothing."""
    with copied(beginning, tmp_path) as scene:
        rogue, south = rogue_of(scene), scene.world.reporter(scene.first, "south")
        began = time.monotonic()
        move.act(rogue)
        answered(rogue, move)
        report(south, title="Behind it")
        for session in (south, scene.north):
            assert exchange.sync(session).waiting_frames == 0
        pulled(scene.first, move, tmp_path)
        exchange.sync(south)
        assert [line.glyph for line in records.list_records(south)] == ["✓✓"]
        assert time.monotonic() - began < SLOW_SECONDS


def answered(rogue: Rogue, move: Move) -> None:
    """The server said what it must, and no more."""
    items = [item for _, reply in rogue.answers for item in reply]
    refused = {item.code for item in items if isinstance(item, RefusedItem)}
    whole = tuple(item.code for item in items if isinstance(item, ErrorItem))
    assert (refused, whole) == (set(move.refused), move.whole)


def pulled(first: Session, move: Move, folder: Path) -> None:
    """The coordinator's laptop takes what is honest, once, and shows the rest."""
    said = run_verb(first, Verb.PULL)
    assert (said.code, said.declared) == (move.exit, True), (said.told, said.error)
    assert [entry.reason for entry in first.vault.inbox.refused()] == list(move.why)
    assert set(move.told) <= set(said.told), said.told
    lines = records.list_records(first)
    assert len(lines) == len(HONEST) + move.reports
    assert set(HONEST) <= {line.title for line in lines}
    again = exchange.pull(first)
    assert (again.refused, again.incidents_new) == (0, 0)
    shown = [run_verb(first, Verb.LIST)]
    shown += [run_verb(first, Verb.SHOW, ref=line.incident or "") for line in lines]
    assert {said.code for said in shown} == {ExitCode.OK}
    for text in (text for said in shown for text in said.lines):
        assert clean(text) == text and MARKS.isdisjoint(text), text
    for kind in publish.FORMATS:
        told = publish.export(first, kind, folder / f"out.{kind}")
        assert told.incidents + told.left_out == len(lines)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, beginning: Beginning) -> Iterator[Town]:
    """A real server, its people, and a rogue for each move."""
    folder = tmp_path_factory.mktemp("town")
    with real_town(folder, beginning.template, rogues=len(MOVES)) as made:
        yield made


@pytest.mark.parametrize(("number", "move"), list(enumerate(MOVES)), ids=[move.name for move in MOVES])
def test_move_over_tls(town: Town, number: int, move: Move) -> None:
    """The same against the real program over TLS, one move after the other, without a clean start between."""
    before = [entry.reason for entry in town.first.vault.inbox.refused()]
    listed = len(records.list_records(town.first, limit=MANY))
    rogue = town.rogues[number]
    move.act(rogue)
    answered(rogue, move)
    report(town.south, title=f"Behind {move.name}")
    assert exchange.sync(town.south).waiting_frames == 0
    said = run_verb(town.first, Verb.PULL)
    assert said.declared and said.code in (ExitCode.OK, ExitCode.PARTIAL, ExitCode.VERIFICATION), said.told
    reasons = [entry.reason for entry in town.first.vault.inbox.refused()]
    assert reasons[len(before) :] == list(move.why)
    assert len(records.list_records(town.first, limit=MANY)) == listed + 1 + move.reports
    exchange.sync(town.south)
    assert {line.glyph for line in records.list_records(town.south, limit=MANY)} == {"✓✓"}


def test_quota(beginning: Beginning, tmp_path: Path) -> None:
    """A member who sends without end is stopped at its share; everybody else goes on."""
    with copied(beginning, tmp_path, Settings(member_frames=40)) as scene:
        rogue, south = rogue_of(scene), scene.world.reporter(scene.first, "south")
        for _ in range(4):
            rogue.send(*[rogue.record() for _ in range(50)])
        codes = [item.code for _, items in rogue.answers for item in items if isinstance(item, RefusedItem)]
        assert set(codes) == {Refusal.QUOTA}
        held = scene.committed()
        assert len(held) < 40 + 40
        report(south, title="Behind it")
        assert exchange.sync(south).waiting_frames == 0
        assert exchange.pull(scene.first).incidents_new == 2
        assert len(scene.committed()) > len(held)
