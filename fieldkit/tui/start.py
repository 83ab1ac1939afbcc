"""Opens the screens on a terminal. Imports textual only after its debugging switches are gone."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

SWITCHES = "TEXTUAL"
"""Variables of this name or prefix make Textual log, press keys, take screenshots, load code (R27)."""


def open_screens(home: Path) -> BaseException | None:
    """Run the screens until they are left; returns the fault that ended them, if one did."""
    drop_switches(os.environ)
    from fieldkit.tui.app import FieldkitApp
    from fieldkit.tui.desk import HomeDoor

    app = FieldkitApp(HomeDoor(home))
    try:
        app.run()
    finally:
        app.close_desk()
    return app.crash


def drop_switches(environment: MutableMapping[str, str]) -> None:
    """Take Textual's switches out of an environment."""
    for name in list(environment):
        if name == SWITCHES or name.startswith(f"{SWITCHES}_"):
            del environment[name]
