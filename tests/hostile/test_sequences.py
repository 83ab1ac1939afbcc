"""One hostile exchange after another: what the first leaves behind must not help the second."""

from __future__ import annotations

import itertools
import os
import random
from pathlib import Path

import pytest

from fieldkit.cli.exit_codes import ExitCode
from sync.client import tasks
from tests.conftest import DEEP
from tests.hostile.holdings import Holdings, claimed, opened_for
from tests.hostile.roads import in_process
from tests.hostile.scene import Beginning, Scene, copied
from tests.hostile.script import Script, Verb, run_verb
from tests.hostile.scripts.every import SCRIPTS
from tests.hostile.test_server import FEW_LETTERS, PATIENT_SECONDS, honest_again
from tests.hostile.villain import Asked
from tests.hostile.wire import Act

LENGTH = 3
"""Hostile exchanges in a row."""

SEEDS = int(os.environ.get("FIELDKIT_SEEDS", "2000" if DEEP else "12"))
FIRST = int(os.environ.get("FIELDKIT_FIRST_SEED", "0"))
"""To walk through the deep run in parts, or to see one seed again."""

PLAIN = [
    script
    for script in SCRIPTS
    if script.deed and not (script.stalls or script.prepare.__name__ != "<lambda>")
]
"""Scripts that need nothing made ready."""


def _of(seed: int) -> list[Script]:
    return random.Random(seed).sample(PLAIN, LENGTH)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_one_after_another(
    beginning: Beginning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Three scripts by chance: nothing is lost, no tick lies, and the honest server mends it all."""
    monkeypatch.setattr(tasks, "LETTERS", FEW_LETTERS)
    scripts = _of(seed)
    with copied(beginning, tmp_path) as scene:
        _connect(scene)
        before = {name: Holdings.of(scene.laptop(name)) for name in ("first", "north")}
        forks = 0
        for script in scripts:
            scene.villain.deed, lies = script.deed, len(scene.villain.lies)
            said = run_verb(scene.laptop(script.verb.laptop), script.verb)
            forks += script.forks and len(scene.villain.lies) > lies
            assert said.declared and said.code is not ExitCode.INTERNAL, (script.name, said.told)
        for name, held in before.items():
            assert held.lost(Holdings.of(scene.laptop(name))) == {}, [one.name for one in scripts]
        assert any(one.false_word for one in scripts) or claimed(scene.north) <= scene.committed()
        assert opened_for(scene.north, scene.first)
        scene.villain.repent()
        honest_again(
            scene,
            forks=forks,
            refused=any(one.refuses for one in scripts),
            days=max(one.heals_after_days for one in scripts),
        )


def _connect(scene: Scene) -> None:
    for session in (scene.first, scene.north):
        session.connect = in_process(scene.villain.peer, PATIENT_SECONDS)


@pytest.mark.parametrize("pieces", [0, 1, 7, 60])
def test_a_person_gives_up_a_drip(beginning: Beginning, tmp_path: Path, pieces: int) -> None:
    """Whoever stops an answer that only drips loses nothing, and the next exchange finds out the rest."""

    def dripping(asked: Asked) -> Act:
        body = asked.honestly().body
        yield f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n".encode()
        yield from (body[at : at + 1] for at in range(pieces))
        raise KeyboardInterrupt

    with copied(beginning, tmp_path) as scene:
        _connect(scene)
        before = Holdings.of(scene.north)
        scene.villain.deed = dripping
        with pytest.raises(KeyboardInterrupt):
            run_verb(scene.north, Verb.SYNC)
        assert before.lost(Holdings.of(scene.north)) == {}
        assert claimed(scene.north) <= scene.committed()
        scene.villain.repent()
        honest_again(scene)


def test_chance_reaches_everything() -> None:
    """The deep run draws every plain script many times over; the ordinary one is a sample."""
    drawn = set(itertools.chain.from_iterable((one.name for one in _of(seed)) for seed in range(2_000)))
    assert drawn == {script.name for script in PLAIN}
