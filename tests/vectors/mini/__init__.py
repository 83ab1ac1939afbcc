"""A small second implementation of docs/protocol.md, written from that page alone, to judge vectors by."""
