"""Every script of a hostile server, in process and over TLS on loopback (docs/protocol.md §7 to §10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.actions import records
from fieldkit.actions.session import Session
from fieldkit.cli.exit_codes import ExitCode
from tests.hostile.holdings import Holdings, claimed, opened_for
from tests.hostile.roads import Listener, in_process, over_loopback
from tests.hostile.scene import Beginning, Scene, copied
from tests.hostile.script import Said, Script, Verb, run_verb
from tests.hostile.scripts.every import SCRIPTS

PATIENT_SECONDS = 20.0
"""Stall timer where nothing stalls: a busy machine is no hostile server."""

SHORT_SECONDS = {"in process": 0.02, "loopback": 0.2}
"""Stall timer where the server stalls: it has to run out six times."""

PLAY = [pytest.param(script, id=script.name) for script in SCRIPTS]


def _roads(scene: Scene, road: str, listener: Listener, *, stall: float) -> None:
    """Let the laptops reach the villain, and nobody else."""
    listener.settle()
    listener.peers = scene.villain.peer
    connect = in_process(scene.villain.peer, stall) if road == "in process" else over_loopback(stall)
    for session in (scene.first, scene.north):
        session.connect = connect


def _run(scene: Scene, verb: Verb) -> Said:
    return run_verb(scene.laptop(verb.value), verb)


@pytest.mark.parametrize("road", SHORT_SECONDS)
@pytest.mark.parametrize("script", PLAY)
def test_script(beginning: Beginning, tmp_path: Path, listener: Listener, script: Script, road: str) -> None:
    """The person is told these words; nothing is lost, no tick lies, and an honest server mends it all."""
    with copied(beginning, tmp_path) as scene:
        script.prepare(scene)
        victim = scene.laptop(script.verb.value)
        before = Holdings.of(victim)
        _roads(scene, road, listener, stall=SHORT_SECONDS[road] if script.stalls else PATIENT_SECONDS)
        _begin(scene, script, tmp_path)
        said = _run(scene, script.verb)
        assert (said.code, said.declared) == (script.exit, True), said.told
        assert set(script.told) <= set(said.told), said.told
        _nothing_is_worse(scene, script, victim, before)
        script.then(scene)
        _roads(scene, road, listener, stall=PATIENT_SECONDS)
        scene.villain.repent()
        _honest_again(scene)


def _begin(scene: Scene, script: Script, folder: Path) -> None:
    villain = scene.villain
    villain.deed, villain.times, villain.opening = script.deed, script.times, script.opening
    villain.context = None if script.context is None else script.context(folder)


def _nothing_is_worse(scene: Scene, script: Script, victim: Session, before: Holdings) -> None:
    after = Holdings.of(victim)
    assert before.lost(after) == {}
    assert before.received <= after.received
    assert script.refuses or after.refused == before.refused
    assert script.false_word or claimed(victim) <= scene.committed()
    assert opened_for(scene.north, scene.first)


def _honest_again(scene: Scene) -> None:
    """Sync, pull, sync with the honest server: every report arrives once and is delivered."""
    assert _run(scene, Verb.SYNC).code is ExitCode.OK
    pulled = _run(scene, Verb.PULL)
    assert pulled.code is ExitCode.OK, pulled
    assert _run(scene, Verb.SYNC).code is ExitCode.OK
    assert claimed(scene.north) <= scene.committed() and opened_for(scene.north, scene.first)
    titles = sorted(line.title for line in records.list_records(scene.first))
    assert titles == ["Delivered", "Received", "Waiting"]
    glyphs = {line.title: line.glyph for line in records.list_records(scene.north)}
    assert glyphs == {"Delivered": "✓✓", "Received": "✓✓", "Waiting": "✓✓", "Draft": "✎"}
