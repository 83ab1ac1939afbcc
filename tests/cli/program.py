"""Runs the program in this process: a home with a cheap vault, and the streams as strings."""

from __future__ import annotations

import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit.actions import unlock
from fieldkit.cli.exit_codes import ExitCode
from fieldkit.cli.main import run
from fieldkit.cli.output import Output
from fieldkit.vault.keyslots import FLOOR_COST

PASSPHRASE = "orbit lantern maple quilt harbor tunnel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How one run ended."""

    code: ExitCode
    out: str
    err: str

    @property
    def value(self) -> Any:
        """The one JSON value on standard output."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    @property
    def error(self) -> Any:
        """The error object on the last line of standard error."""
        return json.loads(self.err.splitlines()[-1])["error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program on one home."""

    home: Path
    passphrase: str = PASSPHRASE

    def create(self) -> Program:
        """Make the vault at the least cost there is."""
        unlock.initialise(self.home, self.passphrase, cost=FLOOR_COST).close()
        return self

    def __call__(self, *arguments: str) -> Ran:
        """Run one command line; the passphrase comes on a descriptor."""
        reading, writing = os.pipe()
        os.write(writing, f"{self.passphrase}\n".encode())
        os.close(writing)
        try:
            return run_plain("--home", str(self.home), "--passphrase-fd", str(reading), *arguments)
        finally:
            os.close(reading)

    def json(self, *arguments: str) -> Any:
        """Run with --json what must succeed; returns the value."""
        ran = self(*arguments, "--json")
        assert ran.code is ExitCode.OK, ran.err
        return ran.value


def run_plain(*arguments: str) -> Ran:
    """Run one command line as it is."""
    output = Output(stdout=io.StringIO(), stderr=io.StringIO())
    code = run(arguments, output)
    assert isinstance(output.stdout, io.StringIO) and isinstance(output.stderr, io.StringIO)
    return Ran(code=code, out=output.stdout.getvalue(), err=output.stderr.getvalue())
