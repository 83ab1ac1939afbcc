"""Ticket codes."""

from __future__ import annotations

import pytest

from sync.protocol.errors import ProtocolError, Refusal
from sync.server.tickets import TicketCodes

CODES = TicketCodes(b"k" * 32)


def test_code_holds_until_its_hour() -> None:
    """A code holds for the days it was made for, and not an hour longer."""
    code = CODES.make(b"rand", hour=1_000, days=2)
    assert len(code) == 16
    CODES.check(code, hour=1_047)
    with pytest.raises(ProtocolError, match="expired"):
        CODES.check(code, hour=1_048)


def test_changed_codes_do_not_hold() -> None:
    """No byte of a code can be changed, nor does it hold under another server's key."""
    code = CODES.make(b"rand", hour=1_000, days=2)
    changed = [code[:at] + bytes([code[at] ^ 1]) + code[at + 1 :] for at in range(16)]
    for wrong in changed:
        with pytest.raises(ProtocolError) as refused:
            CODES.check(wrong, hour=1_000)
        assert refused.value.code is Refusal.INVITE
    with pytest.raises(ProtocolError):
        TicketCodes(b"x" * 32).check(code, hour=1_000)


def test_codes_differ() -> None:
    """The random part goes into the code, and must be of its length."""
    assert CODES.make(b"aaaa", hour=1, days=1) != CODES.make(b"aaab", hour=1, days=1)
    with pytest.raises(ValueError, match="expected 4 random bytes"):
        CODES.make(b"aaa", hour=1, days=1)
