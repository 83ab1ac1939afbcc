"""Whoever answers is not the server, or not over TLS 1.3 (docs/protocol.md §9, Transport)."""

from __future__ import annotations

import ssl
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fieldkit.cli.exit_codes import ExitCode
from tests.hostile.scene import Scene
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.certificates import self_signed
from tests.hostile.scripts.said import ASK_OPERATOR, BETTER_LINK, MISTRUST, TRY_AGAIN, error, foreign
from tests.hostile.villain import TlsKey
from tests.hostile.wire import Act, Ending, Raw, Waiting

PIN = "sync/client/http.py::HttpsTransport.verify"
SHAKE = "sync/client/link.py::Link.secure"
STALL = "sync/client/link.py::Link._wait"
NOT_OURS = error("this is not the server this laptop knows: its key matches no pin")


def other_key(folder: Path) -> ssl.SSLContext:
    """A key of the very same kind that no directory names."""
    return TlsKey.make(folder, "other").context


def other_kind(folder: Path) -> ssl.SSLContext:
    """An elliptic curve that the web uses."""
    key = ec.generate_private_key(ec.SECP256R1())
    path = folder / "kind.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + self_signed(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def older_tls(folder: Path) -> ssl.SSLContext:
    """The right kind of key, and nothing newer than TLS 1.2."""
    key = TlsKey.make(folder, "older")
    key.context.minimum_version = ssl.TLSVersion.TLSv1_2
    key.context.maximum_version = ssl.TLSVersion.TLSv1_2
    return key.context


def nothing_was_said(scene: Scene) -> None:
    """Not a byte of a request left before the pin was compared."""
    assert scene.villain.peers and sum(peer.heard for peer in scene.villain.peers) == 0


def plain_http() -> Act:
    """A web server that speaks no TLS."""
    return [Waiting.FIRST_WORD, b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", Ending.HOLD]


def noise() -> Act:
    """Bytes of no protocol."""
    return [Waiting.FIRST_WORD, Raw(b"\x16\x03\x03\xff\xff" + b"\x00" * 400), Ending.CUT]


SCRIPTS = (
    Script(
        name="swapped TLS key",
        does="answers with a key of its own: a man in the middle",
        check=PIN,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.VERIFICATION,
        told=(NOT_OURS, MISTRUST),
        context=other_key,
        then=nothing_was_said,
    ),
    Script(
        name="swapped TLS key, pull",
        does="the same to a coordinator",
        check=PIN,
        section="§9",
        verb=Verb.PULL,
        exit=ExitCode.VERIFICATION,
        told=(NOT_OURS, MISTRUST),
        context=other_key,
        then=nothing_was_said,
    ),
    Script(
        name="wrong certificate type",
        does="shows a certificate with a P-256 key",
        check=PIN,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.VERIFICATION,
        told=(NOT_OURS, MISTRUST),
        context=other_kind,
        then=nothing_was_said,
    ),
    Script(
        name="TLS 1.2 downgrade",
        does="speaks nothing newer than TLS 1.2",
        check="sync/client/tls.py::client_context",
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(foreign("no TLS 1.3 handshake: tlsv1 alert protocol version"), ASK_OPERATOR),
        context=older_tls,
        then=nothing_was_said,
    ),
    Script(
        name="no TLS at all",
        does="answers in the clear",
        check=SHAKE,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(foreign("no TLS 1.3 handshake: wrong version number"), ASK_OPERATOR),
        opening=plain_http,
        then=nothing_was_said,
    ),
    Script(
        name="noise instead of a handshake",
        does="sends a record head with nonsense behind it",
        check=SHAKE,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(foreign("no TLS 1.3 handshake: packet length too long"), ASK_OPERATOR),
        opening=noise,
    ),
    Script(
        name="handshake cut",
        does="closes as soon as somebody connects",
        check=SHAKE,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(error("the connection was cut (during the handshake)"), TRY_AGAIN),
        opening=lambda: [Waiting.FIRST_WORD, Ending.CUT],
    ),
    Script(
        name="handshake that never comes",
        does="accepts the connection and says nothing",
        check=STALL,
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(BETTER_LINK,),
        opening=lambda: [Ending.HOLD],
        stalls=True,
    ),
)
