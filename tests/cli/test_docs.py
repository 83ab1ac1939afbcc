"""docs/cli.md says what the program does, word for word."""

from __future__ import annotations

import re
import shlex

import pytest

from fieldkit.cli.catalogue import VERBS
from fieldkit.cli.contract import Verb
from fieldkit.cli.help import verb_help
from fieldkit.cli.parser import HelpAsked, parse
from tests.cli.reference import DOCUMENT, MARK, reference

TEXT = DOCUMENT.read_text(encoding="utf-8")
NAMED = [verb for verb in VERBS if verb.path]


def test_reference_is_current() -> None:
    """What stands below the mark is what the catalogue gives; `python -m tests.cli.reference` writes it."""
    assert TEXT.partition(MARK)[2] == reference()


@pytest.mark.parametrize("verb", NAMED, ids=lambda verb: verb.name)
def test_verb_is_documented(verb: Verb) -> None:
    """Each verb of the parser has its section with its help text and its keys."""
    section = re.search(rf"^## {verb.name}\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    assert section
    assert verb_help(verb).rstrip() in section[1]
    assert verb.shape is not None
    for key, _ in verb.shape.listed():
        assert f"| `{key}` |" in section[1]


@pytest.mark.parametrize("verb", NAMED, ids=lambda verb: verb.name)
def test_help_is_what_the_program_prints(verb: Verb) -> None:
    """`fieldkit VERB --help` gives the documented text."""
    with pytest.raises(HelpAsked) as asked:
        parse([*verb.path, "--help"])
    assert str(asked.value) == verb_help(verb)


def test_examples_can_be_parsed() -> None:
    """Each command of the hand-written part is one the program takes."""
    examples = re.findall(r"^ *fieldkit (.*)$", TEXT.partition(MARK)[0], re.MULTILINE)
    assert len(examples) > 5
    for example in examples:
        for command in f"fieldkit {example}".split("&&"):
            words = shlex.split(command.partition(" 3<")[0], comments=True)
            assert parse(words[1:]).verb in VERBS
