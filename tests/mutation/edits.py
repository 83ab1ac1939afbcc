"""A mutant: one small edit that makes a source file wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One edit of one file. Places are byte offsets, so that text in any script keeps its place."""

    path: str
    """Of the file, relative to the project."""
    operator: str
    """What kind of edit it is."""
    line: int
    last: int
    """First and last line of the edited text, from 1."""
    start: int
    end: int
    old: str
    new: str
    context: str
    """The first line as it stands, without its indentation."""

    @property
    def name(self) -> str:
        """What `--only` takes."""
        return f"{self.path}:{self.line}:{self.start}:{self.operator}"

    def applied(self, source: bytes) -> bytes:
        """The file with the edit; raises ValueError when it is not the file the edit was made for."""
        if source[self.start : self.end].decode() != self.old:
            raise ValueError(f"{self.path} changed since {self.name} was made")
        return source[: self.start] + self.new.encode() + source[self.end :]

    def __str__(self) -> str:
        old, new = (" ".join(text.split()) for text in (self.old, self.new))
        return f"{self.name}  {old or '(nothing)'}  =>  {new or '(nothing)'}"


def lines_of(source: bytes) -> list[int]:
    """The offset at which each line begins; the last is the file's length."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def make(path: str, source: bytes, operator: str, place: tuple[int, int], new: str) -> Mutant:
    """The mutant that puts `new` in the place of the bytes from `place[0]` up to `place[1]`."""
    start, end = place
    line = source.count(b"\n", 0, start) + 1
    begins = source.rfind(b"\n", 0, start) + 1
    return Mutant(
        path=path,
        operator=operator,
        line=line,
        last=source.count(b"\n", 0, end) + 1,
        start=start,
        end=end,
        old=source[start:end].decode(),
        new=new,
        context=source[begins:].split(b"\n", 1)[0].decode().strip(),
    )
