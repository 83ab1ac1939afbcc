"""Turns what actions raise into what screens tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fieldkit.tui.ports.trouble import Trouble


@contextmanager
def told() -> Iterator[None]:
    """Inside: expected trouble in the screens' own words."""
    from fieldkit.actions.errors import ActionError

    try:
        yield
    except ActionError as error:
        raise Trouble(error.message, error.hint or "") from None
