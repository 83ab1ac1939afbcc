"""Care of a home on disk: panic erase and its drill."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.tui.desks.telling import told
from fieldkit.tui.ports.care import Erased, Progress
from fieldkit.vault.home import Home

if TYPE_CHECKING:
    from fieldkit.actions import wiping
    from fieldkit.actions.session import Session


class HomeCare:
    """Needs no passphrase. Imports what it needs only when it is asked to."""

    def __init__(self, home: Path) -> None:
        self._home = home

    @property
    def limits(self) -> tuple[str, ...]:
        """What erasing cannot do."""
        from fieldkit.actions.wiping import LIMITS

        return LIMITS

    @property
    def begun(self) -> bool:
        """Whether an erase was cut short."""
        return Home(self._home).erased()

    def erase(self, slots_gone: Callable[[float], None], progress: Progress) -> Erased:
        """Destroy the key slots, then the rest. Raises Trouble."""
        began = time.perf_counter()
        with told():
            from fieldkit.actions import wiping

            done = wiping.erase(
                self._home,
                slots_gone=lambda: slots_gone(time.perf_counter() - began),
                progress=progress,
            )
        return _erased(done)

    def drill(self) -> Erased:
        """Practise. Raises Trouble."""
        with told():
            from fieldkit.actions import wiping

            return _erased(wiping.drill(self._home))

    def restore(self, file: str, passphrase: str) -> str:
        """Make the vault from a backup. Raises Trouble."""
        with told():
            from fieldkit.actions import backing_up

            done = backing_up.restore(self._home, Path(file), passphrase)
            return "\n".join((f"The vault is there, whole, from {done.file}.", *backing_up.RESTORED))


class VaultKeeping:
    """Backups of an open vault."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def back_up(self, file: str) -> str:
        """Write one. Raises Trouble."""
        with told():
            from fieldkit.actions import backing_up

            done = backing_up.back_up(self._session, Path(file))
            written = f"Written to {done.file} and read back: {done.size:,} bytes."
            return "\n".join((written, *backing_up.KEPT))

    def note_crash(self, error: BaseException) -> None:
        """Keep a note of a fault. Raises Trouble."""
        with told():
            from fieldkit.actions import crash_note

            crash_note.note(self._session, error)


def _erased(done: wiping.Erased) -> Erased:
    return Erased(
        slots_seconds=done.slots_seconds,
        overwritten=done.overwritten,
        size=done.size,
        left=done.left,
        seconds=done.seconds,
        process=done.process,
    )
