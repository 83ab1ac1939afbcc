"""Tests of sync.protocol; each file mirrors a module, or holds the code against docs/protocol.md."""
