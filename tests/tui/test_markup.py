"""R26 before the vault is open: what is named there is text, whatever brackets it holds."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from fieldkit.tui.ports.trouble import Trouble
from tests.tui.desk import MemoryDoor
from tests.tui.showing import settle, showing, text_of

pytestmark = pytest.mark.anyio

BRACKETS = "[bold]home[/] [/nothing] ["


class Refusing(MemoryDoor):
    """A door that never opens, and names its folder."""

    def open(self, passphrase: str) -> object:  # type: ignore[override]
        """Refuse."""
        raise Trouble(f"no vault in {BRACKETS}", "")


async def test_brackets_before_the_vault_is_open() -> None:
    """No widget of the first screen parses markup, and a refusal that holds some is shown as it is."""
    async with showing(Refusing(), unlock=False) as pilot:
        for widget in pilot.app.screen.query(Static):
            assert not widget._render_markup, widget
        await pilot.press("a", "enter")
        await settle(pilot)
        assert f"no vault in {BRACKETS}" in text_of(pilot)
