"""The exit codes: part of the contract with scripts (docs/cli.md, "Exit codes")."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a run ended, with its meaning in one line. A number never changes its meaning."""

    meaning: str

    OK = 0, "done, all of it"
    INTERNAL = 1, "a fault of the program or of the machine; nothing that was saved is lost by it"
    USAGE = 2, "the command line: unknown, unreadable or not for this laptop to do; or no terminal to ask on"
    INPUT = 3, "what was given to work on: a file, an answer, an unknown id, an incomplete report"
    LOCKED = 4, "no vault, a wrong passphrase, a damaged vault, or one that is in use"
    LINK = 5, "the connection: unreachable, cut or stalled; nothing is lost, try again"
    REFUSED = 6, "the server answered and said no"
    VERIFICATION = 7, "something received does not verify; nothing of it was used"
    PARTIAL = 8, "a part is done; the rest waits, is missing or was refused, and the output says which"
    INTERRUPTED = 130, "stopped by the keyboard; what was saved stays saved"

    def __new__(cls, value: int, meaning: str) -> ExitCode:
        """An integer that carries its meaning."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code
