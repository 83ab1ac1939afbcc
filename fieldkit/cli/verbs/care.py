"""What a person does about the vault as a whole: panic erase and its drill, a backup, putting one back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.cli import shapes, wording
from fieldkit.cli.cells import columns
from fieldkit.cli.context import Context
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.sources import STANDARD_INPUT, one_line

if TYPE_CHECKING:
    from fieldkit.actions.wiping import Erased

ERASE_WORD = "erase"
"""Typed to go on: there is no way back."""


def wipe(context: Context, *, yes: bool, drill: bool) -> ExitCode:
    """Panic erase, or its drill."""
    from fieldkit.actions import wiping

    if drill:
        done = wiping.drill(context.home)
    else:
        if not yes and wiping.anything_in(context.home):
            context.output.say(f"This erases the vault in {context.home}. Nothing brings it back.")
            _confirm()
        done = wiping.erase(context.home)
    context.output.give(shapes.WIPED.of(done), columns(_rows(done)))
    if not drill:
        for line in wiping.LIMITS:
            context.output.say(line)
    return ExitCode.PARTIAL if done.left else ExitCode.OK


def backup(context: Context, *, file: str) -> ExitCode:
    """Write the vault to one file."""
    from fieldkit.actions import backing_up

    with context.unlocked() as session:
        done = backing_up.back_up(session, Path(file))
    rows = [("BACKUP", str(done.file)), ("size", f"{wording.size(done.size)}, written and read back")]
    context.output.give(shapes.BACKED_UP.of(done), columns(rows))
    for line in backing_up.KEPT:
        context.output.say(line)
    return ExitCode.OK


def restore(context: Context, *, file: str) -> ExitCode:
    """Make a home from such a file."""
    from fieldkit.actions import backing_up, unlock

    if unlock.home_exists(context.home):
        raise CliFault(
            ExitCode.LOCKED,
            f"there is a vault in {context.home} already: nothing was changed",
            "name another folder with --home",
        )
    backing_up.check(Path(file))
    done = backing_up.restore(context.home, Path(file), context.passphrases.existing())
    rows = [("RESTORED", str(done.home)), ("from", f"{done.file}, {wording.size(done.size)}")]
    context.output.give(shapes.RESTORED.of(done), columns(rows))
    for line in backing_up.RESTORED:
        context.output.say(line)
    return ExitCode.OK


def _confirm() -> None:
    if one_line(STANDARD_INPUT, f"the word {ERASE_WORD}").casefold() != ERASE_WORD:
        raise CliFault(
            ExitCode.INPUT, f"expected the word {ERASE_WORD}, got another one", "nothing was erased"
        )


def _rows(done: Erased) -> list[tuple[str, str]]:
    taken = f"{wording.counted(done.slots, 'file')} destroyed in {done.slots_seconds:.2f} s"
    rows = [
        ("PRACTICE", f"the vault in {done.home} is as it was") if done.drill else ("ERASED", str(done.home)),
        (
            "key slots",
            taken if done.overwritten else f"{taken}, but only removed: the disk did not overwrite",
        ),
        ("other files", f"{done.files} removed, {wording.size(done.size)} overwritten, {done.seconds:.2f} s"),
    ]
    if done.left:
        rows.append(("left there", ", ".join(done.left)))
    if done.process is not None:
        rows.append(("still open", f"in process {done.process}: close it, or switch off"))
    return rows
