"""What a verb's function is given: the home, the streams, and a way to unlock."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.output import Output
from fieldkit.cli.passphrase import Passphrases

if TYPE_CHECKING:
    from fieldkit.actions.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One run of the program."""

    home: Path
    output: Output = field(default_factory=Output)
    passphrases: Passphrases = field(default_factory=Passphrases)

    def unlocked(self) -> Session:
        """The vault of the home, opened: use it in a `with` block, which locks it again.

        Looks for the vault before it asks for the passphrase.
        """
        from fieldkit.actions import unlock

        if not unlock.home_exists(self.home):
            raise CliFault(
                ExitCode.LOCKED,
                f"there is no vault in {self.home}",
                "create one: `fieldkit init`, or name its --home",
            )
        return unlock.unlock(self.home, self.passphrases.existing())
