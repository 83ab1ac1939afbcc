"""Every script there is."""

from __future__ import annotations

from tests.hostile.script import Script
from tests.hostile.scripts import answers, connection, documents, feeds, letters, statements

SCRIPTS: tuple[Script, ...] = (
    *connection.SCRIPTS,
    *answers.SCRIPTS,
    *statements.SCRIPTS,
    *documents.SCRIPTS,
    *letters.SCRIPTS,
    *feeds.SCRIPTS,
)
