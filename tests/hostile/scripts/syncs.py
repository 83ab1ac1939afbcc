"""What scripts of a hostile answer to a sync are made of (docs/protocol.md §7, §9)."""

from __future__ import annotations

from collections.abc import Callable

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.errors import Refusal
from sync.protocol.messages import (
    EndItem,
    RefusedItem,
    ReplyItem,
)
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.said import MISTRUST, error
from tests.hostile.villain import Asked, Deed

HOLDS_NOT = "the server's answer does not hold: "
END = EndItem(request_limit=65_536, more=False)


def refusing(code: Refusal, *places: tuple[int, int]) -> Callable[[Asked, list[ReplyItem]], list[ReplyItem]]:
    """Refuses frames beside the true answer."""

    def changed(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
        hello = asked.hello
        lies = [
            RefusedItem(
                lane=lane,
                device=hello.device,
                incarnation=hello.incarnation,
                sequence=sequence,
                code=code,
            )
            for lane, sequence in places
        ]
        return [*lies, *items]

    return changed


def lie(name: str, does: str, deed: Deed, why: str, check: str, *, section: str = "§7") -> Script:
    """A sync that ends with these words."""
    return Script(
        name=name,
        does=does,
        check=check,
        section=section,
        verb=Verb.SYNC,
        exit=ExitCode.VERIFICATION,
        told=(error(why), MISTRUST),
        deed=deed,
    )


def harmless(name: str, does: str, deed: Deed, check: str, *told: str) -> Script:
    """A sync that goes on to its good end all the same."""
    return Script(
        name=name,
        does=does,
        check=check,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.OK,
        told=("still waiting  0 sealed parts", *told),
        deed=deed,
    )
