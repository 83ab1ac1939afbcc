"""What a fault test needs of the machine; what is missing is said, never passed over in silence."""

from __future__ import annotations

import pytest


def need(missing: str | None) -> None:
    """Skip the test loudly when something is missing; FIELDKIT_REQUIRE=all makes a failure of it."""
    if missing is not None:
        pytest.skip(f"SKIPPED: {missing}")
