"""Reads the values of options: what was expected, what came."""

from __future__ import annotations

from argparse import ArgumentTypeError

MOST_DIGITS = 15
"""Digits of a number: enough for any size in bytes, too few to make parsing one slow."""

MOST_DESCRIPTOR = 65_535
"""Largest file descriptor; more are never open at once."""


def natural(text: str) -> int:
    """A whole number from 0."""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise ArgumentTypeError(f"expected a whole number, got {text[:MOST_DIGITS]!r}")
    return int(text)


def positive(text: str) -> int:
    """A whole number from 1."""
    number = natural(text)
    if number == 0:
        raise ArgumentTypeError("expected a number above 0, got 0")
    return number


def file_descriptor(text: str) -> int:
    """The number of an open file."""
    number = natural(text)
    if number > MOST_DESCRIPTOR:
        raise ArgumentTypeError(f"expected a file descriptor such as 3, got {number}")
    return number


def assignment(text: str) -> tuple[str, str]:
    """NAME=VALUE; the value may hold more of the sign."""
    name, sign, value = text.partition("=")
    if not (sign and name.strip()):
        raise ArgumentTypeError("expected NAME=VALUE with the name of a question before the sign")
    return name.strip(), value
