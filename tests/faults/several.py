"""Runs several programs one after the other in one process, and prints as JSON how each of them ended.

What follows a kill is a look, a second try, another look, an exchange: and a process of its own for each
would cost as much as the work.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from tests.faults.warm import PROGRAMS


def main() -> int:
    """Run the jobs that the file named by the first argument lists.

    A job with `unless` is left out, and null told of it, when the first job printed that.
    """
    told: list[dict[str, Any] | None] = []
    for job in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        needless = told and told[0] is not None and job["unless"] == told[0]["out"].strip()
        told.append(None if needless else _run(job))
    print(json.dumps(told))
    return 0


def _run(job: dict[str, Any]) -> dict[str, Any]:
    """One program, on streams of its own."""
    module, _, function = PROGRAMS[job["program"]].partition(":")
    program = getattr(import_module(module), function)
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(job["stdin"].encode())
        given.seek(0)
        kept = [os.dup(number) for number in range(3)]
        for number, stream in enumerate((given, out, err)):
            os.dup2(stream.fileno(), number)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 lives as long as the program
        sys.argv = [job["program"], *job["words"]]
        try:
            code = program()
        except BaseException:
            traceback.print_exc()
            code = 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, descriptor in enumerate(kept):
                os.dup2(descriptor, number)
                os.close(descriptor)
        return {"code": code, "out": _text(out), "err": _text(err)}


def _text(stream: Any) -> str:
    stream.seek(0)
    return str(stream.read().decode())
