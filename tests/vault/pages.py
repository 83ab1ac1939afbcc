"""Reads a vault's files as somebody with the key would: every page of database and log, decrypted by hand.

An independent reading of SQLCipher 4's layout: each 4,096-byte page is AES-256-CBC ciphertext, 16 bytes of IV
and 64 of MAC; the first page begins with 16 bytes in clear; the log has a header of 32 bytes, and one of 24
before each page.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4_096
RESERVED = 80
CLEAR = 16


def _decrypt(key: bytes, page: bytes, first: bool) -> bytes:
    body = page[CLEAR if first else 0 : PAGE - RESERVED]
    iv = page[PAGE - RESERVED : PAGE - RESERVED + 16]
    decryptor = Cipher(algorithms.AES256(key), modes.CBC(iv)).decryptor()
    return decryptor.update(body) + decryptor.finalize()


def database_pages(path: Path, key: bytes) -> bytes:
    """All pages of vault.db in clear."""
    data = path.read_bytes()
    return b"".join(_decrypt(key, data[at : at + PAGE], at == 0) for at in range(0, len(data), PAGE))


def log_pages(path: Path, key: bytes) -> bytes:
    """All pages of the write-ahead log in clear, valid ones and those left over."""
    log = path.with_name(path.name + "-wal")
    data = log.read_bytes() if log.exists() else b""
    clear = b""
    for at in range(32, len(data) - PAGE - 23, PAGE + 24):
        number = int.from_bytes(data[at : at + 4], "big")
        clear += _decrypt(key, data[at + 24 : at + 24 + PAGE], number == 1)
    return clear
