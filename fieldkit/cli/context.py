"""What a verb's function is given: the home, the streams, and a way to unlock."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.output import Output
from fieldkit.cli.passphrase import Passphrases
from fieldkit.cli.plain.lines import Lines, Typed
from fieldkit.model.text import sentence

if TYPE_CHECKING:
    from fieldkit.actions.session import Session

TRIES = 3
"""How often a passphrase is asked for on a terminal."""

OPENING = "Opening the notebook: this takes some seconds."
"""Said as soon as the passphrase is there: making the key out of it is slow on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One run of the program."""

    home: Path
    output: Output = field(default_factory=Output)
    passphrases: Passphrases = field(default_factory=Passphrases)
    plain: bool = False
    """Whether to talk line by line, without any escape sequence."""
    typed: Typed = field(default_factory=Typed, repr=False)
    lent: Session | None = field(default=None, repr=False)
    """A vault that is open already and stays open: its owner locks it."""

    @property
    def lines(self) -> Lines:
        """The conversation of plain mode."""
        return Lines(self.output.stderr, self.typed.line)

    def unlocked(self) -> Session:
        """The vault of the home, opened: use it in a `with` block, which locks it again.

        Looks for the vault before it asks for the passphrase.
        """
        from fieldkit.actions import unlock

        if self.lent is not None:
            from fieldkit.cli.plain.lending import lend

            return lend(self.lent)
        if not unlock.home_exists(self.home):
            raise CliFault(
                ExitCode.LOCKED,
                f"there is no vault in {self.home}",
                "create one: `fieldkit init`, or name its --home",
            )
        return self._opened()

    def _opened(self) -> Session:
        """Ask for the passphrase, and again after a wrong one: what is typed next must not reach a shell."""
        from fieldkit.actions import unlock
        from fieldkit.actions.errors import NotOpened

        left = 1 if self.passphrases.given is not None else TRIES
        while True:
            passphrase = self.passphrases.existing()
            if self.plain:
                # A screen reader is silent where the screens show that something goes on.
                self.output.say(OPENING)
            left -= 1
            try:
                return unlock.unlock(self.home, passphrase)
            except NotOpened as wrong:
                if not left:
                    raise
                self.output.say(f"{sentence(wrong.message)} {sentence(wrong.hint or '')}")
