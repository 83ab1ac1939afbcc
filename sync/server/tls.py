"""The server's certificate and TLS context: TLS 1.3 only, Ed25519, no tickets (docs/protocol.md §9, R19)."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from sync.protocol.ids import sha256

GROUP: Final = "X25519"
"""The key exchange.

What is inside is sealed against quantum computers already, and the hybrid costs 2.3 kB.
"""

# Clients go by the pin and ignore names and dates: the certificate tells neither who runs it nor since when.
NOT_BEFORE: Final = datetime.datetime(2000, 1, 1)
NOT_AFTER: Final = datetime.datetime(9999, 12, 31, 23, 59, 59)
"""What RFC 5280 §4.1.2.5 has for a certificate without an end."""
NAME: Final = "f"
SERIAL: Final = 1


def new_key() -> bytes:
    """A new Ed25519 private key as PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _load(key_pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(key_pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("expected an Ed25519 key")
    return key


def pin_of(key_pem: bytes) -> bytes:
    """The hash of the SubjectPublicKeyInfo that certificates of this key carry."""
    public = _load(key_pem).public_key()
    return sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def certificate(key_pem: bytes) -> bytes:
    """A self-signed certificate of the key, as PEM, with nothing in it that need not be.

    Every byte is sent each time.
    """
    key = _load(key_pem)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(SERIAL)
        .not_valid_before(NOT_BEFORE)
        .not_valid_after(NOT_AFTER)
        .sign(key, None)
    )
    return built.public_bytes(Encoding.PEM)


def server_context(certificate_file: Path, key_file: Path) -> ssl.SSLContext:
    """The context of the listening side. A bare one: the default one would obey SSLKEYLOGFILE."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.maximum_version = ssl.TLSVersion.TLSv1_3
    context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.num_tickets = 0
    context.set_ecdh_curve(GROUP)
    context.load_cert_chain(certificate_file, key_file)
    return context
