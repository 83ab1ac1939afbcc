"""Shows the terminal's own cursor where one types: screen readers and input methods follow it.

Textual hides it and draws a picture of one; it moves the hidden one, but not exactly.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeGuard

from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.widgets import TextArea

SHOW = "\x1b[?25h"
HIDE = "\x1b[?25l"


def cursor_of(widget: Widget | None) -> Offset | None:
    """Where the cursor of the focused widget is on the screen; None when one does not type there."""
    if isinstance(widget, Input) and not widget.disabled:
        inside = widget.content_region
        column = widget._position_to_cell(widget.cursor_position) - widget.scroll_offset.x
        return Offset(inside.x + column, inside.y)
    if is_text_area(widget):
        return None if widget.read_only else widget.cursor_screen_offset
    place = getattr(widget, "cursor_screen_offset", None)
    return place if isinstance(place, Offset) and not isinstance(widget, Input) else None


def keep_still(widget: Widget) -> None:
    """No blinking: it costs bytes twice a second, and tells a screen reader that something has changed."""
    if isinstance(widget, Input) or is_text_area(widget):
        widget.cursor_blink = False


def is_text_area(widget: Widget | None) -> TypeGuard[TextArea]:
    """Whether it is one. Does not import it: that takes a tenth of the program's start."""
    module = sys.modules.get("textual.widgets._text_area")
    return module is not None and isinstance(widget, module.TextArea)
