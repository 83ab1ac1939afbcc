"""Recovery words: a second way into a vault, written on paper and kept elsewhere."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldkit.actions.errors import in_plain_words
from fieldkit.actions.session import Random, Session
from fieldkit.actions.unlock import enough_memory
from fieldkit.vault.keyslots import SlotKind
from fieldkit.vault.words import RECOVERY_WORDS, draw_words

ASKED = 2
"""How many of the words are asked back before they open anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Words that open nothing yet."""

    words: tuple[str, ...] = field(repr=False)
    asked: tuple[int, ...]
    """Which of them are asked back, from 0, in their order: whoever reads them off paper has written them."""


def draw(random: Random = os.urandom) -> Drawn:
    """Thirteen words by chance, and which two of them to ask for."""
    words = tuple(draw_words(RECOVERY_WORDS, random).split())
    asked: set[int] = set()
    while len(asked) < ASKED:
        asked.add(random(1)[0] % RECOVERY_WORDS)
    return Drawn(words=words, asked=tuple(sorted(asked)))


def has_recovery(session: Session) -> bool:
    """Whether recovery words open this vault."""
    return any(slot.kind is SlotKind.RECOVERY for slot in session.vault.slots.slots)


def keep(session: Session, words: Sequence[str]) -> None:
    """From now on these words open the vault, and none that were made before."""
    vault = session.vault
    old = [slot.id for slot in vault.slots.slots if slot.kind is SlotKind.RECOVERY]
    with in_plain_words(), enough_memory():
        vault.add_slot(
            SlotKind.RECOVERY, " ".join(words), cost=vault.slots.slots[0].cost, random=session.random
        )
        for slot in old:
            vault.remove_slot(slot)
