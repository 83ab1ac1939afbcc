"""Panic erase and its drill: what happens, how long it took, and what it cannot do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fieldkit.actions.errors import LockedProblem, in_plain_words
from fieldkit.vault import drill_stage, wiping
from fieldkit.vault.home import Home
from fieldkit.vault.platform import PRIVATE_FILE, held_by
from fieldkit.vault.wiping import Progress

DRILL_BYTES = 4 << 20
"""Most bytes a drill writes beside the home in place of the vault's other files."""

LIMITS = (
    "A copy of this disk, or a backup, that somebody made before still opens with its passphrase.",
    "Flash disks may keep old pages for a while; no program can reach those.",
    "Reports marked ✓ stay on the server, sealed; those marked ✓✓ are with the coordinators too."
    " What was not sent exists no more.",
)
"""What nobody may believe about an erased vault; said wherever one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erase did."""

    home: Path
    drill: bool
    """Whether this was practice: then the vault is as it was, and the figures are of a throw-away folder."""
    slots: int
    """Files with key slots that were destroyed."""
    slots_seconds: float
    """Until the vault could not be opened any more."""
    overwritten: bool
    """False when the disk refused to overwrite a key slot, which then was only removed."""
    files: int
    """Other files removed."""
    size: int
    """Bytes of them overwritten before."""
    left: tuple[str, ...]
    """Names of what could not be removed."""
    seconds: float
    process: int | None
    """Another process that still has the vault open, if the system tells."""


def nothing() -> None:
    """Does nothing."""


def anything_in(home: Path) -> bool:
    """Whether there is anything of a vault in a home. Changes nothing."""
    return not wiping.survey(home).nothing


def erase(
    home: Path,
    *,
    slots_gone: Callable[[], None] = nothing,
    progress: Progress = lambda done, all_: None,
    clock: Callable[[], float] = time.perf_counter,
) -> Erased:
    """Destroy the key slots of a home, then its other files. Needs no passphrase and no open vault.

    `slots_gone` is called when the vault can no longer be opened, before the rest, which may take long.
    Raises LockedProblem when there is no vault, or when its key slots could not be destroyed.
    """
    if not anything_in(home):
        raise LockedProblem(f"there is no vault in {home}: nothing was erased", "name its folder with --home")
    return _erase(home, home, slots_gone, progress, clock)


def drill(home: Path, *, clock: Callable[[], float] = time.perf_counter) -> Erased:
    """Practise: the same on a throw-away folder beside the home. The home itself is only looked at.

    Raises LockedProblem when there is no vault, InputProblem when nothing can be written beside it.
    """
    found = wiping.survey(home)
    if not found.slots:
        raise LockedProblem(f"there is no vault in {home}: nothing to practise on", "name it with --home")
    drill_stage.clear_left(home)
    with in_plain_words(), drill_stage.stage(home) as stage:
        _fill(stage.slots, sum(path.stat().st_size for path in found.slots))
        _fill(stage.database, min(DRILL_BYTES, found.size))
        return _erase(stage.folder, home, nothing, lambda done, all_: None, clock)


def _erase(
    folder: Path, home: Path, slots_gone: Callable[[], None], progress: Progress, clock: Callable[[], float]
) -> Erased:
    began = clock()
    with in_plain_words():
        slots = wiping.destroy_slots(folder)
    taken = clock() - began
    slots_gone()
    # Asked only now: nothing may stand between the key and the slots.
    shared = Home(folder).database
    process = held_by(shared.with_name(f"{shared.name}-shm"))
    rest = wiping.destroy_rest(folder, progress)
    return Erased(
        home=home,
        drill=folder != home,
        slots=slots.files,
        slots_seconds=taken,
        overwritten=slots.overwritten,
        files=rest.files,
        size=rest.size,
        left=rest.left,
        seconds=clock() - began,
        process=process,
    )


def _fill(path: Path, size: int) -> None:
    """A file of random bytes, on the disk, in place of one of the vault's."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(size))
        file.flush()
        os.fsync(file.fileno())
