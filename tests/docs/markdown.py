"""Reads the project's Markdown: its links, and the anchors its headings make."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_CODE = re.compile(r"`+[^`]*`+")
_INLINE = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*$")
_NAMED = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")
_OUTSIDE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as written: its target and the line it stands on."""

    target: str
    line: int


@cache
def tracked(*patterns: str) -> tuple[Path, ...]:
    """The files git knows that match the patterns, as paths relative to the project."""
    run = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True)
    names = run.stdout.decode().split("\0")
    return tuple(Path(name) for name in names if name and (ROOT / name).is_file())


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines outside fenced code, numbered from one."""
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _FENCE.match(line):
            mark = match[1]
            if not fence:
                fence = mark
            elif mark.startswith(fence):
                fence = ""
        elif not fence:
            yield number, line


def links(text: str) -> Iterator[Link]:
    """Every link that stays inside the project, in order."""
    for number, line in prose(text):
        bare = _CODE.sub("", line)
        reference = _REFERENCE.match(bare)
        for target in [*_INLINE.findall(bare), *([reference[1]] if reference else [])]:
            if not _OUTSIDE.match(target):
                yield Link(target=unquote(target), line=number)


def anchors(text: str) -> set[str]:
    """The fragments a reader can jump to, as the usual renderers make them from headings."""
    found: set[str] = set(_NAMED.findall(text))
    seen: Counter[str] = Counter()
    for _, line in prose(text):
        if match := _HEADING.match(line):
            words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1])
            slug = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return found


def broken(path: Path, text: str) -> Iterator[str]:
    """Each link of a file that leads nowhere, with what is missing. The path is relative to the project."""
    for link in links(text):
        name, _, fragment = link.target.partition("#")
        target = (ROOT / path.parent / name).resolve()
        if name and not target.is_relative_to(ROOT):
            yield f"{path}:{link.line} leads out of the project: {link.target}"
        elif name and not target.exists():
            yield f"{path}:{link.line} leads to no file: {link.target}"
        elif fragment and (not name or target.suffix == ".md"):
            there = target.read_text(encoding="utf-8") if name else text
            if fragment not in anchors(there):
                yield f"{path}:{link.line} leads to no heading: {link.target}"
