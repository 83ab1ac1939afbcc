"""Runs a server from its folder: builds the parts, listens, stops without losing what is being committed."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import ssl
import sys
import time
from types import FrameType
from typing import Final

import uvicorn

from sync.server.app import App
from sync.server.connection import FOREVER_SECONDS, Connection, Loop
from sync.server.documents import Documents
from sync.server.folder import Folder
from sync.server.handlers import Handlers
from sync.server.listening import BACKLOG, allow_files, announce, bind
from sync.server.log import Event, EventLog, silence_libraries
from sync.server.membership import Server
from sync.server.nonces import Nonces
from sync.server.outgoing import Outgoing
from sync.server.service import Parts, Service
from sync.server.settings import Settings
from sync.server.stores.sql import SqlStore
from sync.server.tickets import TicketCodes
from sync.server.tls import server_context
from sync.server.verify import Verifier
from sync.server.writer import Writer

STOP_SECONDS: Final = 10
"""How long clients that are being answered may take to fetch it after a stop was asked for."""

SWITCH_SECONDS: Final = 0.0005
"""How long a thread may keep the interpreter while another waits.

The default of 5 ms is most of a request.
"""


def serve(folder: Folder, settings: Settings, listen: str) -> None:
    """Serve until SIGTERM or SIGINT; print one JSON line with the address once connections are taken."""
    context = server_context(folder.tls_certificate, folder.tls_key)
    with bind(listen) as listener:
        log = EventLog()
        silence_libraries(log)
        sys.setswitchinterval(SWITCH_SECONDS)
        allow_files(settings.connections)
        store = SqlStore(folder.database)
        writer = Writer(store, log)
        verifier = Verifier(settings.verify_threads)
        try:
            outgoing = Outgoing(settings.reply_memory_bytes)
            service = Service(_parts(folder, settings, store, writer, verifier, log), outgoing.room)
            app = App(Handlers(service, settings, log).routes, settings, outgoing)
            log.write(Event.STARTED)
            gc.freeze()  # what is loaded by now stays; without this every full collection walks it again
            _run(app, settings, context, listener)
            app.close()
        finally:
            writer.stop()
            verifier.close()
            store.close()
    log.write(Event.STOPPED)


def _parts(
    folder: Folder, settings: Settings, store: SqlStore, writer: Writer, verifier: Verifier, log: EventLog
) -> Parts:
    log_key = folder.log_key()
    server = Server(log_key.public, folder.pins(), Documents(), Nonces(), log)
    codes = TicketCodes(folder.ticket_key())
    return Parts(
        store=store,
        writer=writer,
        verifier=verifier,
        log_key=log_key,
        server=server,
        codes=codes,
        settings=settings,
        clock=time.time,
    )


def _run(app: App, settings: Settings, context: ssl.SSLContext, listener: socket.socket) -> None:
    class Limited(Connection):
        stall_seconds = float(settings.stall_seconds)
        most_connections = settings.connections
        least_bytes = max(1, settings.drip_bytes * settings.stall_seconds // settings.drip_seconds)

    class LimitedLoop(Loop):
        stall_seconds = float(settings.stall_seconds)

    config = uvicorn.Config(
        app,
        http=Limited,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="error",  # below it uvicorn builds lines with the client's address, only to drop them
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=FOREVER_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        ssl_context_factory=lambda _config, _default: context,
    )
    server = uvicorn.Server(config)
    _stop_on_signals(server)
    announce(listener)
    with asyncio.Runner(loop_factory=LimitedLoop) as runner:
        runner.run(server.serve(sockets=[listener]))


def _stop_on_signals(server: uvicorn.Server) -> None:
    """Stop by SIGTERM and SIGINT also before uvicorn listens for them.

    And outlive their repetition after it stopped.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
