"""A real server for tests: `fieldkit-server serve` as a process of its own, on loopback, with its TLS."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import signal
import socket
import ssl
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from sync.protocol.enrolment import Ticket, parse_ticket
from sync.server import admin
from sync.server.folder import Folder, create
from sync.server.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 30


@dataclass
class RealServer:
    """A running server. `address` is HOST:PORT; the first pin is that of the key in use."""

    folder: Path
    address: str
    pins: tuple[bytes, ...]
    log_key: bytes
    process: subprocess.Popen[str] = field(repr=False)

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    @property
    def log_file(self) -> Path:
        """What the server wrote to stderr."""
        return self.folder.with_suffix(".log")

    def ticket_text(self) -> str:
        """A new ticket, as the operator would print it."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            assert admin.main(["ticket", str(self.folder), "--address", self.address]) == 0
        return out.getvalue().strip()

    def ticket(self) -> Ticket:
        """A new ticket, read."""
        return parse_ticket(self.ticket_text())

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop the server and return its exit code; a server that has ended already is fine."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(STOP_SECONDS)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
        return code


def admin_command(*arguments: str) -> list[str]:
    """The command line of `fieldkit-server`."""
    return [sys.executable, "-m", "sync.server.admin", *arguments]


def start_server(
    tmp_path: Path, *, settings: str = "", folder: Path | None = None, listen: str = "127.0.0.1:0"
) -> RealServer:
    """Start a server in `tmp_path`/server, or again in a folder; `settings` is TOML added to its file."""
    where = folder or tmp_path / "server"
    if folder is None:
        create(where, Settings())
        with (where / "settings.toml").open("a") as file:
            file.write(settings)
    with where.with_suffix(".log").open("a") as log:
        process = subprocess.Popen(
            admin_command("serve", str(where), "--listen", listen),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait()
        process.stdout.close()
        raise RuntimeError(f"the server did not start: {where.with_suffix('.log').read_text()}")
    return RealServer(
        folder=where,
        address=json.loads(line)["listening"],
        pins=Folder(where).pins(),
        log_key=Folder(where).log_key().public,
        process=process,
    )


def client_context() -> ssl.SSLContext:
    """A TLS context that takes any certificate: for tests of the server, not of the client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def connect(address: str, *, timeout: float = 30.0) -> ssl.SSLSocket:
    """A TLS connection to HOST:PORT."""
    host, _, port = address.rpartition(":")
    raw = socket.create_connection((host, int(port)), timeout=timeout)
    return client_context().wrap_socket(raw)


def post(address: str, path: str, body: bytes, *, timeout: float = 30.0) -> tuple[int, bytes]:
    """One request on a connection of its own: status and body of the reply."""
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPSConnection(host, int(port), timeout=timeout, context=client_context())
    try:
        connection.request("POST", path, body=body, headers={"content-type": "application/octet-stream"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
