"""Opens the screens on a terminal. Imports textual only after its debugging switches are gone."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import MutableMapping
from pathlib import Path

SWITCHES = "TEXTUAL"
"""Variables of this name or prefix make Textual log, press keys, take screenshots, load code (R27)."""

GRACE_SECONDS = 2.0
"""How long the screens may take to leave a terminal in order."""

SIGNALLED = 128
"""A shell's exit code for a program that a signal ended is this and the signal's number."""


def open_screens(home: Path, *, practice: bool = False) -> BaseException | None:
    """Run the screens until they are left; returns the fault that ended them, if one did.

    With `practice` they open the practice vault that belongs to the home.
    """
    drop_switches(os.environ)
    # Loading makes hardly any garbage, and looking for it takes a fifth of the time to the first picture. The
    # screens begin again once that is drawn.
    gc.disable()
    from fieldkit.tui.app import FieldkitApp
    from fieldkit.tui.desks.door import HomeDoor
    from fieldkit.tui.desks.manner import manner_of

    manner = manner_of(home, os.environ)
    door = HomeDoor(home)
    app = FieldkitApp(door.rehearsal() if practice else door, going=end_soon, look=manner.look)
    app.set_keymap(dict(manner.keys))
    app.notices = manner.said
    try:
        app.run()
    finally:
        gc.enable()
        app.close_desk()
    return app.crash


def end_soon(number: int) -> None:
    """After a signal the program ends even if the screens do not: Textual waits for ever for a terminal
    that is gone. The vault is closed by then.
    """
    deadline = threading.Timer(GRACE_SECONDS, os._exit, [SIGNALLED + number])
    deadline.daemon = True
    deadline.start()


def drop_switches(environment: MutableMapping[str, str]) -> None:
    """Take Textual's switches out of an environment."""
    for name in list(environment):
        if name == SWITCHES or name.startswith(f"{SWITCHES}_"):
            del environment[name]
