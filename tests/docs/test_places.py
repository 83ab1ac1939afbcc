"""No tracked file names a place on one machine or a host to install from."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.docs.markdown import ROOT, tracked

# Written in halves so that this file does not name them either.
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.npm" + "js",
    "deb.debian" + ".org",
    "crates" + ".io",
)
FOLDERS = ("/ro" + "ot", "/wo" + "rk", r"/ho" + r"me/\w+", r"/Us" + r"ers/\w+", "/opt/py" + "pi")

# Not where a longer path goes on: `docs/` before it, a home folder's `~`, a variable's closing brace.
PLACE = re.compile("|".join([*map(re.escape, HOSTS), rf"(?<![\w.*)\]}}~-])(?:{'|'.join(FOLDERS)})\b"]))


def places(text: str) -> Iterator[tuple[int, str]]:
    """Each named place with its line number."""
    for number, line in enumerate(text.splitlines(), start=1):
        yield from ((number, match[0]) for match in PLACE.finditer(line))


def test_no_place_is_named() -> None:
    """What is committed works on any machine."""
    files = tracked()
    assert files
    texts = {path: (ROOT / path).read_text(encoding="utf-8", errors="ignore") for path in files}
    assert [f"{path}:{number} {place}" for path in files for number, place in places(texts[path])] == []


@pytest.mark.parametrize(
    "line",
    [
        *(f"see https://{host}/simple" for host in HOSTS),
        *(f"cd {folder.replace('w+', 'anna').replace(chr(92), '')}/a" for folder in FOLDERS),
    ],
)
def test_place_is_noticed(line: str) -> None:
    """Each host and folder is found."""
    assert len(list(places(line))) == 1


@pytest.mark.parametrize(
    "line", ["~/work/notes", "docs/work/x", "the root/branch", "a framework/root", "/v1/sync"]
)
def test_other_paths_pass(line: str) -> None:
    """Relative paths and routes are no places."""
    assert list(places(line)) == []
