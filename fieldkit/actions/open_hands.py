"""The windows in which drafts are being written, as this program remembers them while it runs."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from fieldkit.model.draft import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The newest change of a window that is stored."""

    stamp: int
    step: int
    """Of the window's own undo."""
    moment: int
    """UTC seconds of that commit."""


@dataclass(slots=True)
class OpenHands:
    """For each window what of it is stored, and where it writes since it was overtaken."""

    stored: dict[bytes, Stored] = field(default_factory=dict)
    apart: dict[bytes, int] = field(default_factory=dict)
    """Local numbers of reports."""
    following: dict[bytes, Draft] = field(default_factory=dict, repr=False)
    """What windows opened of finished reports: it is stored with their first change, and not before."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    """Held while one window stores: two workers of it must not both find that it was overtaken."""
