"""Every move there is."""

from __future__ import annotations

from tests.hostile.move import Move
from tests.hostile.moves import frames, records

MOVES: tuple[Move, ...] = (*frames.MOVES, *records.MOVES)
