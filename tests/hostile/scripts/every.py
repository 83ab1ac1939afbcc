"""Every script there is."""

from __future__ import annotations

from tests.hostile.script import Script
from tests.hostile.scripts import answers, connection

SCRIPTS: tuple[Script, ...] = (*connection.SCRIPTS, *answers.SCRIPTS)
