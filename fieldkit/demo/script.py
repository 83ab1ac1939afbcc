"""The whole journey on one machine: a real server process, real TLS, a link that is cut, two coordinators."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from fieldkit.actions import capture, enrol, exchange, publish, status
from fieldkit.actions.session import Session
from fieldkit.demo.data.canaries import canaries
from fieldkit.demo.data.sample import campaign, mare
from fieldkit.demo.data.synthetic import Told, synthetic
from fieldkit.demo.people import People, by_way_of, join_by_invite
from fieldkit.demo.proxy import Proxy
from fieldkit.demo.scan import find_texts
from fieldkit.demo.server_process import ServerProcess

SEED = 2026
CUT_AFTER_BYTES = 12_000
"""Of the reporter's first connection for reports: about half of what the reports weigh."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """The figures of one run; lists are by coordinator. Byte counts are the reporter's TCP payload."""

    ok: bool
    incidents_sent: int
    incidents_pulled: list[int]
    records_verified: list[int]
    requests: int
    bytes_up: int
    bytes_down: int
    receipts_verified: int
    delivered: int
    plaintext_found_on_server: int
    exports: list[str]
    seconds: float


def run(*, keep: Path | None, say: Say) -> DemoReport:
    """Run the journey in a new folder, `keep` if given (it must not exist or be empty), else a temporary one.

    `say` gets one line a step.
    """
    if keep is not None:
        keep.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Journey(keep.resolve(), say).run(kept=True)
    with tempfile.TemporaryDirectory(prefix="fieldkit-demo-") as folder:
        return Journey(Path(folder), say).run(kept=False)


class Journey:
    """One run, step by step."""

    def __init__(self, folder: Path, say: Say) -> None:
        self._folder = folder
        self._tell = say
        self._step = 0
        self._people = People(folder)
        self._server = ServerProcess(folder / "server", folder / "server.log")
        self._told: list[Told] = []
        self._synced: list[exchange.SyncReport] = []
        self._pulled: list[exchange.PullReport] = []
        self._exports: list[str] = []

    def run(self, *, kept: bool) -> DemoReport:
        """All steps in order; whatever happens, the server process ends."""
        began = time.monotonic()
        try:
            with self._server:
                self._start_server()
                first = self._found_organisation()
                with Proxy(_target(self._server.address), cut_after_up=CUT_AFTER_BYTES) as proxy:
                    reporter = self._join_reporter(first, proxy)
                    self._write(reporter)
                    self._send(reporter, proxy)
                    second = self._join_coordinator(first)
                    self._pull(first, "first")
                    self._pull(second, "second")
                    delivered = self._come_back(reporter)
                    counts = proxy.counts
            found = self._scan()
        finally:
            self._people.lock_all()
        report = DemoReport(
            ok=False,
            incidents_sent=len(self._told),
            incidents_pulled=[pulled.incidents_new for pulled in self._pulled],
            records_verified=[pulled.records_verified for pulled in self._pulled],
            requests=sum(report.requests for report in self._synced),
            bytes_up=counts.up,
            bytes_down=counts.down,
            receipts_verified=sum(report.receipts_verified for report in self._synced),
            delivered=delivered,
            plaintext_found_on_server=found,
            exports=self._exports,
            seconds=round(time.monotonic() - began, 1),
        )
        return self._finish(report, kept)

    def _say(self, text: str) -> None:
        self._step += 1
        self._tell(f"{self._step:2}  {text}")

    def _start_server(self) -> None:
        # Clients are told the address itself: the demo's own folder holds everything, nothing is public.
        address = self._server.start()
        self._say(
            f"A server process serves on {address}, TLS 1.3 with a key of its own. It is given nothing else."
        )

    def _found_organisation(self) -> Session:
        first = self._people.laptop("coordinator-1")
        view = enrol.create_organisation(first, "Example Documentation Group", self._server.ticket())
        exchange.sync(first)
        self._say(
            f"The first coordinator makes an organisation. Its fingerprint: {' '.join(view.fingerprint)}."
        )
        return first

    def _join_reporter(self, first: Session, proxy: Proxy) -> Session:
        reporter = self._people.laptop("reporter")
        join_by_invite(reporter, first, "reporter", "north-7")
        reporter.connect = partial(by_way_of, proxy.address)
        self._say("A reporter joins with an invite of one line. The server learns a number, never a name.")
        return reporter

    def _write(self, reporter: Session) -> None:
        arrests = campaign()
        first = capture.finish(reporter, str(capture.new_draft(reporter, arrests.answers).number))
        self._told = [arrests, mare(first.incident), *synthetic(SEED)]
        parts = len(first.lanes)
        for told in self._told[1:]:
            parts += len(
                capture.finish(reporter, str(capture.new_draft(reporter, told.answers).number)).lanes
            )
        waiting = status.status(reporter)
        self._say(
            f"Offline, {len(self._told)} reports are written and finished: an arrest campaign (English), the "
            "attack on مارع before it (Arabic), linked, and synthetic ones. That makes "
            f"{parts} records: who the sources are is split off. State: {waiting.waiting} ⇅ waiting."
        )

    def _send(self, reporter: Session, proxy: Proxy) -> None:
        report = self._sync(reporter)
        counts = proxy.counts
        held = status.status(reporter)
        self._say(
            f"The link dies after {CUT_AFTER_BYTES:,} B ({counts.cuts} cut). The next request goes on where "
            f"the server's receipt says: {report.confirmed_frames} frames confirmed in {report.requests} "
            f"requests, {counts.up:,} bytes up and {counts.down:,} down in all. "
            f"State: {held.received} ✓ received."
        )

    def _join_coordinator(self, first: Session) -> Session:
        second = self._people.laptop("coordinator-2")
        join_by_invite(second, first, "coordinator", "desk-2")
        exchange.sync(second)
        certified = exchange.sync(first)
        self._say(
            "A second coordinator joins only now. The first one's next sync certifies "
            f"{' and '.join(certified.certified)} and grants the past to {' and '.join(certified.granted)}."
        )
        return second

    def _pull(self, session: Session, name: str) -> None:
        pulled = exchange.pull(session)
        self._pulled.append(pulled)
        folder = self._folder / f"exports-{name}"
        folder.mkdir(mode=0o700)
        written = [publish.export(session, kind, folder / f"incidents.{kind}") for kind in publish.FORMATS]
        self._exports += [report.path for report in written]
        self._say(
            f"The {name} coordinator pulls {sum(pulled.lanes.values())} frames, opens and verifies "
            f"{pulled.records_verified} records ({pulled.incidents_new} incidents, {len(pulled.gaps)} gaps, "
            f"{len(pulled.forks)} forks), proves so to the reporter, and exports {len(written)} files."
        )

    def _come_back(self, reporter: Session) -> int:
        report = self._sync(reporter)
        delivered = status.status(reporter).delivered
        self._say(
            f"The reporter's next sync brings {report.acknowledged} proofs that coordinators opened them. "
            f"State: {delivered} ✓✓ delivered."
        )
        return delivered

    def _sync(self, session: Session) -> exchange.SyncReport:
        report = exchange.sync(session)
        self._synced.append(report)
        return report

    def _scan(self) -> int:
        """Look for every text in what the server keeps, and in a copy with one planted: it must be found."""
        texts = canaries(self._told)
        found = find_texts(self._server.folder, texts)
        found += [hit for hit in find_texts(self._folder, texts) if hit.file == self._server.log]
        with tempfile.TemporaryDirectory(prefix="fieldkit-control-") as control:
            copy = Path(control) / "server"
            shutil.copytree(self._server.folder, copy)
            with (copy / "planted").open("wb") as file:
                file.write(b"\0" * 1_000 + texts[0].encode() + b"\0" * 1_000)
            planted = find_texts(copy, texts)
        self._say(
            f"All the server keeps, its log too, is searched for {len(texts)} texts: {len(found)} found. "
            f"A text planted in a copy of its folder: {'found' if planted else 'NOT FOUND'}."
        )
        # A search that misses what was planted proves nothing: it counts as everything found.
        return len(found) if planted else len(texts)

    def _finish(self, report: DemoReport, kept: bool) -> DemoReport:
        everything = report.incidents_sent
        ok = (
            all(count == everything for count in report.incidents_pulled)
            and report.delivered == everything
            and report.plaintext_found_on_server == 0
            and report.receipts_verified > 0
        )
        self._say(f"{'All is well' if ok else 'SOMETHING IS WRONG'}: {report.seconds} s.")
        if kept:
            self._tell(
                f"    Kept in {self._folder}. The passphrase of all three vaults: {self._people.passphrase}"
            )
            for home in self._people.homes.values():
                self._tell(f"    Open one: fieldkit --home {home} list")
        return replace(report, ok=ok)


def _target(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)
