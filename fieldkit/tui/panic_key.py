"""The panic key: what a press of it does, on whatever screen, open or locked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from textual.app import App

from fieldkit.tui.commands import Command
from fieldkit.tui.erasing import PRESS_SECONDS, Erasing, Presses
from fieldkit.tui.ports.door import Door
from fieldkit.tui.screens.panic import DrillScreen, EraseScreen, PanicScreen

WARNING = "F12 once more within two seconds erases this vault for good. Doing nothing changes nothing."
NOTHING = "There is no vault here: nothing to erase."


class PanicKey:
    """Counts presses and erases. It stands between a hand and the disk: nothing here waits for a screen."""

    def __init__(
        self,
        app: App[Any],
        door: Callable[[], Door],
        *,
        uptime: Callable[[], float],
        let_go: Callable[[], Callable[[], None]],
        show: Callable[[PanicScreen], object],
    ) -> None:
        """`let_go` takes the open vault from the screens and returns what closes it; `show` leaves only
        the screen it is given.
        """
        self._app, self._door, self._uptime = app, door, uptime
        self._let_go, self._show = let_go, show
        self._presses = Presses()
        self.erasing: Erasing | None = None
        """Under way or done; None as long as nothing is erased."""

    def pressed(self) -> None:
        """The key: warn at the first press, erase at the second; on the screen for practice, practise."""
        screen = self._app.screen
        if isinstance(screen, DrillScreen):
            # In its own turn: it may still be being made.
            screen.call_later(screen.pressed, self._uptime())
        elif not self._door().exists():
            self._app.notify(NOTHING, timeout=PRESS_SECONDS, markup=False)
        elif self.erasing is None or self.erasing.trouble is not None:
            if self._presses.press(self._uptime()):
                self.erase()
            else:
                self._app.notify(WARNING, severity="warning", timeout=PRESS_SECONDS, markup=False)

    def erase(self) -> None:
        """Destroy the key slots now; what is shown comes after."""
        self._begin(Erasing())

    def go_on(self) -> bool:
        """Go on with an erase that was cut short after the key slots were gone; whether there was one."""
        begun = self._door().care.begun
        if begun:
            self._begin(Erasing(resumed=True))
        return begun

    def offers(self) -> Iterator[Command]:
        """The same without the key, and practising it, for the palette."""
        if self.erasing is None and self._door().exists():
            yield Command(
                words="Practise the panic key: nothing is erased",
                action="practise_panic",
                node=self._app,
                everywhere=True,
            )
            yield Command(
                words="Erase this vault for good", action="ask_to_erase", node=self._app, everywhere=True
            )

    def ask(self) -> None:
        """Ask for the word, for keyboards without the key."""
        self._app.push_screen(EraseScreen(), lambda sure: self.erase() if sure else None)

    def practise(self) -> None:
        """Open the screen on which the key erases nothing."""
        self._app.push_screen(DrillScreen(self._door().care))

    def _begin(self, erasing: Erasing) -> None:
        care = self._door().care
        self.erasing = erasing
        erasing.begin(care, self._let_go())
        erasing.limits = care.limits
        self._show(PanicScreen(erasing))
