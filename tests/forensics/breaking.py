"""The real program with one thing broken on purpose: `breaking.py FAULT ARGUMENT…`.

The faults strike while a report is open on the screen, with its words in a local variable, in the error's own
text, and all over the program's memory. Nothing of this is in the program itself.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldkit.cli import main as program
from fieldkit.tui import app
from fieldkit.tui.desks.reports import VaultReports
from fieldkit.tui.screens.record import RecordScreen
from fieldkit.vault import platform

STRUCK = "STRUCK"
"""Names, in the environment, a file that is made when the fault strikes: a test must not pass without it."""

_read = VaultReports.read
_shown = RecordScreen.on_report_read


def words(event: Any) -> str:
    """All the open report says."""
    return "\n".join(passage.text for passage in event.reading.passages)


def fail(told: str) -> None:
    """Fail with the report's words in the error and in a local variable."""
    local_words = f"about {told}"
    strike()
    raise ValueError(local_words)


def strike() -> None:
    """Tell the test that the fault has come."""
    Path(os.environ[STRUCK]).touch()


def _in_a_message(screen: RecordScreen, event: Any) -> None:
    _shown(screen, event)
    fail(words(event))


def _in_a_worker(desk: VaultReports, number: int) -> None:
    fail("\n".join(passage.text for passage in _read(desk, number).passages))


def _in_drawing(screen: RecordScreen, event: Any) -> None:
    class Broken:
        """A line that cannot be drawn."""

        text = words(event)

        def __rich_console__(self, *_: object) -> None:
            fail(self.text)

    _shown(screen, event)
    screen.query_one("#heading").update(Broken())  # type: ignore[attr-defined]


def _in_a_thread(screen: RecordScreen, event: Any) -> None:
    _shown(screen, event)
    thread = threading.Thread(target=fail, args=[words(event)])
    thread.start()
    thread.join()


def _in_a_forgotten_task(screen: RecordScreen, event: Any) -> None:
    async def forgotten() -> None:
        fail(words(event))

    _shown(screen, event)
    asyncio.get_running_loop().create_task(forgotten())


def _in_a_callback(screen: RecordScreen, event: Any) -> None:
    _shown(screen, event)
    asyncio.get_running_loop().call_soon(fail, words(event))


def _while_letting_go(screen: RecordScreen, event: Any) -> None:
    class Kept:
        """Something that fails as it goes."""

        def __del__(self, told: str = words(event)) -> None:
            fail(told)

    _shown(screen, event)
    Kept()


def _dead(screen: RecordScreen, event: Any) -> None:
    _shown(screen, event)
    strike()
    ctypes.string_at(0)


FAULTS: dict[str, Callable[..., None]] = {
    "message": _in_a_message,
    "drawing": _in_drawing,
    "thread": _in_a_thread,
    "forgotten task": _in_a_forgotten_task,
    "callback": _in_a_callback,
    "letting go": _while_letting_go,
    "dead": _dead,
}


def main(fault: str) -> int:
    """Break one thing, then run the program. `bare …` also takes out what keeps a crash silent."""
    kind = fault.removeprefix("bare ")
    if kind != fault:
        platform.harden_process = list
        del app.FieldkitApp._handle_exception
    if kind == "worker":
        VaultReports.read = _in_a_worker  # type: ignore[method-assign, assignment]
    else:
        RecordScreen.on_report_read = FAULTS[kind]  # type: ignore[method-assign]
    return program.main()


if __name__ == "__main__":
    sys.exit(main(sys.argv.pop(1)))
