"""Test vectors for docs/protocol.md, and a second implementation to judge them by."""
