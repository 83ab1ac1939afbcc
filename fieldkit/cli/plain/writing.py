"""Writing a report in lines, from its first question to where its words are at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.cli.plain.form import FormTalk
from fieldkit.cli.plain.keeping import Keeping
from fieldkit.cli.plain.lines import Ended, Idle, Lines

if TYPE_CHECKING:
    from fieldkit.actions.session import Session
    from fieldkit.actions.writing import Written
    from fieldkit.model.values import Path


def write(session: Session, lines: Lines, written: Written, start: Path | None = None) -> int | None:
    """Ask every question; returns the number of the report the words are in, None when nothing was written.

    However it ends, every entered word is in the vault before this returns or raises, or it has been said
    that it is not. Raises Ended, Idle, KeyboardInterrupt.
    """
    from fieldkit.actions import writing

    keeping = Keeping(session, written.number, written.writer, lines)
    try:
        FormTalk(lines, keeping).run(start)
        while not keeping.keep(aloud=False) and lines.agreed("Try to save it again?"):
            pass
    except (Ended, Idle, KeyboardInterrupt, OSError):
        # Before a word is said: the terminal may be gone.
        keeping.keep(aloud=False)
        lines.say("", "A line that was not ended with Enter was not taken.", *_told(session, keeping))
        raise
    if writing.abandon(session, keeping.number) or (
        keeping.untouched and not session.vault.drafts.has(keeping.number)
    ):
        nothing = "Nothing was written, so there is no report."
        stays = f"Nothing was changed: report {keeping.number} stays as it was finished."
        lines.say(stays if written.follows else nothing)
        return None
    lines.say("", *_told(session, keeping))
    return keeping.number


def _told(session: Session, keeping: Keeping) -> tuple[str, ...]:
    if keeping.untouched:
        return (f"Nothing was changed: report {keeping.number} is as it was.",)
    missing = len(keeping.writer.problems())
    left = f"{missing} to be mended or still missing." if missing else "Nothing is missing."
    return (keeping.told(), f"{left} To go on: edit {keeping.number}. To finish it: finish {keeping.number}.")
