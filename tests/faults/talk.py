"""What a program may say when a disk fails: who is to blame, what to do, and no word of damage."""

from __future__ import annotations

from typing import Final

from tests.faults.runs import Ran

NO_SPACE: Final = ("full", "space")
FAILING: Final = ("disk", "full", "space")
"""One of these words has to name what is wrong, in the error or in its hint."""

ALARMING: Final = ("damaged", "backup", "changed from outside", "not a vault")
"""Words that would send a person to an old backup because of a disk that is merely full."""

NOTHING_STORED: Final = "nothing of this was stored"


def misspoken(ran: Ran, words: tuple[str, ...]) -> list[str]:
    """What is wrong with how a run told of its failure; a run that succeeded had nothing to tell."""
    if ran.code == 0:
        return [] if ran.out else ["it succeeded and says nothing"]
    lines = [line for line in ran.err.splitlines() if line.startswith("fieldkit: ")]
    told = " ".join(lines).lower()
    found = [f"it calls that {word!r}" for word in ALARMING if word in told]
    if ran.code < 0 or "Traceback" in ran.err or "internal error" in told:
        found.append(f"it crashed with {ran.code}")
    if not told.startswith("fieldkit: error: ") or "fieldkit: hint: " not in told:
        found.append("it gives no error and hint")
    if not any(word in told for word in words):
        found.append(f"none of the words {', '.join(words)} is in it")
    return [f"{fault}: {ran.err}" for fault in found]
