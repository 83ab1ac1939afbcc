"""Everything outside sync.protocol that by its name reads something, and why some of it is no parser."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Final

PACKAGES: Final = (
    "fieldkit.actions",
    "fieldkit.cli",
    "fieldkit.export",
    "fieldkit.forms",
    "fieldkit.model",
    "fieldkit.tui",
    "fieldkit.vault",
    "sync.client",
    "sync.server",
)
READING: Final = ("decode", "load", "open", "parse", "read")
"""First words of functions that read what somebody wrote."""

STATEMENTS: Final = "reads rows that the encrypted or the server's own database holds"
FORGED: Final = "reads frames with parsers of the table; tests/actions has forged ones"
NO_PARSERS: Final = {
    "fieldkit.cli.invited.read_invite": "takes what is typed; parsers of the table read it",
    "fieldkit.vault.platform.open_file": "opens a file and reads nothing of it",
    "fieldkit.vault.platform.open_lock": "opens a lock and reads nothing of it",
    "fieldkit.actions.contents.load_form": "names a form; forms.loading.load_form reads it",
    "fieldkit.actions.capture.open_draft": STATEMENTS,
    "fieldkit.actions.weighing.load": "weighs what waits",
    "fieldkit.actions.writing.open_report": STATEMENTS,
    "fieldkit.actions.errors.read_typed": "calls a parser of the table",
    "fieldkit.actions.joining.read_invite": "calls a parser of the table",
    "fieldkit.actions.opening.open_turn": "opens a vault and a link; reads nothing itself",
    "fieldkit.actions.reading.Reader.read": FORGED,
    "fieldkit.actions.trust.Trust.read_mail": FORGED,
    "fieldkit.cli.main.load": "imports a verb's own function",
    "fieldkit.cli.passphrase.read_line": "reads a descriptor; whatever stands there is a passphrase",
    "fieldkit.cli.waiting.read_bytes": "reads a stream; what came is read by rows of the table",
    "fieldkit.tui.desks.door.HomeDoor.open": "opens a vault",
    "fieldkit.tui.widgets.fields.option_rows.OptionRows.open": "shows a list",
    "fieldkit.vault.fresh.Fresh.read": STATEMENTS,
    "fieldkit.tui.desks.reports.VaultReports.read": STATEMENTS,
    "fieldkit.tui.ports.reports.Reports.read": "a port",
    "fieldkit.tui.ports.writing.Writing.open": "a port",
    "fieldkit.tui.desks.writing.VaultWriting.open": STATEMENTS,
    "fieldkit.tui.ports.door.Door.open": "a port",
    "fieldkit.tui.screens.drafting.DraftScreen.open_draft": "asks for a draft",
    "fieldkit.tui.start.open_screens": "starts the screens",
    "fieldkit.vault.db.Database.open": "SQLCipher checks every page; tests/vault/test_db.py has spoilt ones",
    "fieldkit.vault.drafts.Drafts.load": STATEMENTS,
    "fieldkit.vault.identity.Identities.load": STATEMENTS,
    "fieldkit.vault.queries.load": "reads the program's own SQL",
    "fieldkit.vault.revisions.Revisions.load": STATEMENTS,
    "sync.client.http.HttpsTransport.open": "opens a connection",
    "sync.client.stream.Stream.read": "reads a socket",
    "sync.server.chains.DeviceChains.open": STATEMENTS,
    "sync.server.settings.Settings.load": "reads the file that Settings.parse parses",
    "sync.server.stores.base.Transaction.open_chain": STATEMENTS,
    "sync.server.stores.memory.MemoryTransaction.open_chain": STATEMENTS,
    "sync.server.stores.sql_write.SqlTransaction.open_chain": STATEMENTS,
}
"""Why each of these needs no row."""


def readers() -> Iterator[str]:
    """Every public function and method that reads, by its full name."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if ".migrations" not in found.name:
                yield from _of_module(found.name)


def _of_module(name: str) -> Iterator[str]:
    for label, member in vars(importlib.import_module(name)).items():
        if label.startswith("_") or getattr(member, "__module__", "") != name:
            continue
        if inspect.isclass(member):
            own = vars(member).items()
            methods = [
                key
                for key, value in own
                if inspect.isroutine(getattr(value, "__func__", value)) and _reads(key)
            ]
            yield from (f"{name}.{label}.{method}" for method in methods)
        elif callable(member) and _reads(label):
            yield f"{name}.{label}"


def _reads(name: str) -> bool:
    return name.partition("_")[0] in READING
