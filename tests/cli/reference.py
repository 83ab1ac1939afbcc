"""Writes the reference part of docs/cli.md from the catalogue: `python -m tests.cli.reference`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fieldkit.cli.catalogue import VERBS
from fieldkit.cli.contract import Verb
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.help import program_help, verb_help

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "cli.md"

MARK = "<!-- Below: written by `python -m tests.cli.reference` from fieldkit/cli/catalogue.py. -->\n"
"""What stands above it in the document is written by hand, what stands below is not."""


def reference() -> str:
    """Exit codes, the program's help, and a section for each verb."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("", "## Exit codes", "", "| code | name | meaning |", "|---|---|---|")
    yield from (f"| {int(code)} | {code.name.lower()} | {code.meaning} |" for code in ExitCode)
    yield from ("", "## fieldkit", "", "```text", program_help(VERBS).rstrip(), "```")
    for verb in VERBS:
        if verb.path:
            yield from _verb(verb)


def _verb(verb: Verb) -> Iterator[str]:
    yield from ("", f"## {verb.name}", "", "```text", verb_help(verb).rstrip(), "```", "")
    if verb.shape is None:
        yield "Prints no JSON."
        return
    yield f"`--json` prints an {'array of objects' if verb.shape.array else 'object'} with"
    yield from ("", "| key | meaning |", "|---|---|")
    yield from (f"| `{name}` | {meaning} |" for name, meaning in verb.shape.listed())


def rewrite(document: Path = DOCUMENT) -> None:
    """Put the reference of today below the mark."""
    head, mark, _ = document.read_text(encoding="utf-8").partition(MARK)
    if not mark:
        raise SystemExit(f"{document} has no line {MARK!r}")
    document.write_text(head + MARK + reference(), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
