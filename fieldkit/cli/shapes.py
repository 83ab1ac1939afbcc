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
        "device": "id of the laptop, hex; empty while only invited",
        "role": "reporter or coordinator",
        "name": "what coordinators call the person",
        "state": "invited, pending, certified or you",
        "joined": "UTC seconds, or null",
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
    "number": "local number; null when it has none here",
    "incident": "id of the incident, hex; null for a draft that was never finished",
    "state": "draft, waiting, received, delivered, returned or withdrawn",
    "title": "its title",
    "kind": "kinds of event",
    "place": "where",
    "date": "when",
    "updated": "last change, UTC seconds",
    "author": "who reported it",
    "missing": "how many required questions have no answer",
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
    },
)
_DELIVERY = Shape(
    array=True,
    keys={
        "lane": "main or sources",
        "frames": "frames it takes in this lane",
        "received": "how many of them the server's receipts cover",
        "acknowledged_by": "how many coordinators proved that they opened all of it",
    },
)
REPORT = Shape(
    keys={
        "line": Key(meaning="the report as `list` prints it", shape=REPORT_LINE),
        "answers": "answers by question name, in the stored form, which `new --from` takes again",
        "sources_answers": "answers of the sources lane; null unless asked for with --sources",
        "revisions": Key(meaning="its revisions, the latest first", shape=_REVISION),
        "problems": "what stands between it and a finished report, or what is wrong with it",
        "delivery": Key(meaning="how far it has come, lane by lane", shape=_DELIVERY),
    }
)

STATUS = Shape(
    keys={
        "role": "reporter, coordinator, or empty before joining",
        "pseudonym": "how this laptop's owner is called",
        "organisation": "its name, or null",
        "address": "host and port of its server, or null",
        "drafts": "reports not finished",
        "waiting": "reports finished and not yet with the server",
        "received": "reports the server holds",
        "delivered": "reports a coordinator opened",
        "quarantined": "frames the server refused for good",
        "unsent_bytes": "bytes waiting",
        "last_sync": "last successful exchange, UTC seconds, or null",
        "last_error": "what went wrong last, or null",
        "problems": "what should be looked at; `doctor` says more",
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

SYNC = Shape(
    keys={
        "sent_frames": "frames sent",
        "sent_bytes": "bytes of these frames",
        "confirmed_frames": "frames covered by verified receipts",
        "requests": "requests made",
        "receipts_verified": "receipts that held",
        "mail": "letters fetched",
        "acknowledged": "frames acknowledged to their authors, for a coordinator",
        "delivered_now": "reports that became delivered",
        "waiting_frames": "frames that still wait",
        "certified": "names of joiners certified now",
        "granted": "names of coordinators given past terms now",
        "refused": "what the server refused, and why",
        "directory_version": "version of the directory this laptop now holds",
        "seconds": "whole seconds it took",
        "next_hint": "what to do next, or null",
    }
)

PULL = Shape(
    keys={
        "lanes": "new entries by name of lane",
        "records_verified": "records opened and verified",
        "incidents_new": "incidents not known before",
        "awaiting_key": "records that wait for a key",
        "gaps": "records that are known to exist and have not come",
        "forks": "devices that have shown two versions of their history",
        "unopened_pending": "reports nobody has opened yet",
        "acknowledged_frames": "frames acknowledged to their authors",
        "more": "whether more waits on the server",
        "requests": "requests made",
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
