"""Names of keys as a person reads them on a keyboard."""

from __future__ import annotations

NAMES = {
    "backspace": "Backspace",
    "delete": "Del",
    "down": "Down",
    "end": "End",
    "enter": "Enter",
    "escape": "Esc",
    "full_stop": ".",
    "home": "Home",
    "insert": "Ins",
    "left": "Left",
    "left_square_bracket": "[",
    "minus": "-",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "plus": "+",
    "question_mark": "?",
    "right": "Right",
    "right_square_bracket": "]",
    "slash": "/",
    "space": "Space",
    "tab": "Tab",
    "up": "Up",
}
"""Names of keys that are neither letters nor function keys."""

MODIFIERS = {"alt": "Alt+", "ctrl": "^", "shift": "Shift+", "super": "Super+"}


def key_name(key: str) -> str:
    """One key as it is shown: `^P` for `ctrl+p`, `Alt+Up`, `F8`, `/`."""
    *held, last = key.split("+")
    shown = NAMES.get(last, last)
    if last == shown and (len(last) > 1 or held):
        shown = last.upper() if _is_function(last) or len(last) == 1 else last.replace("_", " ")
    return "".join(MODIFIERS.get(name, f"{name}+") for name in held) + shown


def keys_name(keys: str) -> str:
    """Several keys that do the same, separated by commas."""
    return " or ".join(key_name(key.strip()) for key in keys.split(",") if key.strip())


def _is_function(key: str) -> bool:
    return key[:1] == "f" and key[1:].isdigit()
