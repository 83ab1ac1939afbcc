"""Refusal codes and the one exception."""

from __future__ import annotations

from sync.protocol.errors import ProtocolError, Refusal, malformed


def test_temporary_codes() -> None:
    """A frame waits for exactly these; with the others it is quarantined."""
    temporary = {code.name for code in Refusal if code.temporary}
    assert temporary == {"QUOTA", "DEVICE", "ORGANISATION", "NONCE", "LOG_KEY", "BUSY"}


def test_the_exception_carries_code_and_words() -> None:
    """The words are the message, the code goes on the wire."""
    error = ProtocolError(Refusal.FORK, "words")
    assert (error.code, str(error)) == (6, "words")
    assert malformed("x").code is Refusal.MALFORMED
