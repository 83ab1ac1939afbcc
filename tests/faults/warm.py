"""A process that has everything imported and forks for each run of a program: a run costs no start-up.

Only a sweep of hundreds of runs needs it. The programs are the real ones with three things exchanged: a
passphrase is stretched with one hash instead of Argon2id (the vaults made here open nowhere else), a
connection goes to the port that the run was given, so that copies of one home can meet copies of one server,
and what a pull lets other threads do is done at once, because calls are counted for each thread by itself.

One connection to the socket is one run: a line of JSON says what, the answer is the process id; a byte lets
it begin (by then it may be traced), the last line is its exit code. A run is a child of this process, which
does nothing but fork and tell how runs ended.
"""

from __future__ import annotations

import ctypes
import gc
import hashlib
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NoReturn
from unittest.mock import patch

from fieldkit.actions import verifying
from fieldkit.forms.builtin import incident_form
from fieldkit.vault import keyslots
from fieldkit.vault.keyslots import FLOOR_COST, Cost
from sync.client.reach import reach

PROGRAMS = {
    "fieldkit": "fieldkit.cli.main:main",
    "server": "sync.server.admin:main",
    "look": "tests.faults.look:main",
    "several": "tests.faults.several:main",
    "torn": "tests.faults.torn_cli:main",
    "trusting": "tests.faults.trusting_cli:main",
    "stubborn": "tests.faults.stubborn_cli:main",
    "hasty": "tests.faults.hasty_server:main",
    "blunt": "tests.faults.blunt_cli:main",
    "careless": "tests.faults.careless_backup:main",
}
"""What can be run, as `module:function`; the function reads sys.argv and returns an exit code."""

EAGER = (
    *("sync.client.http", "sync.server.serve", "tests.faults.look", "zxcvbn"),
    *("cryptography.hazmat.backends.openssl.backend", "sqlite3.dbapi2", "uvicorn.lifespan.off"),
    *("encodings.ascii", "encodings.idna", "encodings.utf_8_sig"),
)
"""Modules the programs import late."""

EAGER_PACKAGES = ("fieldkit.actions", "fieldkit.cli.verbs")
"""Packages all of whose modules they import late: each would cost every run what compiling it costs."""

REQUEST_BYTES = 1 << 16
BACKLOG = 16
_PR_SET_PDEATHSIG = 1


def main() -> NoReturn:
    """Serve the socket that descriptor 0 is, until whoever holds descriptor 1's other end is gone."""
    die_with_parent()
    for module in (*EAGER, *(name.partition(":")[0] for name in PROGRAMS.values())):
        import_module(module)
    for package in EAGER_PACKAGES:
        for found in iter_modules(import_module(package).__path__, f"{package}."):
            import_module(found.name)
    incident_form()  # remembered: every run that shows a report would read it anew
    keyslots.derive = cheap_derive
    keyslots.calibrate = lowest_cost
    vars(verifying)["ThreadPoolExecutor"] = AtOnce
    gc.freeze()  # a collection in a fork would touch, and so copy, every page
    listener = socket.socket(fileno=os.dup(0))
    os.write(1, b"warm\n")
    _serve(listener)


def _serve(listener: socket.socket) -> NoReturn:
    """Fork for each connection, and answer with the exit code when the run has ended."""
    runs: dict[int, tuple[int, socket.socket]] = {}
    waiting = select.poll()
    waiting.register(listener, select.POLLIN)
    while True:
        for ready, _ in waiting.poll():
            if ready in runs:
                waiting.unregister(ready)
                _tell(ready, *runs.pop(ready))
                continue
            connection, _ = listener.accept()
            child = os.fork()
            if child == 0:
                for kept in (listener, *(other for _, other in runs.values())):
                    kept.close()
                for descriptor in runs:
                    os.close(descriptor)
                _handle(connection)
            ended = os.pidfd_open(child)
            runs[ended] = (child, connection)
            waiting.register(ended, select.POLLIN)


def _tell(ended: int, child: int, connection: socket.socket) -> None:
    """Answer with the exit code of a run that has ended."""
    os.close(ended)
    _, status = os.waitpid(child, 0)
    with connection, suppress(OSError):  # nobody may be left to hear it
        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def die_with_parent() -> None:
    """Nothing may outlive the test run, whatever ends it."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def cheap_derive(secret: str, salt: bytes, cost: Cost) -> bytes:
    """In the place of `keyslots.derive`: the strength of a passphrase is not what is tested here."""
    return hashlib.blake2b(secret.encode(), key=salt, digest_size=keyslots.KEY_BYTES).digest()


class AtOnce(Executor):
    """In the place of the threads of a pull: the same work, where it is asked for."""

    def __init__(self, threads: int, thread_name_prefix: str = "") -> None:
        """Nobody is needed."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now."""
        done = Future[Any]()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:
            done.set_exception(error)
        return done


def lowest_cost(clock: Callable[[], float]) -> Cost:
    """In the place of `keyslots.calibrate`, which would measure this machine."""
    return FLOOR_COST


def _handle(connection: socket.socket) -> NoReturn:
    """One run. At its end the interpreter is not taken down, which costs more than most runs."""
    die_with_parent()
    # The beginning byte may not be read ahead: it is sent when the process id has been told.
    job = json.loads(connection.makefile("r").readline())
    connection.sendall(f"{os.getpid()}\n".encode())
    select.select([connection], [], [])
    if connection.recv(1) != b"g":
        os._exit(1)
    connection.close()
    for number, name in enumerate(job["streams"]):
        mode = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        os.dup2(os.open(name, mode, 0o600), number)
    os.environ.update(job["environment"])
    if job["largest_file"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["largest_file"],) * 2)
    sys.argv = [job["program"], *job["words"]]
    module, _, function = PROGRAMS[job["program"]].partition(":")
    program = getattr(import_module(module), function)
    with patch("sync.client.link.reach", redirected(job["port"])):
        code = program()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def redirected(port: int | None) -> Callable[..., socket.socket]:
    """`reach`, to this port whatever the address says."""

    def connect(host: str, named: int, **options: Any) -> socket.socket:
        return reach(host, named if port is None else port, **options)

    return connect


if __name__ == "__main__":
    main()
