"""What a verb works on is read strictly: nothing given is lost in silence."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.sources import MOST_BYTES, MOST_LINE, answers, one_line


class Input(io.TextIOWrapper):
    """Standard input with some bytes in it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")


def file(folder: Path, content: bytes) -> str:
    """A file with this content."""
    path = folder / "answers.json"
    path.write_bytes(content)
    return str(path)


def test_file_and_changes(tmp_path: Path) -> None:
    """--set stands over --from; a name set twice holds both."""
    source = file(tmp_path, b'{"title": "from the file", "gov": "Aleppo"}')
    found = answers(source, [("title", "typed"), ("kind", "arrest"), ("kind", "killing")])
    assert found == {"title": "typed", "gov": "Aleppo", "kind": ["arrest", "killing"]}


def test_nothing_given() -> None:
    """Without either there are no answers."""
    assert answers(None, []) == {}


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is standard input; a byte order mark is no part of it."""
    monkeypatch.setattr(sys, "stdin", Input('\ufeff{"title": "مارع"}'.encode()))
    assert answers("-", []) == {"title": "مارع"}


BAD = {
    "nothing": (b"", "it is not JSON: expecting value, line 1, column 1"),
    "an array": (b"[1]", "it holds an array"),
    "a string": (b'"x"', "it holds a string"),
    "null": (b"null", "it holds something else"),
    "not JSON": (b"{title: 1}", "it is not JSON: expecting property name"),
    "no number": (b'{"lat": NaN}', "NaN is no number"),
    "a key twice": (b'{"title": "a", "title": "b"}', "'title' stands there twice"),
    "a key twice below": (b'{"acts": [{"act": "a", "act": "b"}]}', "'act' stands there twice"),
    "not UTF-8": (b'{"title": "\xff"}', "it is not UTF-8"),
    "too deep": (b"[" * 100_000, "it is nested too deeply"),
    "too long": (b" " * (MOST_BYTES + 1), "it has more than"),
}


@pytest.mark.parametrize(("content", "problem"), BAD.values(), ids=BAD)
def test_bad_file(tmp_path: Path, content: bytes, problem: str) -> None:
    """A file that is not a JSON object is refused with the reason and an example."""
    with pytest.raises(CliFault) as caught:
        answers(file(tmp_path, content), [])
    assert caught.value.code is ExitCode.INPUT
    assert problem in caught.value.message
    assert "title" in caught.value.hint


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is told by its name."""
    with pytest.raises(CliFault, match=r"none\.json cannot be read: No such file"):
        answers(str(tmp_path / "none.json"), [])


def test_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """An invite is taken as given, or from one line of standard input."""
    assert one_line(" text ", "an invite") == "text"
    monkeypatch.setattr(sys, "stdin", Input(b"from outside\nnot this\n"))
    assert one_line("-", "an invite") == "from outside"


def test_a_line_of_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an editor puts before a text is no part of it; the longest line passes."""
    monkeypatch.setattr(sys, "stdin", Input("\ufeffan invite\r\n".encode()))
    assert one_line("-", "an invite") == "an invite"
    monkeypatch.setattr(sys, "stdin", Input(b"x" * MOST_LINE + b"\n"))
    assert one_line("-", "an invite") == "x" * MOST_LINE


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("an invite\n".encode("utf-16"), "got what is not UTF-8 text", id="of another encoding"),
        pytest.param(b"x" * (MOST_LINE + 1), "got a line of more than 65536 characters", id="too long"),
    ],
)
def test_a_line_that_is_refused(monkeypatch: pytest.MonkeyPatch, content: bytes, told: str) -> None:
    """It is refused by name, and nothing of it is taken."""
    monkeypatch.setattr(sys, "stdin", Input(content))
    with pytest.raises(CliFault, match=f"expected an invite, {told}"):
        one_line("-", "an invite")


@pytest.mark.parametrize("given", ["", "  "])
def test_empty_line(given: str) -> None:
    """An empty one is refused by name."""
    with pytest.raises(CliFault, match="expected an invite, got an empty line"):
        one_line(given, "an invite")
