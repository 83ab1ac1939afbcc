"""Which home a run works on."""

from __future__ import annotations

import os
from pathlib import Path

HOME_VARIABLE = "FIELDKIT_HOME"
"""Names the home when --home does not; a place, never a secret."""


def find_home(option: str | None) -> Path:
    """The home: --home, else FIELDKIT_HOME, else the platform's folder for a program's data."""
    named = option or os.environ.get(HOME_VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs

    return platformdirs.user_data_path("fieldkit", appauthor=False)
