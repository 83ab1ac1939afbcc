"""Which version of the program this is."""

from __future__ import annotations

DISTRIBUTION = "fieldkit-reports"
"""What it is called where it is installed."""


def program_version() -> str:
    """As it was installed, such as `0.1.0`."""
    # Imported here: it costs a tenth of the program's start.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown: it runs from a folder and was not installed"
