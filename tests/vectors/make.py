"""Make the vectors, or check that the committed ones are those that would be made.

    python -m tests.vectors.make            writes tests/vectors/files
    python -m tests.vectors.make --check    writes nothing; status 1 and the names of files that differ

Everything is made from fixed seeds, but for bytes no seed can fix (ML-DSA signatures, ML-KEM ciphertexts,
zstd frames): they are drawn once and kept in randomised.json. `--check` fails rather than draw a new one.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

from tests.vectors.making.book import FILES, KEPT, as_file, kept

SECTIONS = range(1, 11)


def made() -> dict[str, str]:
    """Every file by its name: the section, a number in it, what it is about."""
    found: dict[str, str] = {}
    for section in SECTIONS:
        module = import_module(f"tests.vectors.making.section{section}")
        for number, vector in enumerate(module.vectors(), 1):
            name = f"{section:02}-{number:03}-{vector.name}.json"
            found[name] = json.dumps(as_file(section, vector), indent=1, ensure_ascii=True) + "\n"
    return found


def check() -> list[str]:
    """Names of files that are not as they would be made."""
    before = KEPT.read_text(encoding="utf-8")
    wanted = made() | {}
    there = {path.name: path.read_text(encoding="utf-8") for path in FILES.glob("*.json")}
    wrong = [name for name in sorted(wanted.keys() | there.keys()) if wanted.get(name) != there.get(name)]
    return wrong + ([KEPT.name] if kept.text() != before else [])


def write() -> None:
    """Write every file, and take away those that are no longer made."""
    wanted = made()
    for path in FILES.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FILES / name).write_text(text, encoding="utf-8")
    KEPT.write_text(kept.text(), encoding="utf-8")
    print(f"{len(wanted)} vectors")


if __name__ == "__main__":
    kept.load()
    if "--check" not in sys.argv[1:]:
        write()
    elif wrong := check():
        sys.exit("not as they would be made: " + ", ".join(wrong))
