"""How the vectors are made: one module a section of docs/protocol.md."""
