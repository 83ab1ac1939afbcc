"""Data to one stream, talk to the other, and nothing on either that acts on a terminal."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import Failure
from fieldkit.cli.output import Output, _broken, json_text

HOSTILE = "a\x1b]0;x\x07\u202e\x9b31m\u2028\U000e0001\ue000b"
"""A title sequence, a direction override, a C1 introducer, a line separator, a tag, a private letter."""


def output(*, json: bool = False, quiet: bool = False) -> Output:
    """An output into strings."""
    return Output(stdout=io.StringIO(), stderr=io.StringIO(), json=json, quiet=quiet)


def told(out: Output) -> tuple[str, str]:
    """What went to either stream."""
    assert isinstance(out.stdout, io.StringIO) and isinstance(out.stderr, io.StringIO)
    return out.stdout.getvalue(), out.stderr.getvalue()


def test_lines_or_value() -> None:
    """Without --json the lines, with it the value on one line, never both."""
    plain, machine = output(), output(json=True)
    for out in (plain, machine):
        out.give({"title": "مارع"}, ["مارع", "second"])
    assert told(plain) == ("مارع\nsecond\n", "")
    assert told(machine) == ('{"title": "مارع"}\n', "")


def test_quiet_keeps_errors() -> None:
    """--quiet silences talk, not errors."""
    out = output(quiet=True)
    out.say("sending")
    out.fail(Failure(code=ExitCode.LINK, message="cut", hint="again"))
    assert told(out) == ("", "fieldkit: error: cut\nfieldkit: hint: again\n")


def test_error_object_comes_last() -> None:
    """With --json the last line of standard error is an object a machine can read."""
    out = output(json=True)
    out.fail(Failure(code=ExitCode.INPUT, message="no such thing"))
    *lines, last = told(out)[1].splitlines()
    assert lines == ["fieldkit: error: no such thing"]
    assert json.loads(last) == {
        "error": {"code": 3, "name": "input", "message": "no such thing", "hint": None}
    }


@pytest.mark.parametrize("way", ["give", "line", "say", "fail"])
def test_hostile_text_is_cleaned(way: str) -> None:
    """No way out carries a control character or an invisible mark (R25)."""
    out = output()
    match way:
        case "give":
            out.give(None, [HOSTILE])
        case "line":
            out.line(HOSTILE)
        case "say":
            out.say(HOSTILE)
        case _:
            out.fail(Failure(code=ExitCode.INPUT, message=HOSTILE, hint=HOSTILE))
    text = "".join(told(out)).replace("\n", "")
    assert "·RLO·" in text
    assert text.isprintable()


@given(st.text())
def test_json_is_exact_and_harmless(text: str) -> None:
    """Whatever the text: read back it is the same, and printed it moves nothing."""
    written = json_text({"a": text})
    assert json.loads(written) == {"a": text}
    assert written.isprintable()


def test_letters_stand_as_they_are() -> None:
    """Letters of any script are not escaped."""
    assert json_text("Обстріл é مارع") == '"Обстріл é مارع"'


def test_width_of_no_terminal() -> None:
    """Data that goes to a file is not cut to any width."""
    assert output().width is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("short", ["short"]),
        ("begin an organisation with a ticket", ["begin an", "  organisation with a", "  ticket"]),
        ("fki1." + "a" * 40, ["fki1." + "a" * 40]),
        ("word fki1." + "a" * 40, ["word fki1." + "a" * 40]),
    ],
)
def test_lines_on_a_terminal(line: str, told: list[str]) -> None:
    """They are broken between words; what has to be copied whole stays in one piece."""
    assert _broken(line, 22) == told
    assert _broken(line, None) == [line]


def test_verbs_at_a_prompt_of_its_own() -> None:
    """There they are named as they are typed there."""
    stream = io.StringIO()
    Output(stdout=stream, stderr=stream, prompted=True).say("Next: `fieldkit sync`.")
    assert stream.getvalue() == "Next: `sync`.\n"
