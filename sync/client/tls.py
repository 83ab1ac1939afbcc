"""TLS as docs/protocol.md §9 wants it: version 1.3 only, no tickets, X25519, and trust by pin alone."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate

GROUP: Final = "X25519"
"""One group keeps the handshake small; frames are sealed against a future quantum computer already."""


def client_context() -> ssl.SSLContext:
    """A context that verifies no name, date or issuer: only ever used together with `check_pin`.

    Built bare: the default context obeys SSLKEYLOGFILE, which would hand the session keys to whoever sets it.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.maximum_version = ssl.TLSVersion.TLSv1_3
    context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_COMPRESSION
    context.set_ecdh_curve(GROUP)
    return context


def spki_hash(certificate: bytes) -> bytes:
    """H(SubjectPublicKeyInfo) of a DER certificate; raise ValueError when it is not one."""
    try:
        key = load_der_x509_certificate(certificate).public_key()
    except UnsupportedAlgorithm as error:
        raise ValueError(f"a key of an unknown kind: {error}") from None
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()


def matches(observed: bytes, pins: tuple[bytes, ...]) -> bool:
    """Whether the observed SPKI hash is one of the pins; no pins match nothing."""
    return any(hmac.compare_digest(observed, pin) for pin in pins)
