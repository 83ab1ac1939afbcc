"""Help and palette: shown over a screen, and never over each other."""

from __future__ import annotations

from textual.app import App
from textual.screen import Screen

from fieldkit.tui.commands import Command, commands_of


class BesideApp(App[None]):
    """The part of the program that knows them. Imports them when they are asked for."""

    def action_help(self) -> None:
        """Say what this screen is for and which keys work on it; again closes it."""
        from fieldkit.tui.screens.help import HelpScreen, help_of

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
        elif not is_beside(self.screen):
            self.push_screen(HelpScreen(help_of(self.screen)))

    def action_palette(self) -> None:
        """Offer everything that can be done here; again closes it."""
        from fieldkit.tui.screens.palette import PaletteScreen

        if isinstance(self.screen, PaletteScreen):
            self.pop_screen()
        elif not is_beside(self.screen):
            self.push_screen(PaletteScreen(commands_of(self.screen)), self._run)

    async def _run(self, command: Command | None) -> None:
        if command is not None:
            await self.run_action(command.action, command.node)


def is_beside(screen: Screen[object]) -> bool:
    """Whether a screen is help or palette, over which nothing else is shown."""
    from fieldkit.tui.screens.help import HelpScreen
    from fieldkit.tui.screens.palette import PaletteScreen

    return isinstance(screen, HelpScreen | PaletteScreen)
