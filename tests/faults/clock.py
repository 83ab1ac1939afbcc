"""Programs under a clock that is wrong by years: libfaketime changes what they are told, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.faults import strace_rig
from tests.faults.runs import Warm

LIBRARY: Final = "libfaketimeMT.so.1"
FOLDERS: Final = ("/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/faketime", "/usr/local/lib/faketime")
"""Where distributions put it."""

YEAR_SECONDS: Final = 31_556_952
"""365.2425 days."""

SLACK_SECONDS: Final = 600
"""A fake clock begins when the program does, and runs."""

ASKS: Final = "import time; print(int(time.time()))"


def environment(when: int) -> dict[str, str]:
    """What makes a program believe that it is `when`, in UTC seconds; the monotonic clock stays true."""
    at = datetime.fromtimestamp(when, UTC).strftime("@%Y-%m-%d %H:%M:%S")
    return {
        "LD_PRELOAD": str(_library()),
        "FAKETIME": at,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }


def missing() -> str | None:
    """Why no clock can be changed here; None when one can."""
    library = _library()
    if library is None:
        return "needs faketime"
    told = subprocess.run(
        [sys.executable, "-c", ASKS],
        env=strace_rig.environment(environment(0)),
        capture_output=True,
        check=True,
    )
    return None if int(told.stdout) < SLACK_SECONDS else "needs a faketime that works with this Python"


def _library() -> Path | None:
    return next((found for folder in FOLDERS if (found := Path(folder) / LIBRARY).exists()), None)


@contextmanager
def at(when: int, scratch: Path) -> Iterator[Warm]:
    """Programs that believe it is `when` when the block begins."""
    warm = Warm(scratch / f"clock-{when}", environment(when))
    try:
        yield warm
    finally:
        warm.close()
        # A killed program leaves what the library shares with its children.
        for name in (f"faketime_shm_{warm.pid}", f"sem.faketime_sem_{warm.pid}"):
            Path("/dev/shm", name).unlink(missing_ok=True)
