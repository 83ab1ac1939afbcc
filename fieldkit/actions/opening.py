"""Opens a turn with the server: who speaks, over which road, and what is noted when it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from fieldkit.actions.copies import news
from fieldkit.actions.errors import RefusedProblem
from fieldkit.actions.joining import join_accepted
from fieldkit.actions.network import proxy_of
from fieldkit.actions.organisation import CONFIRMED, unconfirmed
from fieldkit.actions.session import Session
from fieldkit.actions.turn import LAST_SPEED, LAST_SYNC, UNFINISHED, Turn
from fieldkit.vault.errors import VaultError
from fieldkit.vault.exchange_store import VaultExchange
from fieldkit.vault.keys import Purpose
from fieldkit.vault.vault import Vault
from sync.client.engine import Engine
from sync.client.errors import RefusedError
from sync.client.plan import State
from sync.client.ports import Identity
from sync.client.status import Going, Status
from sync.protocol.errors import Refusal
from sync.protocol.ids import ADMIN
from sync.protocol.signing import SigningKey

Progress = Callable[[Status], None]


class _AdminOnly(VaultExchange):
    """Pulls the admin lane alone: what a coordinator's `sync` needs to see who joined."""

    def cursors(self) -> list[tuple[int, bytes, int]]:
        """The admin lane's cursor, if this laptop reads it."""
        return [cursor for cursor in super().cursors() if cursor[0] == ADMIN]


@contextmanager
def open_turn(
    session: Session,
    verb: str,
    progress: Progress | None,
    max_bytes: int | None = None,
    stop: threading.Event | None = None,
) -> Iterator[Turn]:
    """Hold the home, connect late, note success, and clear the traces of used keys at the end.

    Once `stop` is set the turn ends at the next safe place, with StoppedError.
    """
    vault = session.vault
    identity = _identity(session)
    with vault.exchange(verb, now=session.now()):
        vault.identities.set_progress(UNFINISHED, 1)
        try:
            proxy, newest = proxy_of(vault.home.settings), identity()
            with session.connected(newest.address, newest.pins, proxy) as transport:

                def engine(store: VaultExchange) -> Engine:
                    return Engine(
                        identity=identity,
                        store=store,
                        transport=transport,
                        clock=session.engine_clock,
                        random=session.random,
                        progress=_noting(vault, progress or (lambda _: None)),
                        stop=stop,
                    )

                store, admin = VaultExchange(vault, session.clock), _AdminOnly(vault, session.clock)
                turn = Turn(session, engine(store), engine(admin), max_bytes)
                try:
                    yield turn
                finally:
                    _note_speed(session, turn)
            _note_success(session, turn)
        except RefusedError as error:
            raise _advised(session, error) from error
        finally:
            # Another process that reads holds the traces, and clears them when it locks. That must not hide
            # what became of the exchange.
            with suppress(VaultError):
                vault.clear_traces()


def _noting(vault: Vault, progress: Progress) -> Progress:
    """Also keeps which frames may have left: before the first byte of each request, and for good."""
    noted: tuple[Going, ...] = ()

    def tell(status: Status) -> None:
        nonlocal noted
        if status.phase is State.SENDING and status.going is not noted:
            noted = status.going
            vault.delivery.tried((one.lane, one.incarnation, one.sequence) for one in noted)
        progress(status)

    return tell


def _identity(session: Session) -> Callable[[], Identity]:
    """Who this laptop is to the server; asked anew for every request, by the newest directory."""
    vault = session.vault
    me = vault.identities.require()
    key = SigningKey.from_bytes(vault.keys.require(Purpose.DEVICE))

    def identity() -> Identity:
        newest = vault.documents.directory().directory
        return Identity(
            organisation=me.organisation,
            device=me.device,
            incarnation=vault.identities.require().incarnation,
            key=key,
            log_key=newest.log_key,
            pins=newest.pins,
            address=newest.address,
        )

    return identity


def _note_speed(session: Session, turn: Turn) -> None:
    """Remember how fast the link was, if it showed: the next estimate is made with it."""
    measured = [run.speed for run in turn.totals.runs if run.speed]
    if measured:
        # A vault that was locked meanwhile must not hide what became of the exchange.
        with suppress(VaultError):
            session.vault.identities.set_progress(LAST_SPEED, measured[-1])


def _note_success(session: Session, turn: Turn) -> None:
    identities = session.vault.identities
    identities.set_progress(UNFINISHED, 0)
    if turn.totals.sum("requests"):
        # A cap may have allowed no request at all: that is no exchange.
        identities.set_progress(LAST_SYNC, session.now())
        if unconfirmed(session):
            identities.set_progress(CONFIRMED, 1)
    # Last of all: whoever dies before is told by the next exchange.
    turn.totals.found += news(session)


def _advised(session: Session, error: RefusedError) -> Exception:
    """A refusal with advice for somebody whose way in was never finished."""
    if error.code is Refusal.ORGANISATION and unconfirmed(session):
        return RefusedProblem(
            "the server does not know the organisation yet",
            "finish making it: run `fieldkit org create` again with the same ticket",
        )
    if error.code not in (Refusal.INVITE, Refusal.DEVICE):
        return error
    if session.vault.delivery.receipts(ADMIN):
        return RefusedProblem(
            "the server took this laptop's join once and does not know it now: it was probably restored from"
            " an older backup",
            "nothing is lost, everything stays waiting: ask a coordinator to sync, then sync again",
        )
    if not join_accepted(session):
        return RefusedProblem(
            "the server did not take the invite: it has expired, was used by another laptop, or is unknown",
            "get a new invite and run `fieldkit join` again: everything written here stays and is sent then",
        )
    return error
