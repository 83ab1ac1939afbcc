"""Keys that move and delete in a text act in their turn, however fast they come."""

from __future__ import annotations

from textual import events
from textual.widget import Widget

GIVEN_ON = frozenset({"submit"})
"""What an editor does for whoever stands around it."""


async def act_in_turn(editor: Widget, event: events.Key) -> None:
    """Do at once what a key does in an editor, where it does something.

    Letters are put in as they come, but Textual asks the program what a key such as Backspace is bound to. By
    then later letters are there: of `x`, Backspace and `h` that a slow link brings together, the `h` went.
    """
    for binding in editor._bindings.key_to_bindings.get(event.key, ()):
        if not binding.priority and binding.action not in GIVEN_ON:
            event.stop()
            event.prevent_default()
            await editor.app.run_action(binding.action, editor)
            return
