"""Which file may import which library, and a check that says who trespasses."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatch

from tests.architecture.source import PACKAGES, calls, imports, under

NOBODY: tuple[str, ...] = ()

# Import name of a library, and the patterns of the files that own it (`*` also crosses folders).
OWNERS: dict[str, tuple[str, ...]] = {
    # third parties
    "alembic": ("sync/server/stores/*", "sync/server/migrations/*"),
    "backports.zstd": ("sync/protocol/compression.py",),
    "cbor2": ("sync/protocol/encoding.py",),
    "cryptography": (
        "fieldkit/vault/keyslots.py",
        "sync/client/tls.py",
        "sync/protocol/sealing.py",
        "sync/protocol/signing.py",
        "sync/server/tls.py",
    ),
    "httpcore": ("sync/client/http.py",),  # what httpx is built on
    "httpx": ("sync/client/http.py",),
    "platformdirs": ("fieldkit/cli/*",),
    "pyxform": ("fieldkit/forms/xlsform.py",),
    "rich": ("fieldkit/tui/*",),  # what textual is built on
    "socksio": ("sync/client/http.py",),  # what httpx[socks] is built on
    "sqlalchemy": ("sync/server/stores/*", "sync/server/migrations/*"),
    "sqlcipher3": ("fieldkit/vault/db.py",),
    "starlette": ("sync/server/app.py",),
    "textual": ("fieldkit/tui/*",),
    "uvicorn": ("sync/server/serve.py", "sync/server/connection.py"),
    "zxcvbn": ("fieldkit/vault/*", "fieldkit/actions/*"),
    # the standard library, where its use is a decision
    "compression": ("sync/protocol/compression.py",),  # zstd, from Python 3.14 on
    "ctypes": ("fieldkit/vault/platform.py",),  # what differs between systems stands in one place
    "fcntl": ("fieldkit/vault/platform.py", "sync/client/link.py", "sync/server/*"),
    "marshal": NOBODY,
    "msvcrt": ("fieldkit/vault/platform.py",),
    "pickle": NOBODY,
    "resource": ("fieldkit/vault/platform.py", "sync/server/listening.py"),
    "shelve": NOBODY,
    "sqlite3": ("sync/server/stores/*",),  # a laptop keeps nothing in a database that is not encrypted
    "subprocess": ("fieldkit/demo/*",),
    "termios": ("fieldkit/vault/platform.py", "fieldkit/cli/terminal.py", "sync/client/link.py"),
    "tempfile": ("fieldkit/demo/*",),  # no plaintext outside the vault
    # anything not written out
    "?": ("fieldkit/cli/*",),
}

# Built-ins that run text as a program.
FORBIDDEN_CALLS = ("eval", "exec")


def trespasses(path: str, tree: ast.Module) -> Iterator[str]:
    """Each import of a library by a file that does not own it, and each call that nobody may make."""
    for found in imports(tree):
        for library, owners in OWNERS.items():
            if under(found.name, library) and not any(fnmatch(path, owner) for owner in owners):
                owner = " and ".join(owners) or "nobody"
                yield f"{path}:{found.line} imports {library}, which belongs to {owner}"
    for found in calls(tree):
        if found.name in FORBIDDEN_CALLS:
            yield f"{path}:{found.line} calls {found.name}, which nobody may"


def without_owner(path: str, tree: ast.Module) -> Iterator[str]:
    """Each import of a third party's library that has no row in the table."""
    for found in imports(tree):
        first = found.name.split(".")[0]
        known = first in sys.stdlib_module_names or first in PACKAGES
        if not known and not any(under(found.name, library) for library in OWNERS):
            yield f"{path}:{found.line} imports {found.name}, which has no owner"
