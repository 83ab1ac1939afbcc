"""Every limit of the protocol, with its unit and reason. Lengths are compared before contents are read."""

from __future__ import annotations

from typing import Final

SUITE: Final = 1
"""The only suite (docs/protocol.md §1). Nothing is negotiated."""

DEPTH: Final = 8
"""Nesting of one item: enough for a repeat inside a repeat, far below any stack."""

FRAME_BYTES: Final = 65_536
"""One frame: the unit that must survive a cut; larger things are cut into frames."""

HEADER_BYTES: Final = 2_048
"""A frame's header: 64 ranges of two nine-byte integers and the fixed fields."""

RANGES: Final = 64
"""Ranges in one acknowledgement or receipt."""

PLAIN_BYTES: Final = 1_048_576
"""A record's body after decompression: stops a small frame from filling memory."""

PADDED_BYTES: Final = 61_440
"""A record's padded body: leaves room for header, tag and signature in a frame."""

PAD_FLOOR: Final = 256
PAD_STEP: Final = 64
PAD_FINE_LIMIT: Final = 1_024
"""Bytes. Below the fine limit padding goes in steps, above it Padmé (at most 12 % more) takes over."""

TAG_BYTES: Final = 16
"""Poly1305 tag."""

WRAP_BYTES: Final = 1_168
"""HPKE MLKEM768-X25519 of 32 bytes: encapsulated key 1,120, ciphertext 32, tag 16."""

INBOX_PUBLIC_BYTES: Final = 1_216
"""ML-KEM-768 public key 1,184 and X25519 public key 32."""

ROOT_BYTES: Final = 61_440
DIRECTORY_BYTES: Final = 16_384
"""Signed documents. A directory is fetched on slow links, so it is kept small."""

KEYS: Final = 16
"""Root or directory keys of one organisation."""

HELLO_SIZES: Final = (256, 512, 1_024)
"""A hello says little by its length: the smallest size that fits."""

HELLO_LANES: Final = 16
"""Lanes named in one hello."""

RATCHET_STEPS: Final = 1_024
"""Steps of one epoch: bounds the work a forged step number can cause."""

EPOCH_SECONDS: Final = 30 * 86_400
"""Age at which a sender opens a new epoch."""

NONCE_SECONDS: Final = 86_400
"""How long a server remembers a hello's nonce."""

STALL_SECONDS: Final = 30
"""An exchange in which no byte moves for this long is closed, at both ends; by a server a little earlier."""

REQUEST_BYTES: Final = 4_194_304
"""One request body, the default a server announces."""

REPLY_ITEM_BYTES: Final = 131_072
"""One item of a request or reply: a frame in its envelope, with room to spare."""

CONTROL_BYTES: Final = 65_536
"""The body of an invite request; organisation requests carry two documents and have their own sum."""

ORGANISATION_BYTES: Final = ROOT_BYTES + DIRECTORY_BYTES + 1_024

DICTIONARY_SHA256: Final = "2d4d341d74a29eb97e791f645986ef791ce3e83e4f8a4323db5beb91382b8b8d"
"""Dictionary 1 (docs/protocol.md §4). Another dictionary would be another suite."""
