"""The shapes of data that verbs print with --json; docs/cli.md lists them."""

from __future__ import annotations

from fieldkit.cli.shape import Key, Shape

CREATED = Shape(keys={"home": "the folder with the new vault"})

ORGANISATION = Shape(
    keys={
        "name": "its name",
        "organisation": "its id, hex",
        "fingerprint": "the words to compare by another channel",
        "address": "host and port of its server",
        "directory_version": "version of the directory this laptop holds",
    }
)

INVITE = Shape(
    keys={
        "invite": Key(meaning="the text to hand over; a secret until it is used", attribute="text"),
        "expires": "when it stops working, UTC seconds",
        "role": "reporter or coordinator",
        "name": "what coordinators call the person",
    }
)

MEMBERS = Shape(
    array=True,
    keys={
        "device": "id of the laptop, hex; null while only invited",
        "role": "reporter or coordinator",
        "name": "what coordinators call the person",
        "state": "invited, pending, certified, refused or you",
        "joined": "when this laptop learned of it, UTC seconds, or null",
        "doubtful": "whether the notebook was copied, put back or joined again: ask the person",
        "expires": "of an invite nobody has used: when it stops working, UTC seconds; else null",
    },
)

DRAFT = Shape(
    keys={
        "number": "local number of the draft",
        "title": "its title, empty when it has none",
        "missing": "names of required questions without an answer",
        "problems": "what is wrong with answers that are there",
    }
)

FINISHED = Shape(
    keys={
        "number": "local number of the report",
        "incident": "id of the incident, hex",
        "revision": "id of the new revision, hex",
        "lanes": "the lanes it will be sent in",
        "size_estimate": "bytes it will take to send",
    }
)

_LINE: dict[str, str | Key] = {
    "number": "local number",
    "incident": "id of the incident, hex; null for a draft that was never finished",
    "state": "draft, waiting, received, delivered, returned or withdrawn",
    "title": "its title",
    "kind": "kinds of event",
    "place": "where",
    "date": "when",
    "updated": "last change, UTC seconds by its author's clock",
    "author": "who reported it",
    "missing": "how many required questions of an open draft have no answer",
    "has_draft": "whether it has an open draft",
    "stuck": "whether something of it was refused or could not be sealed",
    "unsent": "whether something finished of it, perhaps its withdrawal, is not with the server",
}
REPORTS = Shape(array=True, keys=_LINE)
REPORT_LINE = Shape(keys=_LINE)

_REVISION = Shape(
    array=True,
    keys={
        "id": "id of the revision, hex",
        "author": "who wrote it",
        "created": "when, UTC seconds by the author's clock",
        "parents": "ids of the revisions it follows",
        "state": "waiting, received or delivered",
        "withdraws": "why it takes the report back; null when it does not",
    },
)
REPORT = Shape(
    keys={
        "line": Key(meaning="the report as `list` prints it", shape=REPORT_LINE),
        "answers": "answers of the main lane by question name, in the stored form, which `new --from` takes",
        "sources_answers": "answers of the sources lane; null unless asked for with --sources",
        "revisions": Key(meaning="its revisions, the oldest first by their authors' clocks", shape=_REVISION),
        "problems": "what stands between its draft and a finished report",
        "divided": "whether it has two versions that a person has to merge",
        "doubt": "why its sender should be asked in person; empty when there is no reason",
    }
)

NUMBER = Shape(keys={"number": "local number of the draft"})

HISTORY = Shape(
    keys={
        "number": "local number of the report",
        "title": "its title",
        "steps": Key(
            meaning="its revisions and its open draft, the latest first",
            shape=Shape(
                array=True,
                keys={
                    "id": "id of the revision, hex; empty for the open draft",
                    "author": "who wrote it; empty for the open draft",
                    "created": "when, UTC seconds by the author's clock",
                    "state": "draft, waiting, received or delivered",
                    "withdraws": "why it takes the report back; null when it does not",
                    "brings_back": "whether the report had been withdrawn and counts again with it",
                    "changes": Key(
                        meaning="answers that differ from those of the revision it follows",
                        shape=Shape(
                            array=True,
                            keys={
                                "label": "the question, with the item it belongs to",
                                "before": "what was answered, in words; empty for nothing",
                                "after": "what is answered now; empty for nothing",
                            },
                        ),
                    ),
                },
            ),
        ),
    }
)

STATUS = Shape(
    keys={
        "role": "reporter or coordinator; null before joining",
        "pseudonym": "how this laptop's owner is called; null before joining",
        "organisation": "id of the organisation, hex; null before joining",
        "name": "its name; null before joining, empty at reporters: it is sealed to coordinators",
        "fingerprint": "the words to compare with other members by another channel",
        "address": "host and port of its server; null before joining",
        "drafts": "open drafts",
        "waiting": "reports finished and not yet with the server",
        "received": "reports the server holds",
        "delivered": "reports a coordinator opened",
        "withdrawn": "reports taken back",
        "quarantined": "records that were refused or could not be sealed",
        "unsent_frames": "records waiting",
        "unsent_bytes": "bytes of the reports among them, about",
        "last_sync": "last successful exchange, UTC seconds, or null",
        "last_try_failed": "whether an exchange was tried after that and did not finish",
        "problems": "what stops delivery; `doctor` says more",
    }
)

FINDINGS = Shape(
    array=True,
    keys={
        "level": "ok, warning or problem",
        "title": "what was looked at",
        "detail": "what was found",
        "hint": "what to do, or null",
    },
)

_LINK: dict[str, str | Key] = {
    "requests": "requests made",
    "bytes_up": "TCP payload sent",
    "bytes_down": "TCP payload received",
    "seconds": "how long it took",
}

SYNC = Shape(
    keys={
        "dry_run": "whether nothing was sent: then `sent_bytes` are those of the reports that wait, about,"
        " and `seconds` what all of it takes at the last speed; 0 where none is known",
        "beside_bytes": "in a dry run, bytes that keys, receipts and the connection take beside them, about",
        "sent_frames": "frames sent",
        "sent_bytes": "bytes of these frames",
        "confirmed_frames": "frames covered by verified receipts",
        "waiting_frames": "frames that still wait",
        "receipts_verified": "receipts that held",
        "mail": "letters fetched",
        "acknowledged": "acknowledgements of coordinators that came and held",
        "delivered_now": "reports that became delivered",
        "certified": "names of newcomers certified now",
        "granted": "names of coordinators given past terms now",
        "pending": "newcomers who wait for another coordinator, and why",
        "refused": "what was refused, and why",
        "alarms": "what a coordinator should be told although the exchange went on",
        "directory_version": "version of the directory this laptop now holds",
        **_LINK,
    }
)

PULL = Shape(
    keys={
        "lanes": "new entries by name of lane",
        "records_verified": "records decrypted and checked",
        "incidents_new": "incidents not known before",
        "awaiting_key": "records that wait for a key",
        "unopened_pending": "frames of senders without a certificate: kept, not opened",
        "refused": "records that did not hold: set aside",
        "gaps": "records that are known to exist and have not come",
        "forks": "devices that have shown two versions of their history, and other evidence",
        "acknowledged_frames": "frames acknowledged to their authors",
        "offered_frames": "frames of others that a restored server had lost and was offered again",
        "certified": "names of newcomers certified now",
        "granted": "names of coordinators given past terms now",
        "pending": "newcomers who wait for another coordinator, and why",
        "alarms": "what a person should look at although the exchange went on",
        "checkpoints_verified": "states of lanes that held against the server's signed tree",
        **_LINK,
    }
)

RESTART = Shape(
    keys={
        "lanes": Key(
            meaning="the lanes that began anew",
            shape=Shape(
                array=True,
                keys={
                    "name": "its name",
                    "held": "entries that were pulled here before",
                    "given": "entries the server had",
                },
            ),
        ),
        "offered_frames": "frames of others that the server had lost and was offered again",
        "waiting_frames": "frames of this laptop that still wait",
        "refused": "what the server will not take, in plain words",
        "alarms": "what a person should look at although the exchange went on",
        "requests": "requests made",
        "bytes_up": "TCP payload sent",
        "bytes_down": "TCP payload received",
    }
)

EXPORT = Shape(
    keys={
        "path": "the file",
        "incidents": "how many it holds",
        "bytes": "its size",
        "left_out": "how many reports are not in it",
        "reason_left_out": "why, or empty",
    }
)

BACKED_UP = Shape(
    keys={
        "file": "the backup",
        "bytes": Key(meaning="its size; all of it was read back after it was written", attribute="size"),
    }
)

RESTORED = Shape(
    keys={
        "home": "the folder with the vault that was made",
        "file": "the backup it was made from",
        "bytes": Key(meaning="size of that", attribute="size"),
    }
)

WIPED = Shape(
    keys={
        "home": "the folder of the vault",
        "drill": "whether it was practice: then the vault is as it was, and all figures are of a throw-away "
        "folder beside it",
        "slots": "files with key slots that were destroyed",
        "slots_seconds": "how long that took: from then on nothing opens the vault",
        "overwritten": "whether the disk overwrote them all; else they were only removed",
        "files": "other files removed",
        "bytes": Key(meaning="bytes of them overwritten before", attribute="size"),
        "left": "names of what could not be removed, an array",
        "process": "another process that still has the vault open; null when none is known",
        "seconds": "how long all of it took",
    }
)

COMPLETION = Shape(keys={"shell": "the shell it is for", "script": "the script, as one text"})

DEMO = Shape(
    keys={
        "ok": "whether every step held",
        "incidents_sent": "reports the reporter sent",
        "incidents_pulled": "incidents each coordinator opened, an array",
        "records_verified": "records each coordinator verified, an array",
        "requests": "requests the reporter made",
        "bytes_up": "TCP payload from the reporter, counted by the proxy",
        "bytes_down": "TCP payload to the reporter, counted by the proxy",
        "receipts_verified": "receipts the reporter verified",
        "delivered": "reports with two ticks at the end",
        "plaintext_found_on_server": "texts of the reports found in the server's folder and log",
        "exports": "the exported files, an array",
        "seconds": "seconds it took",
    }
)
