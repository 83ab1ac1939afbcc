"""The verifier: one answer a claim, in order, on however many threads."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from sync.protocol.errors import Refusal
from sync.protocol.frames import Claim
from sync.protocol.ids import MAIN, SOURCES, Incarnation, Organisation
from sync.server.verify import LEAST_PART, Verifier
from tests.server.world import Person


@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, LEAST_PART, 25])
def test_answers_are_in_order(threads: int, count: int) -> None:
    """Every third claim names another lane, key or chain; exactly those fail, wherever they are checked."""
    person = Person(Organisation(os.urandom(16)))
    claims, expected = [], []
    for number in range(count):
        claim = Claim(person.record(), person.chain(MAIN), person.key.public)
        wrong = [
            replace(claim, chain=person.chain(SOURCES)),
            replace(claim, public_key=Person(person.organisation).key.public),
            replace(claim, chain=replace(claim.chain, incarnation=Incarnation(b"another!"))),
        ]
        claims.append(wrong[number // 3 % 3] if number % 3 == 2 else claim)
        expected.append(Refusal.SIGNATURE if number % 3 == 2 else None)
    verifier = Verifier(threads)
    found = verifier.check(claims)
    verifier.close()
    assert [None if error is None else error.code for error in found] == expected
