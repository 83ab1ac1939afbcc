"""The parts of an open vault: each knows the tables it keeps, and no other."""

from __future__ import annotations

from fieldkit.vault.db import Database
from fieldkit.vault.delivery import Delivery
from fieldkit.vault.discarded import Discarded
from fieldkit.vault.documents import Documents
from fieldkit.vault.drafts import Drafts
from fieldkit.vault.evidence import Evidence
from fieldkit.vault.filters import Filters
from fieldkit.vault.finishing import Finishing
from fieldkit.vault.generations import Generations
from fieldkit.vault.identity import Identities
from fieldkit.vault.inbox import Inbox
from fieldkit.vault.keys import Keys
from fieldkit.vault.mailbox import Mailbox
from fieldkit.vault.members import Members
from fieldkit.vault.outbox import Outbox
from fieldkit.vault.records import Records
from fieldkit.vault.revisions import Revisions
from fieldkit.vault.sending import Sending


class VaultParts:
    """All of them, on one database."""

    def __init__(self, database: Database) -> None:
        self.identities = Identities(database)
        self.keys = Keys(database)
        self.documents = Documents(database)
        self.evidence = Evidence(database)
        self.drafts = Drafts(database)
        self.revisions = Revisions(database)
        self.outbox = Outbox(database, self.identities)
        self.finishing = Finishing(database, self.identities, self.revisions, self.outbox)
        self.delivery = Delivery(database, self.identities, self.evidence)
        self.generations = Generations(database, self.identities, self.documents, self.evidence)
        self.feeds = self.generations.feeds
        self.inbox = Inbox(database, self.evidence)
        self.mailbox = Mailbox(database, self.identities)
        self.members = Members(database)
        self.records = Records(database)
        self.discarded = Discarded(database)
        self.filters = Filters(database)
        self.copies = self.delivery.copies
        self.sending = Sending(database)
