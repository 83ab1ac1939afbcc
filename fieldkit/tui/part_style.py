"""How a part of a widget is drawn, as its style sheet says, what is reversed included.

Textual's own `get_visual_style` leaves that out: the line one is on would look like all others.
"""

from __future__ import annotations

from textual.style import Style
from textual.widget import Widget

REVERSED = Style(reverse=True)


def part_style(widget: Widget, name: str) -> Style:
    """The style of one of a widget's component classes."""
    drawn = widget.get_visual_style(name)
    return drawn + REVERSED if widget.get_component_styles(name).text_style.reverse else drawn
