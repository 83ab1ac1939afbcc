"""Starting the program imports nothing heavy: a laptop of ten years ago answers at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "alembic",
    "babel",
    "cryptography",
    "httpx",
    "keyring",
    "openpyxl",
    "pyxform",
    "sqlalchemy",
    "sqlcipher3",
    "starlette",
    "textual",
    "uvicorn",
    "zxcvbn",
)

IMPORT = "import fieldkit.cli.main"
HELP = """
import sys
import fieldkit.cli.main
sys.argv = ["fieldkit", "--help"]
try:
    code = fieldkit.cli.main.main()
except SystemExit as end:
    code = end.code
if code:
    raise SystemExit(f"--help left with {code}")
"""


def heavy_after(program: str) -> set[str]:
    """The heavy libraries that a fresh interpreter holds after a program."""
    probe = f"{program}\nimport sys\nprint('\\nloaded', *sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    (line,) = (line for line in run.stdout.splitlines() if line.startswith("loaded"))
    return {name.split(".")[0] for name in line.split()} & set(HEAVY)


@pytest.mark.parametrize("program", [IMPORT, HELP], ids=["import", "--help"])
def test_start_is_light(program: str) -> None:
    """Neither the import nor the help text costs a heavy library."""
    assert heavy_after(program) == set()


def test_heavy_is_noticed() -> None:
    """The probe sees a heavy library where there is one."""
    assert heavy_after("import httpx") == {"httpx"}
