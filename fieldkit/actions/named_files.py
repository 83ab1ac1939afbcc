"""Files that a person names: where they are, and opened so that nothing but a file is waited for."""

from __future__ import annotations

from pathlib import Path

from fieldkit.actions.errors import InputProblem


def named_file(name: Path) -> Path:
    """The whole name, with `~` followed. Raises InputProblem for what can be no name of a file."""
    try:
        whole = name.expanduser().absolute()
    except (RuntimeError, ValueError) as error:
        raise InputProblem(f"{name} is no name of a file: {error}", "name it in full") from None
    if "\0" in str(whole):
        raise InputProblem("a name with a character that no name of a file has", "name the file again")
    return whole
