"""Every script there is, but for those that meet somebody who joins."""

from __future__ import annotations

from tests.hostile.script import Script
from tests.hostile.scripts import (
    answers,
    connection,
    documents,
    feeds,
    forks,
    items,
    letters,
    statements,
    words,
)

SCRIPTS: tuple[Script, ...] = (
    *connection.SCRIPTS,
    *answers.SCRIPTS,
    *statements.SCRIPTS,
    *items.SCRIPTS,
    *words.SCRIPTS,
    *documents.SCRIPTS,
    *letters.SCRIPTS,
    *feeds.SCRIPTS,
    *forks.SCRIPTS,
)
