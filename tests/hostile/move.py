"""What a move of a hostile reporter is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.errors import Refusal
from tests.hostile.rogue import Rogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing a certified reporter with a changed program does, and what becomes of it."""

    name: str
    does: str
    check: str
    """`file::function` that stops it."""
    section: str
    """Of docs/protocol.md."""
    act: Callable[[Rogue], None]
    refused: tuple[Refusal, ...] = ()
    """Codes of the frames the server did not take, each once."""
    whole: tuple[Refusal, ...] = ()
    """Codes of requests it refused whole."""
    exit: ExitCode = ExitCode.OK
    """How the coordinator's next pull ends."""
    why: tuple[str, ...] = ()
    """Why the coordinator's laptop set frames aside, in plain words."""
    told: tuple[str, ...] = ()
    """Lines of the pull."""
    reports: int = 0
    """Reports of the rogue that are listed all the same, because their form allows them."""
