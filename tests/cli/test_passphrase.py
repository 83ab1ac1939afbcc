"""Passphrases come from a descriptor or a terminal and from nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.faults import CliFault
from fieldkit.cli.passphrase import LONGEST_PASSPHRASE, Passphrases, read_line


@contextmanager
def descriptor(content: bytes) -> Iterator[int]:
    """A descriptor to read some bytes from."""
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"six words\n", "six words"),
        (b"six words", "six words"),
        (b"six words\r\nmore", "six words"),
        (b" spaces stay \n", " spaces stay "),
        ("عبارة المرور\n".encode(), "عبارة المرور"),
        (b"x" * LONGEST_PASSPHRASE + b"\n", "x" * LONGEST_PASSPHRASE),
    ],
)
def test_line_is_read(content: bytes, line: str) -> None:
    """One line, without its end and without anything else done to it."""
    with descriptor(content) as number:
        assert read_line(number) == line


def test_what_follows_stays() -> None:
    """Only the line is taken, so that standard input can go on with answers."""
    with descriptor(b'words\n{"title": "x"}') as number:
        assert read_line(number) == "words"
        assert os.read(number, 100) == b'{"title": "x"}'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"x" * (LONGEST_PASSPHRASE + 1) + b"\n", "has more than"),
        (b"\xff\xfe\n", "is not UTF-8"),
    ],
)
def test_bad_line(content: bytes, message: str) -> None:
    """A line that cannot be a passphrase is a usage fault that does not repeat it."""
    with descriptor(content) as number, pytest.raises(CliFault) as caught:
        read_line(number)
    assert caught.value.code is ExitCode.USAGE
    assert message in caught.value.message
    assert "xxx" not in caught.value.message


def test_closed_descriptor() -> None:
    """A descriptor that is not open is a usage fault."""
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    with pytest.raises(CliFault, match="cannot be read"):
        read_line(reading)


def test_given_one_is_judged_when_it_is_new() -> None:
    """A weak new passphrase is refused even when a script gives it; an existing one is not judged."""
    weak = Passphrases(given="12345")
    assert weak.existing() == "12345"
    with pytest.raises(CliFault) as caught:
        weak.new("six words", lambda _: "too short")
    assert (caught.value.code, caught.value.message) == (ExitCode.INPUT, "too short")
    assert Passphrases(given="strong").new("six words", lambda _: None) == "strong"


def test_it_is_not_shown() -> None:
    """The representation, which may end in a log, does not hold it."""
    assert "strong" not in repr(Passphrases(given="strong"))


@pytest.mark.skipif(sys.platform == "win32", reason="sessions are Unix's")
@pytest.mark.parametrize("new", ["existing()", "new('six words', lambda _: None)"])
def test_no_terminal(new: str) -> None:
    """Without a terminal it says so and how to give it, instead of waiting or reading standard input."""
    program = (
        "from fieldkit.cli.faults import CliFault\n"
        "from fieldkit.cli.passphrase import Passphrases\n"
        f"try:\n    Passphrases().{new}\n"
        "except CliFault as fault:\n    print(int(fault.code), fault.message, '|', fault.hint)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        input="a passphrase that must not be taken from here\n",
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    assert run.stdout.startswith("2 a passphrase is needed, and there is no terminal")
    assert "--passphrase-fd" in run.stdout
    assert run.stderr == ""
