"""Every link in the documentation leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, anchors, broken, links, tracked

# (text, what the check must say about it; nothing when the link is good)
CASES = {
    "a file": ("[a](LICENSE)", ""),
    "a folder": ("[a](tests/docs/)", ""),
    "a heading": ("# One thing\n[a](#one-thing)", ""),
    "a second heading of the same name": ("# One\n# One\n[a](#one-1)", ""),
    "a heading with marks": ("# What, `now`?\n[a](#what-now)", ""),
    "outside": ("[a](https://example.org/x)", ""),
    "in code": ("`[a](nowhere.md)`\n```\n[a](nowhere.md)\n```", ""),
    "a missing file": ("[a](nowhere.md)", "no file"),
    "a missing picture": ("![a](nowhere.png)", "no file"),
    "a missing heading": ("# One\n[a](#two)", "no heading"),
    "a missing heading elsewhere": ("[a](README.md#no-such-heading)", "no heading"),
    "a heading only in code": ("```\n# One\n```\n[a](#one)", "no heading"),
    "a reference": ("[a][b]\n\n[b]: nowhere.md", "no file"),
    "out of the project": ("[a](../elsewhere.md)", "out of the project"),
    "two on a line": ("[a](LICENSE) and [b](nowhere.md)", "no file"),
}


def test_links_lead_somewhere() -> None:
    """No tracked Markdown file has a dead link."""
    documents = tracked("*.md")
    assert documents
    dead = [line for path in documents for line in broken(path, (ROOT / path).read_text(encoding="utf-8"))]
    assert dead == []


@pytest.mark.parametrize(("text", "complaint"), CASES.values(), ids=CASES)
def test_check(text: str, complaint: str) -> None:
    """The check passes good links and names what is wrong with a dead one."""
    found = list(broken(Path("PLANTED.md"), text))
    assert len(found) == bool(complaint)
    assert complaint in "".join(found)


def test_line_numbers() -> None:
    """A link is reported on its line."""
    assert [(link.target, link.line) for link in links("a\n\n[x](y z)\n[x](y%20z)")] == [("y z", 4)]


def test_anchor_of_arabic() -> None:
    """Headings in other scripts keep their letters."""
    assert anchors("## حالة الإرسال") == {"حالة-الإرسال"}
