"""The pinned files agree with each other, carry hashes, and name no place to fetch from."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.architecture.source import ROOT

# Each holds all of the one before it, at the same version.
CHAIN = ("base", "server", "dev")
ALL = (*CHAIN, "build", "lock")

PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;]+)(?P<marker> ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def pins(name: str) -> dict[str, str]:
    """The versions that one file pins."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {match["name"]: match["version"] for line in lines if (match := PIN.match(line))}


@pytest.mark.parametrize("name", ALL)
def test_file_holds_only_pins_and_hashes(name: str) -> None:
    """Every line is a pin, a hash or a comment, so no index address, no option, no unpinned name."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    kinds = "".join(
        "p" if PIN.match(line) else "h" if HASH.match(line) else "#" if line[:1] == "#" else "?"
        for line in lines
    )
    assert re.fullmatch(r"#*(ph+)+", kinds), [
        line for line, kind in zip(lines, kinds, strict=True) if kind == "?"
    ]


@pytest.mark.parametrize(("smaller", "larger"), list(pairwise(CHAIN)))
def test_files_agree(smaller: str, larger: str) -> None:
    """What was tested is what a laptop installs."""
    assert pins(smaller).items() <= pins(larger).items()


def test_build_tools_agree() -> None:
    """The build uses the versions that development uses."""
    assert pins("build").items() <= pins("dev").items()


@pytest.mark.parametrize(
    "line", ["httpx", "httpx>=1", "--index-url x", "-e .", "httpx==0.28.1", "    --hash=md5:0"]
)
def test_loose_line_is_noticed(line: str) -> None:
    """The patterns refuse what a pinned file must not hold."""
    assert not PIN.match(line)
    assert not HASH.match(line)
