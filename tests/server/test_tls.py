"""The certificate and the TLS context."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.server import tls


def test_certificate_tells_nothing() -> None:
    """Self-signed Ed25519, the same name, number and dates for every server."""
    made = [x509.load_pem_x509_certificate(tls.certificate(tls.new_key())) for _ in range(2)]
    for one in made:
        public = one.public_key()
        assert isinstance(public, Ed25519PublicKey)
        public.verify(one.signature, one.tbs_certificate_bytes)
    first, second = made
    assert (first.subject, first.serial_number) == (second.subject, second.serial_number)
    assert first.not_valid_before_utc == second.not_valid_before_utc
    assert len(list(first.extensions)) == 0


def test_pin_is_of_the_key() -> None:
    """A key keeps its pin over certificates; keys differ; other kinds of keys are refused."""
    key = tls.new_key()
    assert tls.pin_of(key) == tls.pin_of(key) != tls.pin_of(tls.new_key())
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ValueError, match="expected an Ed25519 key"):
        tls.pin_of(other)


def test_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TLS 1.3 only, no tickets, and no key log however the environment asks for one."""
    monkeypatch.setenv("SSLKEYLOGFILE", os.fspath(tmp_path / "keys.log"))
    key = tls.new_key()
    (tmp_path / "tls.key").write_bytes(key)
    (tmp_path / "tls.crt").write_bytes(tls.certificate(key))
    context = tls.server_context(tmp_path / "tls.crt", tmp_path / "tls.key")
    assert context.minimum_version == context.maximum_version == ssl.TLSVersion.TLSv1_3
    assert context.num_tickets == 0
    assert context.keylog_filename is None
