"""`fieldkit-server`: for the system user who owns the folder; there is no remote administration.

stdout carries data, stderr talk; every error is one `error:` line and one `hint:` line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import Final

from sync.protocol.enrolment import Ticket, encode_ticket
from sync.server.folder import Folder, FolderError, create
from sync.server.listening import ListenError
from sync.server.log import HOUR
from sync.server.settings import FILE_NAME, Settings, SettingsError, check_address, split_address
from sync.server.stores.base import StoreError
from sync.server.tickets import RANDOM_BYTES, TicketCodes

PROGRAM: Final = "fieldkit-server"


class Exit(IntEnum):
    """Exit codes, those of `fieldkit` where both have one."""

    OK = 0
    """Done."""
    INTERNAL = 1
    """A bug, or a failing disk."""
    USAGE = 2
    """The command line does not hold."""
    INPUT = 3
    """The folder, its settings or its database are not what they must be."""
    LINK = 5
    """The address cannot be listened on."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    chosen = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = chosen.run
    try:
        run(chosen)
    except FolderError as error:
        return _fail(str(error), error.hint, Exit.INPUT)
    except SettingsError as error:
        return _fail(str(error), f"correct {FILE_NAME}, or the option it came from", Exit.INPUT)
    except StoreError as error:
        return _fail(str(error), f"'{PROGRAM} migrate DIR' brings a database up to date", Exit.INPUT)
    except ListenError as error:
        return _fail(str(error), "name another address with --listen", Exit.LINK)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}", "see docs/operations.md, Folder", Exit.INPUT)
    return Exit.OK


def _fail(message: str, hint: str, code: Exit) -> int:
    print(f"{PROGRAM}: error: {message}\n{PROGRAM}: hint: {hint}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="Keeps sealed frames for organisations; can read none of them."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    init = _command(commands, "init", _init, "make a server's folder with new keys")
    init.add_argument("--address", metavar="HOST:PORT", help="where laptops will connect (goes into tickets)")

    ticket = _command(commands, "ticket", _ticket, "print a ticket: it makes one organisation, once")
    ticket.add_argument("--address", metavar="HOST:PORT", help="instead of the settings' address")
    ticket.add_argument("--json", action="store_true", help="print one JSON object")

    serve = _command(commands, "serve", _serve, "serve until SIGTERM or SIGINT")
    serve.add_argument("--listen", metavar="HOST:PORT", help="instead of the settings' one; port 0 is any")

    _command(commands, "migrate", _migrate, "bring the database to this program's schema")

    stats = _command(commands, "stats", _stats, "say how much is held")
    stats.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], None],
    does: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    command.add_argument("dir", metavar="DIR", type=Path, help="the server's folder")
    command.set_defaults(run=run)
    return command


def _init(chosen: argparse.Namespace) -> None:
    settings = Settings()
    if chosen.address is not None:
        check_address(chosen.address)
        _, port = split_address(chosen.address)
        host, _ = split_address(settings.listen)
        settings = replace(settings, address=chosen.address, listen=f"{host}:{port}")
    create(chosen.dir, settings)
    print(f"Made {chosen.dir}. Laptops will be told to connect to {settings.address}.", file=sys.stderr)
    if chosen.address is None:
        print("Only this machine can reach that: for others set address and listen in", file=sys.stderr)
        print(f"{chosen.dir / FILE_NAME} before the first ticket.", file=sys.stderr)
    else:
        print(f"It listens on {settings.listen}: for other machines set listen in", file=sys.stderr)
        print(f"{chosen.dir / FILE_NAME}, or serve with --listen.", file=sys.stderr)
    print(f"Next: '{PROGRAM} ticket {chosen.dir}', then '{PROGRAM} serve {chosen.dir}'.", file=sys.stderr)


def _open(chosen: argparse.Namespace) -> tuple[Folder, Settings]:
    folder = Folder(chosen.dir)
    folder.check()
    return folder, folder.settings()


def _ticket(chosen: argparse.Namespace) -> None:
    folder, settings = _open(chosen)
    address = settings.address if chosen.address is None else chosen.address
    check_address(address)
    codes = TicketCodes(folder.ticket_key())
    hour = int(time.time()) // HOUR
    code = codes.make(os.urandom(RANDOM_BYTES), hour=hour, days=settings.ticket_days)
    pins, log_key = folder.pins(), folder.log_key().public
    text = encode_ticket(Ticket(address=address, pins=pins, log_key=log_key, code=code))
    if not chosen.json:
        print(text)
        print(
            f"Good for one organisation, for {settings.ticket_days} days. Whoever has it can use it.",
            file=sys.stderr,
        )
        return
    told = {
        "ticket": text,
        "address": address,
        "pins": [pin.hex() for pin in pins],
        "log_key": log_key.hex(),
        "days": settings.ticket_days,
    }
    print(json.dumps(told))


def _serve(chosen: argparse.Namespace) -> None:
    from sync.server.serve import serve  # each command loads only what it needs

    folder, settings = _open(chosen)
    with folder.lock():
        serve(folder, settings, settings.listen if chosen.listen is None else chosen.listen)


def _migrate(chosen: argparse.Namespace) -> None:
    from sync.server.stores.migrate import migrate_database

    folder, _ = _open(chosen)
    with folder.lock():
        before, after = migrate_database(folder.database)
    print(f"The database was at schema {before} and is at {after}.", file=sys.stderr)


def _stats(chosen: argparse.Namespace) -> None:
    from sync.server.stores.sql import count_rows

    folder, _ = _open(chosen)
    counts = count_rows(folder.database)
    if chosen.json:
        print(json.dumps(counts))
        return
    for name, count in sorted(counts.items()):
        print(f"{name:14} {count:12,}")


if __name__ == "__main__":
    sys.exit(main())
