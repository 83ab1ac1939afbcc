"""`python -m tests.bench [ROW …]` prints the benchmark table; the exit code is 1 when a budget is missed."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import ssl
import sys
from collections.abc import Iterator, Sequence

from fieldkit.forms.builtin import incident_form
from sync.protocol.compression import LEVEL
from sync.protocol.limits import DICTIONARY_SHA256
from tests.bench.reports import SEED
from tests.bench.rows import GROUPS
from tests.bench.table import Row, heading

RUNS = 5
"""Each figure is the median of so many."""


def facts(runs: int) -> Iterator[str]:
    """What the figures depend on."""
    form = incident_form()
    yield f"medians of {runs}, seed {SEED}, form {form.id} {form.version}"
    yield f"dictionary 1, SHA-256 {DICTIONARY_SHA256}"
    yield (
        f"{platform.python_implementation()} {platform.python_version()}, {ssl.OPENSSL_VERSION},"
        f" {_zstd()} level {LEVEL}, SQLite {sqlite3.sqlite_version}"
    )
    yield f"{platform.system()} {platform.release()}, {platform.machine()}, {os.cpu_count()} cores"


def _zstd() -> str:
    """The library's version, from where `sync.protocol.compression` has it."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return f"zstd {zstd.zstd_version}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the rows chosen, or all, as they are measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"only these: {', '.join(GROUPS)}")
    parser.add_argument("--runs", type=int, default=RUNS, help="medians of so many (default %(default)s)")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.rows) - set(GROUPS))
    if unknown or chosen.runs < 1:
        parser.error(f"expected rows of {', '.join(GROUPS)} and at least 1 run, got {unknown or chosen.runs}")
    missed = []
    for line in facts(chosen.runs):
        _print(line)
    for name, group in GROUPS.items():
        if chosen.rows and name not in chosen.rows:
            continue
        _print(f"\n{group.number}. {group.title}\n{heading()}")
        for row in group.rows(chosen.runs):
            _print(str(row))
            if isinstance(row, Row) and not row.ok:
                missed.append(f"{group.number}. {row.what.strip()}")
    _print(f"\n{'every budget holds' if not missed else 'missed: ' + '; '.join(missed)}")
    return 1 if missed else 0


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
