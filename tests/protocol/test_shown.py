"""No secret, no sealed and no opened bytes stand in the text of what the protocol hands around."""

from __future__ import annotations

from tests.protocol.shown import shown_bytes

PUBLIC = {"hash", "root", "root_hash", "directory_hash", "public_key", "log_key", "reader_key", "nonce"}
PUBLIC |= {"pins", "peaks", "previous", "directory_keys", "lanes"}
"""Names of fields that say nothing: hashes, public keys, numbers used once."""


def test_only_what_is_public_is_shown() -> None:
    """A field of bytes is hidden unless its name is on the list."""
    found = set(shown_bytes("sync.protocol"))
    assert {"Receipt.root", "Hello.nonce"} < found
    assert {name for name in found if name.partition(".")[2] not in PUBLIC} == set()
