"""Items nobody should believe, in answer to a sync (docs/protocol.md §1, §9)."""

from __future__ import annotations

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.encoding import encode
from sync.protocol.errors import Refusal
from sync.protocol.messages import (
    EndItem,
    ErrorItem,
    encode_reply,
)
from sync.protocol.shapes import UINT_MAX
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.said import MISTRUST, error, hint, unreadable
from tests.hostile.scripts.syncs import END, harmless, lie, refusing
from tests.hostile.villain import Deed, spoilt, tampered
from tests.hostile.wire import http

SCAN = "sync/protocol/encoding.py::Scanner.run"


def whole(code: Refusal) -> Deed:
    """Refuses everything at once."""
    return lambda asked: [http(encode_reply(ErrorItem(code=code)), status="403 Refused")]


def _unread(name: str, does: str, raw: bytes, why: str, check: str = SCAN) -> Script:
    return Script(
        name=name,
        does=does,
        check=check,
        section="§1",
        verb=Verb.SYNC,
        exit=ExitCode.VERIFICATION,
        told=(unreadable(why), MISTRUST),
        deed=spoilt(lambda body: raw + body),
    )


def _refused(name: str, code: Refusal, words: str, advice: str) -> Script:
    return Script(
        name=name,
        does=f"refuses every request with code {int(code)}",
        check="sync/client/reply.py::ReplyRules._take_error",
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.REFUSED,
        told=(error(words), hint(advice)),
        deed=whole(code),
        takes_back=code is Refusal.DEVICE,
    )


SCRIPTS = (
    _unread(
        "huge length",
        "announces a string of 2^63 bytes",
        b"\x5b\x7f" + b"\xff" * 7 + bytes(140_000),
        "expected an item of at most 131072 bytes, got more",
    ),
    _unread(
        "long item",
        "announces half a megabyte",
        b"\x5a\x00\x08\x00\x00" + bytes(200_000),
        "expected an item of at most 131072 bytes, got more",
    ),
    _unread("deep nesting", "nests arrays a thousandfold", b"\x81" * 1_000, "nested deeper than 8"),
    _unread(
        "an array of millions",
        "announces 2^32 items",
        b"\x9a\xff\xff\xff\xff" + bytes(140_000),
        "expected an item of at most 131072 bytes, got more",
    ),
    _unread("a tag", "sends a tagged item", b"\xc0\x01", "a tag"),
    _unread(
        "indefinite length", "sends what has no length", b"\x9f", "an indefinite length or reserved head"
    ),
    _unread(
        "a long head",
        "sends a head longer than it need be",
        b"\x18\x01",
        "a head that is not in its shortest form",
    ),
    _unread(
        "an unknown item",
        "sends an item of no meaning",
        encode([77, 1]),
        "expected a reply item",
        "sync/protocol/messages.py::parse_reply",
    ),
    _unread(
        "an unknown code",
        "refuses with a code of no meaning",
        encode([9, 99]),
        "expected a known refusal code",
        "sync/protocol/messages.py::parse_reply",
    ),
    lie(
        "items after the end",
        "goes on after its last item",
        tampered(lambda asked, items: [*items, END]),
        "the server went on after the end of its answer",
        "sync/client/reply.py::ReplyRules.take",
        section="§9",
    ),
    lie(
        "refusal in the middle",
        "refuses the request it has answered",
        tampered(lambda asked, items: [*items[:-1], ErrorItem(code=Refusal.BUSY)]),
        "the server refused the request after it had begun to answer it",
        "sync/client/reply.py::ReplyRules._take_error",
        section="§9",
    ),
    harmless(
        "request limit of nothing",
        "says that requests hold no byte",
        tampered(lambda asked, items: [*items[:-1], EndItem(request_limit=0, more=False)]),
        "sync/client/pace.py::Pace.limited",
    ),
    harmless(
        "absurd request limit",
        "says that requests hold anything",
        tampered(lambda asked, items: [*items[:-1], EndItem(request_limit=UINT_MAX, more=False)]),
        "sync/client/pace.py::Pace.limited",
    ),
    harmless(
        "refuses what it signed for",
        "refuses the very frames its receipt covers",
        tampered(refusing(Refusal.SIGNATURE, *((1, number) for number in range(1, 9)))),
        "sync/client/reply.py::ReplyRules._keep_refusal",
    ),
    harmless(
        "refuses what nobody sent",
        "refuses frames of other lanes and numbers",
        tampered(refusing(Refusal.SIZE, (9, 1), (UINT_MAX, UINT_MAX), (0, 0))),
        "sync/client/reply.py::ReplyRules._keep_refusal",
        "Tell a coordinator: the server refused a frame that was not sent, or could not read one",
    ),
    _refused(
        "says it knows nobody",
        Refusal.DEVICE,
        "the server took this laptop's join once and does not know it now:"
        " it was probably restored from an older backup",
        "nothing is lost, everything stays waiting: ask a coordinator to sync, then sync again",
    ),
    _refused(
        "says the invite is used",
        Refusal.INVITE,
        "the server took this laptop's join once and does not know it now:"
        " it was probably restored from an older backup",
        "nothing is lost, everything stays waiting: ask a coordinator to sync, then sync again",
    ),
    _refused(
        "says it is another",
        Refusal.LOG_KEY,
        "the server refused: it is not the server this laptop expects",
        "ask a coordinator for the newest directory; do not change the server by hand",
    ),
    _refused(
        "says the organisation is gone",
        Refusal.ORGANISATION,
        "the server refused: it does not know the organisation",
        "ask a coordinator for the right server",
    ),
    Script(
        name="busy for ever",
        does="is always busy",
        check="sync/client/engine.py::Engine._after_break",
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(error("the server is busy"), hint("sync again in a few minutes")),
        deed=whole(Refusal.BUSY),
    ),
    Script(
        name="calls every nonce seen",
        does="says that each request came before",
        check="sync/client/engine.py::Engine._after_break",
        section="§9",
        verb=Verb.SYNC,
        exit=ExitCode.LINK,
        told=(error("the server is busy"), hint("sync again in a few minutes")),
        deed=whole(Refusal.NONCE),
    ),
)
