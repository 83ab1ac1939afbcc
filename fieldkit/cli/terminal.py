"""The terminal as a conversation needs it, also after a program that was killed while it drew."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

GIVE_BACK = (
    "\x1b[?1049l"  # the screen that was there before the picture
    "\x1b[?25h"  # the cursor
    "\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?1015l"  # no word of the mouse
    "\x1b[?1004l\x1b[?2004l\x1b[<u"  # none of the focus, none around what is pasted, keys as they always were
    "\x1b[?2026l\x1b[0m"  # show what comes at once, in the usual colours
)
"""Takes back what the screens ask of a terminal. Sent only to one that was left with it."""


def mend_terminal() -> bool:
    """Let the terminal read lines, show what is typed and end lines again; whether anything was amiss.

    Only where the whole conversation is on one terminal: in `fieldkit list | less` it is the other program's
    to say how it reads keys. A terminal that is as it should be is sent nothing at all.
    """
    if sys.platform == "win32" or not all(map(os.isatty, (0, 1, 2))):
        return False
    import termios

    with suppress(OSError, termios.error):
        modes = termios.tcgetattr(0)
        before = list(modes[:4])
        modes[0] = (modes[0] | termios.ICRNL) & ~(termios.INLCR | termios.IGNCR)
        modes[1] |= termios.OPOST | termios.ONLCR
        modes[3] |= termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN
        if modes[:4] == before:
            return False
        termios.tcsetattr(0, termios.TCSADRAIN, modes)
        if not before[3] & termios.ICANON and os.environ.get("TERM", "dumb") != "dumb":
            os.write(2, GIVE_BACK.encode())
        return True
    return False


def drop_typed(descriptor: int) -> None:
    """What was typed and not ended with Enter would else stand at the shell's prompt: a name, perhaps."""
    if sys.platform == "win32":
        return
    import termios

    with suppress(OSError, termios.error):
        termios.tcflush(descriptor, termios.TCIFLUSH)
