"""Scripts against a client whose check was taken out: one that still passes could not have seen the lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hostile.roads import Listener
from tests.hostile.scene import Beginning
from tests.hostile.scripts.every import SCRIPTS
from tests.hostile.test_server import play

BY_NAME = {script.name: script for script in SCRIPTS}


def nothing(*_: object, **__: object) -> None:
    """Checks nothing."""


def yes(*_: object, **__: object) -> bool:
    """Finds everything right."""
    return True


def no(*_: object, **__: object) -> bool:
    """Finds nothing to do."""
    return False


def everything(_: object, hashes: dict[int, bytes]) -> set[int]:
    """Takes any receipt for all there is."""
    return set(hashes)


CONTROLS: dict[str, tuple[str, Any]] = {
    "swapped TLS key": ("sync.client.http.matches", yes),
    "true answer under 500": ("sync.client.exchange.OK", 500),
    "replayed receipt": ("sync.client.reply.ReplyRules._answers_us", nothing),
    "receipt of another organisation": ("sync.client.reply.ReplyRules._answers_us", nothing),
    "receipt by another key": ("sync.protocol.receipts.require", nothing),
    "receipt with a wrong head hash": ("sync.client.reply.covered", everything),
    "no receipt": ("sync.client.tasks.SyncTask.whole", no),
    "old directory": ("fieldkit.vault.documents.check_newer", yes),
    "directory by a removed officer": ("sync.protocol.directory.require", nothing),
    "root skipped a version": ("fieldkit.vault.documents.check_next", nothing),
    "forged acknowledgement": ("fieldkit.actions.trust.check_acknowledgement", yes),
    "acknowledgement by a non-reader": ("fieldkit.actions.trust.check_write", nothing),
    "letter of noise": ("fieldkit.vault.mailbox.Mailbox.begin_again", no),
    "a letter read before": ("fieldkit.vault.mailbox.Mailbox.begin_again", no),
    "truncated feed": ("sync.client.reply.ReplyRules.conclude", nothing),
    "log that forks": ("fieldkit.vault.feeds.Feeds._judge", nothing),
    "forged restart": ("fieldkit.vault.generations.check_signature", nothing),
    "signs for what it threw away": ("fieldkit.vault.losses.Losses.judge", nothing),
    "refuses what it signed for": ("sync.client.reply.covered", lambda *_: set()),
}
"""Script → what is taken out, and what stands there instead."""


@pytest.mark.parametrize("name", CONTROLS)
def test_a_client_without_the_check_is_caught(
    beginning: Beginning, tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The script fails, with its words or with what it finds afterwards."""
    target, instead = CONTROLS[name]
    monkeypatch.setattr(target, instead)
    with pytest.raises(AssertionError):
        play(BY_NAME[name], beginning, tmp_path, listener, "in process")
