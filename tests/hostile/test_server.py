"""Every script of a hostile server, in process and over TLS on loopback (docs/protocol.md §7 to §10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.actions import capture, enrol, exchange, records
from fieldkit.actions.session import Session
from fieldkit.cli.exit_codes import ExitCode
from sync.client import enrol as client_enrol
from sync.client import tasks
from tests.hostile.holdings import Holdings, claimed, opened_for
from tests.hostile.roads import Listener, in_process, over_loopback
from tests.hostile.scene import WAITING, Beginning, Scene, copied
from tests.hostile.script import Said, Script, Verb, run_verb
from tests.hostile.scripts import joining
from tests.hostile.scripts.every import SCRIPTS

PATIENT_SECONDS = 20.0
"""Stall timer where nothing stalls: a busy machine is no hostile server."""

SHORT_SECONDS = {"in process": 0.02, "loopback": 0.3}
"""Stall timer where the server stalls: it has to run out six times."""

FEW_LETTERS = 2_000
"""In the place of the client's own limit, so that mail without end ends sooner."""

FEW_BYTES = 300_000
"""In the place of the limit of an answer to an invite."""

SHRUNK = "were seen before: the server lost or hides some"

PLAY = [pytest.param(script, id=script.name) for script in SCRIPTS]


def _roads(scene: Scene, road: str, listener: Listener, *others: Session, stall: float) -> None:
    """Let the laptops reach the villain, and nobody else."""
    listener.settle()
    listener.peers = scene.villain.peer
    connect = in_process(scene.villain.peer, stall) if road == "in process" else over_loopback(stall)
    for session in (scene.first, scene.north, *others):
        session.connect = connect


def _run(scene: Scene, verb: Verb) -> Said:
    return run_verb(scene.laptop(verb.laptop), verb)


@pytest.mark.parametrize("road", SHORT_SECONDS)
@pytest.mark.parametrize("script", joining.SCRIPTS, ids=[script.name for script in joining.SCRIPTS])
def test_joining(
    beginning: Beginning,
    tmp_path: Path,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
    script: Script,
    road: str,
) -> None:
    """Somebody who joins believes nothing the invite does not vouch for, and can join once all is honest."""
    monkeypatch.setattr(client_enrol, "WIRE_BYTES", FEW_BYTES)
    with copied(beginning, tmp_path) as scene:
        script.prepare(scene)
        text = enrol.invite(scene.first, "reporter", "south").text
        exchange.sync(scene.first)
        newcomer = scene.world.laptop("south")
        empty = Holdings.of(newcomer)
        _roads(scene, road, listener, newcomer, stall=PATIENT_SECONDS)
        _begin(scene, script, tmp_path)
        said = run_verb(newcomer, Verb.JOIN, invite=text)
        assert (said.code, said.declared) == (script.exit, True), said.told
        assert set(script.told) <= set(said.told), said.told
        assert Holdings.of(newcomer) == empty
        scene.villain.repent()
        assert run_verb(newcomer, Verb.JOIN, invite=text).code is ExitCode.OK
        assert run_verb(newcomer, Verb.SYNC).code is ExitCode.OK


@pytest.mark.parametrize("road", SHORT_SECONDS)
@pytest.mark.parametrize("script", PLAY)
def test_script(
    beginning: Beginning,
    tmp_path: Path,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
    script: Script,
    road: str,
) -> None:
    """The person is told these words; nothing is lost, no tick lies, and an honest server mends it all."""
    monkeypatch.setattr(tasks, "LETTERS", FEW_LETTERS)
    play(script, beginning, tmp_path, listener, road)


def play(script: Script, beginning: Beginning, folder: Path, listener: Listener, road: str) -> None:
    """One script, from the laptop's exchange with the hostile server to the honest end."""
    with copied(beginning, folder) as scene:
        script.prepare(scene)
        victim = scene.laptop(script.verb.laptop)
        before = Holdings.of(victim)
        _roads(scene, road, listener, stall=SHORT_SECONDS[road] if script.stalls else PATIENT_SECONDS)
        _begin(scene, script, folder)
        said = _run(scene, script.verb)
        assert (said.code, said.declared) == (script.exit, True), said.told
        assert set(script.told) <= set(said.told), said.told
        _nothing_is_worse(scene, script, victim, before)
        scene.villain.repent()
        _roads(scene, road, listener, stall=PATIENT_SECONDS)
        script.then(scene)
        honest_again(scene, forks=script.forks, refused=script.refuses, days=script.heals_after_days)


def _begin(scene: Scene, script: Script, folder: Path) -> None:
    villain = scene.villain
    villain.deed, villain.times, villain.opening = script.deed, script.times, script.opening
    villain.context = None if script.context is None else script.context(folder)


def _nothing_is_worse(scene: Scene, script: Script, victim: Session, before: Holdings) -> None:
    after = Holdings.of(victim)
    assert before.lost(after) == {}
    assert script.takes_back or before.received <= after.received
    assert script.refuses or after.refused == before.refused
    assert script.false_word or claimed(victim) <= scene.committed()
    assert opened_for(scene.north, scene.first)


def honest_again(scene: Scene, *, forks: int = 0, refused: bool = False, days: int = 0) -> None:
    """With the honest server every report arrives once and is delivered, whoever comes first. `forks` is how
    many other logs were told of before.
    """
    if refused and any(line.stuck for line in records.list_records(scene.north)):
        capture.edit(scene.north, str(WAITING), {"narrative": "Written once more."})
        capture.finish(scene.north, str(WAITING))
    for verb in (Verb.PULL, Verb.SYNC, Verb.PULL, Verb.SYNC):
        said = _run(scene, verb)
        assert said.code is ExitCode.OK or (forks and verb is Verb.PULL), (verb, said.told)
    if forks:
        told = _run(scene, Verb.PULL).told
        # Two other logs on top of each other may have left more entries here than the honest one has.
        shrunk = forks > 1 and any(SHRUNK in line for line in told)
        assert shrunk or any(line.startswith("FORK") for line in told)
        for verb in (Verb.RESTART, Verb.SYNC, Verb.PULL, Verb.SYNC):
            assert _run(scene, verb).code is not ExitCode.INTERNAL
    if days:
        scene.world.time.pass_by(days=days)
        assert _run(scene, Verb.SYNC).code is ExitCode.OK
    assert claimed(scene.north) <= scene.committed() and opened_for(scene.north, scene.first)
    titles = sorted(line.title for line in records.list_records(scene.first))
    assert titles == ["Delivered", "Received", "Waiting"]
    glyphs = {line.title: line.glyph for line in records.list_records(scene.north)}
    assert glyphs == {"Delivered": "✓✓", "Received": "✓✓", "Waiting": "✓✓", "Draft": "✎"}
