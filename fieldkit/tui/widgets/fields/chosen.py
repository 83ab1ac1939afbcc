"""What is chosen, and what of an answer that could not be read. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from fieldkit.forms.views import Field

_BETWEEN = re.compile("[,،;]")


def codes_of(field: Field) -> tuple[str, ...]:
    """The codes of an answer; none where it could not be read."""
    value = field.value
    if value is None:
        return ()
    return tuple(str(code) for code in value) if isinstance(value, list) else (str(value),)


def parted(
    field: Field, labels: Mapping[str, str], fold: Callable[[str], str]
) -> tuple[tuple[str, ...], str]:
    """The entries named in text that was not read, and what is left of it."""
    known = {fold(name): code for code, label in labels.items() for name in (code, label)}
    codes: list[str] = []
    left: list[str] = []
    for part in _BETWEEN.split(field.typed):
        code = known.get(fold(part))
        if code is None:
            left.append(part.strip())
        elif code not in codes:
            codes.append(code)
    return tuple(codes), ", ".join(part for part in left if part)
