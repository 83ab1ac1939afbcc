"""What a vault knows of its organisation, and the names people give."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.actions.errors import UsageProblem, in_plain_words
from fieldkit.actions.session import Session
from fieldkit.model.limits import MAX_LABEL_CHARS
from fieldkit.model.text import clean
from fieldkit.vault.keys import Purpose
from fieldkit.vault.words import word_list
from sync.protocol.ids import Device

FINGERPRINT_WORDS = 8
CONFIRMED = "organisation_confirmed"
"""Progress: 1 once the server has taken the organisation that this laptop founded."""

NAME_BYTES = 255
"""Longest name a record of the admin lane carries (docs/protocol.md, the words at its head)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationView:
    """What is shown of an organisation: the fingerprint is what two people compare aloud."""

    name: str
    organisation: str
    fingerprint: tuple[str, ...]
    address: str
    directory_version: int


def organisation(session: Session) -> OrganisationView:
    """What this vault knows of its organisation."""
    with in_plain_words():
        vault = session.vault
        me = vault.identities.require()
        root, directory = vault.documents.root(), vault.documents.directory().directory
        named = vault.members.find(Device(me.organisation))
    return OrganisationView(
        name="" if named is None else named.name,
        organisation=me.organisation.hex(),
        fingerprint=fingerprint_words(root.hash),
        address=directory.address,
        directory_version=directory.version,
    )


def unconfirmed(session: Session) -> bool:
    """Whether this laptop founded the organisation and has not heard yet that the server took it."""
    founded = session.vault.keys.find(Purpose.ROOT) is not None
    return founded and not session.vault.identities.progress(CONFIRMED)


def checked_name(text: str, what: str) -> str:
    """A name as it is kept and told: clean, on one line. Raises UsageProblem for none, or one too long."""
    name = clean(text, one_line=True)
    size = len(name.encode())
    if not name:
        raise UsageProblem(f"{what} needs a name", "give it one that others will recognise")
    if len(name) > MAX_LABEL_CHARS or size > NAME_BYTES:
        raise UsageProblem(
            f"expected a name of at most {MAX_LABEL_CHARS} letters and {NAME_BYTES} bytes for {what}, "
            f"got {len(name)} letters and {size} bytes",
            "shorten it",
        )
    return name


def fingerprint_words(root_hash: bytes) -> tuple[str, ...]:
    """Eight words for a root's hash: 82 bits, more than anybody can match on purpose by trying."""
    words = word_list()
    number = int.from_bytes(root_hash, "big")
    return tuple(words[number // len(words) ** place % len(words)] for place in range(FINGERPRINT_WORDS))
