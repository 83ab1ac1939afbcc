"""R28 where it matters: on a system that is set to keep core files."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import ctypes, resource
from fieldkit.vault.platform import harden_process
_, highest = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (highest, highest))
assert resource.getrlimit(resource.RLIMIT_CORE) != (0, 0)
harden_process()
print(*resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux")
def test_core_files_are_forbidden_for_good() -> None:
    """Both limits are zero afterwards, so that nothing can raise them again, and nobody may look inside."""
    run = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert (run.stdout.split(), run.stderr) == (["0", "0", "0"], "")
