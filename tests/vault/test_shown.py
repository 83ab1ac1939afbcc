"""No key, no text and no sealed bytes stand in the text of what the vault hands around."""

from __future__ import annotations

from tests.protocol.shown import shown_bytes

PUBLIC = {"device", "incarnation", "hash", "public_key", "id", "vault_id"}
"""Names of fields that say nothing of what was written."""


def test_only_what_is_public_is_shown() -> None:
    """A field of bytes is hidden unless its name is on the list."""
    found = set(shown_bytes("fieldkit.vault"))
    assert {"PendingFrame.hash", "KeySlots.vault_id"} < found
    assert {name for name in found if name.partition(".")[2] not in PUBLIC} == set()
