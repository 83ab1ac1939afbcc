"""Nonces of hellos, remembered for a day (docs/protocol.md §9)."""

from __future__ import annotations

from typing import Final

from sync.protocol.hello import Hello
from sync.protocol.ids import Organisation
from sync.protocol.limits import NONCE_SECONDS
from sync.server.log import HOUR
from sync.server.stores.base import Transaction

NONCE_HOURS: Final = NONCE_SECONDS // HOUR + 1
"""Nonces are kept by the hour, so one hour more than the least."""


class Nonces:
    """Spends nonces; forgets old ones once an hour for each organisation.

    Used by the writer's thread only.
    """

    def __init__(self) -> None:
        self._swept: dict[Organisation, int] = {}

    def spend(self, transaction: Transaction, hello: Hello, hour: int) -> bool:
        """Remember the hello's nonce; False when it was seen in the last 24 hours."""
        if self._swept.get(hello.organisation) != hour:
            transaction.forget_nonces(hello.organisation, hour - NONCE_HOURS)
            self._swept[hello.organisation] = hour
        return transaction.add_nonce(hello.organisation, hello.nonce, hour)
