"""Runs tests in a process apart, in which one file is another than on the disk. The checkout stays as it is.

A process that has pytest and the libraries in memory, but nothing of ours, forks: this saves their loading.
Programs that a test starts read the file on the disk; so only what tests do in their own process counts.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

import pytest

from tests.mutation.edits import Mutant
from tests.mutation.packages import ROOT

LIBRARIES: Final = (
    "cbor2",
    "cryptography.hazmat.primitives.ciphers.aead",
    "hypothesis",
    "sqlcipher3",
    "zxcvbn",
)
"""Loaded once, before the first fork."""

MEMORY_BYTES: Final = 4 << 30
"""Address space of a run: a mutant that eats memory dies, and nothing else does."""

POLL_SECONDS: Final = 0.02
PATIENCE: Final = 10
"""Seconds of the clock for each of processor time: the machine may have other work, the tests may sleep."""

STOPPED: Final = "stopped: too slow"
DIED: Final = "died"


class _Loader(SourceFileLoader):
    """Loads other bytes than the file has, and leaves no compiled file behind."""

    mutated = b""

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.mutated, self.path, "exec", dont_inherit=True)


class _Finder:
    """Finds one module, by name."""

    def __init__(self, mutant: Mutant, mutated: bytes) -> None:
        self._name = mutant.path.removesuffix(".py").replace("/", ".")
        self._path = ROOT / mutant.path
        self._mutated = mutated

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self._name:
            return None
        loader = _Loader(name, str(self._path))
        loader.mutated = self._mutated
        return spec_from_file_location(name, self._path, loader=loader)


def install(mutant: Mutant) -> None:
    """Make this process see the mutant in place of the file; nothing of ours may be loaded yet."""
    if loaded := [name for name in sys.modules if name.split(".")[0] in ("fieldkit", "sync")]:
        raise RuntimeError(f"{loaded[0]} is loaded already: the mutant would not be seen")
    mutated = mutant.applied((ROOT / mutant.path).read_bytes())
    if mutant.path.endswith(".py"):
        sys.meta_path.insert(0, _Finder(mutant, mutated))
        return
    real, place = Path.read_text, ROOT / mutant.path

    def read_text(self: Path, *args: Any, **options: Any) -> str:
        return mutated.decode() if self == place else real(self, *args, **options)

    Path.read_text = read_text  # type: ignore[method-assign]


def preload(cache: Path) -> None:
    """Load the libraries that all runs share; what these compile besides is kept in a folder for the next."""
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(cache)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # With its long settings one run of the tests takes hours.
    os.environ.pop("FIELDKIT_DEEP", None)
    for name in LIBRARIES:
        importlib.import_module(name)


def run_tests(files: Sequence[str], plugin: object, folder: Path) -> int:
    """pytest's exit code for these files; it stops at the first failure."""
    options = ["-x", "-q", "-p", "no:cacheprovider", f"--basetemp={folder / 'pytest'}"]
    # Nobody reads why an assertion failed.
    options += ["--assert=plain", "--tb=line"]
    return int(pytest.main([*options, *files], plugins=[plugin]))


def apart(work: Callable[[Path], Any], seconds: float) -> Any:
    """What `work` returned in a process of its own; STOPPED or DIED when it did not come back.

    It is stopped after so many seconds of processor time, or after ten times as many of the clock.

    `work` gets a folder that is removed afterwards. Its output goes nowhere. RuntimeError when it raised:
    what a mutant does is only seen from inside the tests, so that this is never a mutant that was noticed.
    """
    folder = Path(tempfile.mkdtemp(prefix="mutant-"))
    process = os.fork()
    if process == 0:
        _child(work, folder, seconds)
    try:
        if not _ended(process, seconds):
            return STOPPED
        answer = folder / "answer"
        if not answer.exists():
            return DIED
        value, error = pickle.loads(answer.read_bytes())  # noqa: S301 - written by our own child
        if error:
            raise RuntimeError(f"a run failed by itself:\n{error}")
        return value
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _child(work: Callable[[Path], Any], folder: Path, seconds: float) -> None:
    """Never returns."""
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        whole = math.ceil(seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (whole, whole))
        with Path(os.devnull).open("r+b") as nothing:
            for stream in (0, 1, 2):
                os.dup2(nothing.fileno(), stream)
        os.chdir(ROOT)
        try:
            answer = work(folder), ""
        except BaseException:
            answer = None, traceback.format_exc()
        (folder / "answer.part").write_bytes(pickle.dumps(answer))
        (folder / "answer.part").rename(folder / "answer")
    finally:
        os._exit(0)


def _ended(process: int, seconds: float) -> bool:
    """Wait for a process; after its time end it and all it started. False when it used up its time."""
    until = time.monotonic() + PATIENCE * seconds
    ended, status = False, 0
    while not ended and time.monotonic() < until:
        found, status = os.waitpid(process, os.WNOHANG)
        ended = found != 0
        if not ended:
            time.sleep(POLL_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    if not ended:
        os.waitpid(process, 0)
    # The system ends with SIGKILL what goes on after its processor time.
    return ended and not (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL))
