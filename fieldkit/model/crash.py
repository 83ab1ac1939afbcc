"""What may be said and kept of a fault of the program: its type and its place, never a word of anybody's."""

from __future__ import annotations

import hashlib
from types import TracebackType

CRASH_ID_DIGITS = 8
"""Hex digits of a crash id: enough to tell a few hundred places in the program apart."""


def crash_id(traceback: TracebackType | None) -> str:
    """Names the place a program failed at: a hash over files and lines, so without a word of anybody's data,
    and the same for the same fault.
    """
    places = hashlib.sha256()
    while traceback is not None:
        code = traceback.tb_frame.f_code
        places.update(f"{code.co_name}:{traceback.tb_lineno}\n".encode())
        traceback = traceback.tb_next
    return places.hexdigest()[:CRASH_ID_DIGITS]
