"""Which uploads of a request carry a signature that holds.

And whether its hello does (docs/protocol.md §9).
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Final

from sync.protocol.errors import ProtocolError, Refusal
from sync.protocol.frames import Claim, Frame
from sync.protocol.hello import Hello, Purpose, verify_hello
from sync.protocol.ids import Chain, Device, Organisation, device_id, key_id
from sync.protocol.kinds import Key, Kind
from sync.server.membership import Server, find_author
from sync.server.outcome import Refused, Signed
from sync.server.requests import Parsed, Request
from sync.server.stores.base import Store
from sync.server.verify import Verifier

KEYS_CACHED: Final = 65_536
"""Public keys kept in memory, some 200 bytes each.

A device id is the hash of its key, so none can go stale. A member of one organisation is nobody in another.
"""

Keys = dict[Device, bytes | ProtocolError]
"""The key of each device, or why it has none."""


class Authenticator:
    """Finds keys and has signatures checked.

    Whether a device may write is decided later, in the transaction.
    """

    def __init__(self, store: Store, verifier: Verifier, server: Server) -> None:
        self._store = store
        self._verifier = verifier
        self._server = server
        self._log_key_id = key_id(server.log_key)
        self._keys: dict[tuple[Organisation, Device], bytes] = {}
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
        self._check_hello(request)
        request.read_uploads()
        keys = self._find_keys(request)
        claims: list[Claim] = []
        refused = list(request.refused)
        for upload in request.uploads:
            key = keys[upload.chain.device]
            if isinstance(key, ProtocolError):
                refused.append(_refused(upload.chain, upload.frame, key))
            else:
                claims.append(Claim(upload.frame, upload.chain, key))
        return self._verify(claims, refused), refused

    def _check_hello(self, request: Request) -> None:
        """Raise ProtocolError unless the hello is signed by its device, before anything else is parsed."""
        device = request.hello.device
        key = self._find_keys_of(request.hello, {device}, request.uploads)[device]
        if isinstance(key, ProtocolError):
            raise key
        verify_hello(request.hello, request.hello_frame, key)

    def _verify(self, claims: list[Claim], refused: list[Refused]) -> list[Signed]:
        signed = []
        for claim, verdict in zip(claims, self._verifier.check(claims), strict=True):
            if verdict is None:
                signed.append(Signed(claim.chain, claim.frame))
            else:
                refused.append(_refused(claim.chain, claim.frame, verdict))
        return signed

    def _find_keys(self, request: Request) -> Keys:
        """The key of every device in the request, or why it has none."""
        devices = {upload.chain.device for upload in request.uploads}
        return self._find_keys_of(request.hello, devices, request.uploads)

    def _find_keys_of(self, hello: Hello, devices: set[Device], uploads: Sequence[Parsed]) -> Keys:
        keys: Keys = {}
        for upload in uploads:
            if upload.frame.kind is Kind.JOIN and upload.chain.device in devices:
                public_key = upload.frame.header[Key.PUBLIC_KEY]
                if device_id(public_key) == upload.chain.device:
                    keys[upload.chain.device] = public_key  # a join brings its own
        with self._lock:
            for device in devices - keys.keys():
                if known := self._keys.get((hello.organisation, device)):
                    keys[device] = known
        unknown = devices - keys.keys()
        return keys | self._look_up(hello, unknown) if unknown else keys

    def _look_up(self, hello: Hello, devices: set[Device]) -> Keys:
        found: Keys = {}
        with self._store.reading() as reader:
            for device in devices:
                try:
                    directory = self._server.documents.directory(reader, hello.organisation).directory
                    found[device] = find_author(reader, hello.organisation, device, directory).public_key
                except ProtocolError as error:
                    found[device] = error
        with self._lock:
            if len(self._keys) >= KEYS_CACHED:
                self._keys.clear()
            for device, key in found.items():
                if isinstance(key, bytes):
                    self._keys[hello.organisation, device] = key
        return found


def _refused(chain: Chain, frame: Frame, error: ProtocolError) -> Refused:
    return Refused(chain.lane, chain.device, chain.incarnation, frame.sequence, error.code)
