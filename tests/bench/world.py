"""A real server behind a wiretap, an organisation on it, and reporters who use the program's own actions."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self, cast

from fieldkit.actions import capture, enrol, exchange, unlock
from fieldkit.actions.exchange import SyncReport
from fieldkit.actions.network import PinnedTransport, over_https
from fieldkit.actions.sealing import Sealer
from fieldkit.actions.session import Session
from fieldkit.model.ids import RevisionId
from fieldkit.model.values import Answers
from fieldkit.vault.delivery import PendingFrame
from fieldkit.vault.keys import Purpose
from fieldkit.vault.keyslots import FLOOR_COST
from sync.client.ports import Answer, Watch
from sync.protocol.compression import squeeze
from sync.protocol.encoding import decode
from sync.protocol.ids import MAIN
from sync.protocol.limits import PLAIN_BYTES
from sync.protocol.records import RecordType, encode_plain
from sync.protocol.signing import SigningKey
from tests.bench.wiretap import Bytes, Wiretap
from tests.support.server import ROOT, RealServer, admin_command, connect, start_server

PASSPHRASE: Final = "correct horse battery staple zebra quilt"
EVERYTHING: Final = 1 << 40
"""Bytes: more than waits."""


@dataclass(slots=True)
class Bodies:
    """What the program handed to HTTP, both ways."""

    requests: int = 0
    up: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one sync moved, and of what it consists."""

    moved: Bytes
    bodies: Bodies
    report: SyncReport

    @property
    def wrapping(self) -> int:
        """HTTP heads, heads and tags of TLS records, and the closing of the connection."""
        return self.moved.after_handshake - self.bodies.up - self.bodies.down

    @property
    def beside_frames(self) -> int:
        """The hello and the envelopes of frames."""
        return self.bodies.up - self.report.sent_bytes


class World:
    """Started on entering; `reporters` are certified and have nothing to fetch. A context manager.

    `settings` is TOML added to the server's file.
    """

    def __init__(self, reporters: int, *, settings: str = "") -> None:
        self._count = reporters
        self._settings = settings
        self._stack = ExitStack()
        self.reporters: list[Reporter] = []
        self.officer: Session
        self.server: RealServer
        self.tap: Wiretap

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fieldkit-bench-")))
            self.server = start_server(folder, settings=self._settings)
            stack.callback(self.server.stop)
            self.tap = stack.enter_context(Wiretap(self.server.address))
            self.officer = stack.enter_context(_home(folder / "officer"))
            enrol.create_organisation(self.officer, "Benchmark", self._ticket())
            self._enrol(folder, self.officer, stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _ticket(self) -> str:
        """A ticket that leads through the wiretap."""
        command = admin_command("ticket", str(self.server.folder), "--address", self.tap.address)
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip()

    def _enrol(self, folder: Path, officer: Session, stack: ExitStack) -> None:
        names = [f"reporter-{number:03}" for number in range(self._count)]
        invites = [enrol.invite(officer, "reporter", name) for name in names]
        exchange.sync(officer)
        for name, invite in zip(names, invites, strict=True):
            session = stack.enter_context(_home(folder / name))
            enrol.join(session, invite.text, pseudonym=name)
            exchange.sync(session)
            self.reporters.append(Reporter(session, self.tap))
        exchange.sync(officer)
        for reporter in self.reporters:
            exchange.sync(reporter.session)
        self.tap.settle()

    @property
    def certificate_bytes(self) -> int:
        """The server's certificate as it is sent (DER)."""
        with connect(self.server.address) as connection:
            return len(connection.getpeercert(binary_form=True) or b"")


def _compressed(lane: int, raw: bytes) -> int:
    """A lane's plain body under zstd with dictionary 1: the least it could weigh."""
    content = cast(dict[Any, Any], decode(raw, limit=PLAIN_BYTES))
    return len(squeeze(encode_plain(RecordType.REVISION if lane == MAIN else RecordType.PART, content)))


def _home(folder: Path) -> Session:
    return unlock.initialise(folder, PASSPHRASE, cost=FLOOR_COST)


@dataclass(slots=True)
class Reporter:
    """A laptop whose syncs are measured."""

    session: Session
    tap: Wiretap
    _bodies: Bodies = field(default_factory=Bodies)

    def finish(self, reports: list[Answers]) -> list[dict[int, int]]:
        """Write and sign reports; they wait to be sent. Returns each one's compressed bytes, by lane."""
        found = []
        for answers in reports:
            draft = capture.new_draft(self.session, answers)
            done = capture.finish(self.session, str(draft.number))
            stored = self.session.vault.revisions.load(RevisionId(bytes.fromhex(done.revision)))
            found.append({lane: _compressed(lane, raw) for lane, raw in stored.parts.items()})
        return found

    def seal(self) -> list[PendingFrame]:
        """Seal what waits as a sync would, without sending it; returns the new frames."""
        vault = self.session.vault
        before = {frame.hash for frame in vault.delivery.pending(EVERYTHING)}
        key = SigningKey.from_bytes(vault.keys.require(Purpose.DEVICE))
        Sealer(self.session, vault.documents.directory().directory, key).seal_waiting()
        return [frame for frame in vault.delivery.pending(EVERYTHING) if frame.hash not in before]

    def cold(self) -> Cost:
        """One sync on a connection of its own, with its handshake and its end."""
        self.tap.settle()
        self.session.connect = self._counting
        before = self.tap.counted
        report = self._sync()
        self.tap.settle()
        return Cost(moved=self.tap.counted - before, bodies=self._bodies, report=report)

    def warm(self, write: Callable[[], object] = lambda: None) -> Cost:
        """One sync on a connection that has carried a request before; `write` makes what it sends."""
        directory = self.session.vault.documents.directory().directory
        with over_https(directory.address, directory.pins, None) as transport:
            counting = _Counting(transport, self)
            self.session.connect = lambda address, pins, proxy: nullcontext(counting)
            self._sync()
            write()
            before = self.tap.counted
            report = self._sync()
            return Cost(moved=self.tap.counted - before, bodies=self._bodies, report=report)

    def _sync(self) -> SyncReport:
        self._bodies = Bodies()
        return exchange.sync(self.session)

    @contextmanager
    def _counting(
        self, address: str, pins: tuple[bytes, ...] | None, proxy: str | None
    ) -> Iterator[PinnedTransport]:
        with over_https(address, pins, proxy) as transport:
            yield _Counting(transport, self)

    def asked(self, size: int) -> None:
        """A request body of so many bytes goes out."""
        self._bodies.requests += 1
        self._bodies.up += size

    def told(self, size: int) -> None:
        """So many bytes of a reply body came."""
        self._bodies.down += size


class _Counting:
    """The real transport, with the sizes of bodies noted; satisfies `PinnedTransport`."""

    def __init__(self, transport: PinnedTransport, reporter: Reporter) -> None:
        self._transport = transport
        self._reporter = reporter

    @property
    def observed(self) -> bytes:
        return self._transport.observed

    def hang_up(self) -> None:
        self._transport.hang_up()

    def post(self, path: str, body: bytes, watch: Watch) -> AbstractContextManager[Answer]:
        self._reporter.asked(len(body))
        return self._posted(path, body, watch)

    @contextmanager
    def _posted(self, path: str, body: bytes, watch: Watch) -> Iterator[Answer]:
        with self._transport.post(path, body, watch) as answer:
            yield cast(Answer, _CountingAnswer(answer, self._reporter))


class _CountingAnswer:
    def __init__(self, answer: Answer, reporter: Reporter) -> None:
        self.status = answer.status
        self._answer = answer
        self._reporter = reporter

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._answer:
            self._reporter.told(len(piece))
            yield piece
