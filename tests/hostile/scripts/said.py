"""Sentences of the program that many scripts lead to, as they are printed."""

from __future__ import annotations


def error(words: str) -> str:
    """The line of an error."""
    return f"fieldkit: error: {words}"


def hint(words: str) -> str:
    """The line of its hint."""
    return f"fieldkit: hint: {words}"


MISTRUST = hint("do not send again over this link; read this message to a coordinator by another channel")
STAYS = hint("everything stays waiting; tell a coordinator if it happens again")
TRY_AGAIN = hint("try again: nothing is lost, and what arrived is not sent twice")
BETTER_LINK = hint("nothing is lost: try again when the link is better")
ASK_OPERATOR = hint("ask the operator whether the server or something in front of it was changed")
NOT_COVERED = error("the server answered, but its receipts do not cover what was sent")


def unreadable(why: str) -> str:
    """The error for bytes that are no answer."""
    return error(f"the server's answer cannot be read: {why}")


def foreign(why: str) -> str:
    """The error for an answer of something else than fieldkit."""
    return error(f"the server gave an answer that is not fieldkit's ({why})")
