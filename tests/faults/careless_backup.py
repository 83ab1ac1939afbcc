"""The control of the sweeps over backup and restore: a program that gives each thing its name too early."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO
from unittest.mock import patch

from fieldkit.cli import main as cli
from fieldkit.vault import copying
from fieldkit.vault.platform import write_durably
from fieldkit.vault.vault import Vault


def main() -> int:
    """The program's own, with a backup that has its name before its end, and key slots that come first."""
    copy_database, copy = Vault.copy_database, copying._copy

    def named_at_once(vault: Vault, part: Path) -> None:
        copy_database(vault, part)
        os.link(part, part.with_suffix(""))

    def slots_first(source: IO[bytes], target: Path, size: int) -> None:
        source.seek(size)
        slots = source.read()[: -copying.TRAILER.size]
        write_durably(target.with_name("slots.cbor"), slots, temporary=target.with_name("slots.cbor.new"))
        source.seek(0)
        copy(source, target, size)

    with (
        patch.object(Vault, "copy_database", named_at_once),
        patch.object(copying, "_publish", lambda part, target: None),
        patch.object(copying, "_copy", slots_first),
    ):
        return cli.main()


if __name__ == "__main__":
    sys.exit(main())
