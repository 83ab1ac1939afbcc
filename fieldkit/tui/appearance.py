"""How the screens look: what a person chose, and what the link and the terminal allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App
    from textual.theme import Theme

CALM, LIGHT, CONTRAST, TERMINAL = "calm", "light", "high-contrast", "terminal"

LOOKS = {
    CALM: "dark and quiet",
    LIGHT: "light and quiet",
    CONTRAST: "high contrast",
    TERMINAL: "the terminal's own colours",
}
"""Names of the looks, and what each is in words."""

REMOTE = "SSH_CONNECTION"
"""Set where the terminal is at the other end of a link."""

NO_COLOUR = "NO_COLOR"
"""Set, to anything, by somebody who wants none (no-color.org)."""

FEW_COLOURS = ("linux", "vt")
"""How TERM begins where a field's ground would be the same black as all around it, or there is no colour."""

LOW_BANDWIDTH = "-low-bandwidth"
"""Class of the program while every byte counts."""

FLAT = f"""
.{LOW_BANDWIDTH} * {{
    border: none !important;
    outline: none !important;
    background: ansi_default !important;
    background-tint: transparent !important;
    tint: transparent !important;
    text-opacity: 100% !important;
    scrollbar-size: 0 0 !important;
    scrollbar-gutter: auto !important;
}}
.{LOW_BANDWIDTH} Scrolling {{ scrollbar-size: 0 1 !important; scrollbar-gutter: stable !important; }}
.{LOW_BANDWIDTH} .record-list--cursor, .{LOW_BANDWIDTH} .line-list--cursor,
.{LOW_BANDWIDTH} .input--selection, .{LOW_BANDWIDTH} .text-area--selection {{
    text-style: reverse !important;
}}
.{LOW_BANDWIDTH} .input--cursor, .{LOW_BANDWIDTH} .text-area--cursor {{ color: ansi_default !important; }}
"""
"""Nothing but text: each frame and each filled area is sent again whenever something near it changes. No room
is kept for a scroll bar without width either: Textual would give it all there is, and show an empty page.
A page that is read keeps one cell, for signs that more follows.
"""

LINED = "-lined"
"""Class of the program while a field shows by the line below it, and not by its ground."""

LINES = f"""
.{LINED} Input, .{LINED} TextArea {{ text-style: underline; }}
.{LINED} Input:focus, .{LINED} TextArea:focus {{ text-style: bold underline; }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the screens are drawn with."""

    theme: str = CALM
    low_bandwidth: bool = False


def choose_look(
    environment: Mapping[str, str], *, theme: str = "", low_bandwidth: bool | None = None
) -> Look:
    """The look: what was chosen; else over a link the cheap one, else the quiet one.

    `theme` is a name of LOOKS or empty; `low_bandwidth` is None while nobody has said. Without colours, or
    with so few that fields would not show, it is the cheap one too: there lines and brightness tell them.
    """
    low = bool(environment.get(REMOTE)) if low_bandwidth is None else low_bandwidth
    if environment.get(NO_COLOUR) or environment.get("TERM", "").startswith(FEW_COLOURS):
        low = True
    return Look(theme=TERMINAL if low else theme or CALM, low_bandwidth=low)


def dress(app: App[None], look: Look) -> None:
    """Give the program a look."""
    for theme in _themes():
        app.register_theme(theme)
    app.animation_level = "none"
    if look.low_bandwidth:
        app.add_class(LOW_BANDWIDTH)
        app.stylesheet.add_source(FLAT, read_from=("appearance", "low bandwidth"), is_default_css=False)
    if look.low_bandwidth or look.theme == CONTRAST:
        app.add_class(LINED)
        app.stylesheet.add_source(LINES, read_from=("appearance", "lined"), is_default_css=False)
    app.theme = _NAMES[look.theme]
    if app.no_color:
        from textual.filter import Monochrome, NoColor

        # Textual chose greys before it knew the theme: the terminal's own colours would be black on black.
        app._filters[:] = [NoColor() if isinstance(one, Monochrome) else one for one in app._filters]


_NAMES = {
    CALM: "fieldkit-calm",
    LIGHT: "fieldkit-light",
    CONTRAST: "fieldkit-high-contrast",
    TERMINAL: "ansi-dark",
}


def _themes() -> tuple[Theme, ...]:
    return (_calm(), _light(), _contrast())


def _calm() -> Theme:
    from textual.theme import Theme

    return Theme(
        name=_NAMES[CALM],
        primary="#7a9cb8",
        secondary="#8a8fa3",
        accent="#a3b18a",
        foreground="#d8d8d2",
        background="#1c1e22",
        surface="#23262b",
        panel="#2a2e34",
        success="#8fb08c",
        warning="#d2b36a",
        error="#e08a7e",
        dark=True,
    )


def _light() -> Theme:
    from textual.theme import Theme

    return Theme(
        name=_NAMES[LIGHT],
        primary="#2f5d7c",
        secondary="#555b6e",
        accent="#4f6b3a",
        foreground="#1d1f21",
        background="#f6f5f0",
        surface="#ffffff",
        panel="#e4e3dc",
        success="#2f6b3a",
        warning="#7a5800",
        error="#a1261b",
        dark=False,
    )


def _contrast() -> Theme:
    from textual.theme import Theme

    return Theme(
        name=_NAMES[CONTRAST],
        primary="#ffff00",
        secondary="#00ffff",
        accent="#ffff00",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#000000",
        success="#00ff00",
        warning="#ffff00",
        error="#ff9090",
        dark=True,
        luminosity_spread=0.0,
        text_alpha=1.0,
        variables={
            "block-cursor-foreground": "#000000",
            "block-cursor-background": "#ffff00",
            "input-cursor-background": "#ffff00",
            "input-cursor-foreground": "#000000",
            "input-selection-background": "#0000c0",
            "border": "#ffffff",
            "border-blurred": "#ffffff",
            "text-muted": "#e0e0e0",
            "text-disabled": "#c8c8c8",
        },
    )
