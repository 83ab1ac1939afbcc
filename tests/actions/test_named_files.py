"""Files that people name: what is none is told at once, as a mistake of theirs and not of the program."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from fieldkit.actions import backing_up
from fieldkit.actions.errors import InputProblem
from fieldkit.actions.joining import INVITE_FILE_BYTES, invite_from_file
from fieldkit.actions.named_files import named_file

INVITE = "fki1.synthetic"


@pytest.mark.parametrize("name", ["~nobody-of-this-name/x", "nul\0byte"])
def test_names_of_no_file(name: str) -> None:
    """They are names of nothing, wherever they are given."""
    for ask in (named_file, invite_from_file, backing_up.check):
        with pytest.raises(InputProblem):
            ask(Path(name))


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes")
@pytest.mark.parametrize("ask", [invite_from_file, backing_up.check], ids=["invite", "backup"])
def test_a_pipe_is_not_waited_for(tmp_path: Path, ask: object) -> None:
    """Nobody would ever write to it, and the program could not even be left."""
    os.mkfifo(tmp_path / "pipe")
    assert callable(ask)
    with pytest.raises(InputProblem, match="that is no file"):
        ask(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "holds no text"),
        (b"f" * 10_000_000, f"more than {INVITE_FILE_BYTES}"),
    ],
    ids=["empty", "no text", "ten megabytes"],
)
def test_files_without_an_invite(tmp_path: Path, raw: bytes, why: str) -> None:
    """What is wrong with the file is said; a large one is not read to its end."""
    (tmp_path / "file").write_bytes(raw)
    with pytest.raises(InputProblem, match=why):
        invite_from_file(tmp_path / "file")


def test_a_link_to_an_invite(tmp_path: Path) -> None:
    """A name that leads to a file is a name of it."""
    (tmp_path / "invite.txt").write_text(f"\ufeff{INVITE}\n", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "invite.txt")
    assert invite_from_file(tmp_path / "link") == INVITE
