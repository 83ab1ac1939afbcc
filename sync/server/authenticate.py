"""Which uploads of a request carry a signature that holds.

And whether its hello does (docs/protocol.md §9).
"""

from __future__ import annotations

from threading import Lock
from typing import Final

from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import Frame
from sync.protocol.hello import Hello, Purpose
from sync.protocol.ids import Chain, Device, device_id, key_id
from sync.protocol.kinds import Key, Kind
from sync.server.ingest import Refused, Signed
from sync.server.membership import Server, find_author
from sync.server.requests import Request
from sync.server.stores.base import Store
from sync.server.verify import Claim, Verifier

KEYS_CACHED: Final = 65_536
"""Public keys kept in memory, some 100 bytes each.

A device id is the hash of its key, so none can go stale.
"""


class Authenticator:
    """Finds keys and has signatures checked.

    Whether a device may write is decided later, in the transaction.
    """

    def __init__(self, store: Store, verifier: Verifier, server: Server) -> None:
        self._store = store
        self._verifier = verifier
        self._server = server
        self._log_key_id = key_id(server.log_key)
        self._keys: dict[Device, bytes] = {}
        self._lock = Lock()

    def check(self, request: Request, purpose: Purpose) -> tuple[list[Signed], list[Refused]]:
        """Uploads that are signed, and all that are refused.

        Raises ProtocolError when the hello does not hold.
        """
        hello = request.hello
        if hello.purpose is not purpose:
            raise ProtocolError(Refusal.KIND, f"expected a hello for {purpose.name.lower()}")
        if hello.log_key_id != self._log_key_id:
            raise ProtocolError(Refusal.LOG_KEY, "the hello is for a server with another log key")
        keys = self._find_keys(request)
        own = keys[hello.device]
        if isinstance(own, ProtocolError):
            raise own
        claims = [Claim(request.hello_frame, hello.chain, own)]
        refused = list(request.refused)
        for upload in request.uploads:
            key = keys[upload.chain.device]
            if isinstance(key, ProtocolError):
                refused.append(_refused(upload.chain, upload.frame, key))
            else:
                claims.append(Claim(upload.frame, upload.chain, key))
        return self._verify(claims, refused), refused

    def _verify(self, claims: list[Claim], refused: list[Refused]) -> list[Signed]:
        verdicts = self._verifier.check(claims)
        if verdicts[0] is not None:
            raise verdicts[0]
        signed = []
        for claim, verdict in zip(claims[1:], verdicts[1:], strict=True):
            if verdict is None:
                signed.append(Signed(claim.chain, claim.frame))
            else:
                refused.append(_refused(claim.chain, claim.frame, verdict))
        return signed

    def _find_keys(self, request: Request) -> dict[Device, bytes | ProtocolError]:
        """The key of every device in the request, or why it has none. A join brings its own."""
        keys: dict[Device, bytes | ProtocolError] = {}
        joins = [upload for upload in request.uploads if upload.frame.kind is Kind.JOIN]
        for upload in joins:
            public_key = upload.frame.header[Key.PUBLIC_KEY]
            if device_id(public_key) == upload.chain.device:
                keys[upload.chain.device] = public_key
        wanted = {request.hello.device, *(upload.chain.device for upload in request.uploads)} - keys.keys()
        for device in wanted:
            keys[device] = self._known_key(request.hello, device)
        return keys

    def _known_key(self, hello: Hello, device: Device) -> bytes | ProtocolError:
        with self._lock:
            cached = self._keys.get(device)
        if cached is not None:
            return cached
        try:
            with self._store.reading() as reader:
                directory = self._server.documents.directory(reader, hello.organisation).directory
                found = find_author(reader, hello.organisation, device, directory).public_key
        except ProtocolError as error:
            return error
        with self._lock:
            if len(self._keys) >= KEYS_CACHED:
                self._keys.clear()
            self._keys[device] = found
        return found


def _refused(chain: Chain, frame: Frame, error: ProtocolError) -> Refused:
    return Refused(chain.lane, chain.device, chain.incarnation, frame.sequence, error.code)
