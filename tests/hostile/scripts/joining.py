"""What meets somebody who joins: the server's pins are not known yet (docs/protocol.md §10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fieldkit.cli.exit_codes import ExitCode
from sync.protocol.messages import DirectoryItem, EndItem, ReplyItem, RootItem, encode_reply
from tests.hostile.scene import Scene
from tests.hostile.script import Script, Verb
from tests.hostile.scripts.answers import endless_continue, endless_items, page
from tests.hostile.scripts.connection import other_key
from tests.hostile.scripts.papers import another_organisation, directory, publish
from tests.hostile.scripts.said import ASK_OPERATOR, MISTRUST, TRY_AGAIN, error, foreign, hint, unreadable
from tests.hostile.villain import Asked, Deed
from tests.hostile.wire import http

WALK = "sync/protocol/root.py::walk"
CHECKED = "fieldkit/actions/joining.py::_checked_documents"
ASK = "sync/client/enrol.py::_ask"
FETCH = "sync/client/enrol.py::fetch_documents"
END = EndItem(request_limit=65_536, more=False)
NOT_EXACTLY = error("the server gave no root document or not exactly one directory")
NOT_USED = hint("nothing of it was used; tell a coordinator")


def giving(change: Callable[[Asked, list[ReplyItem]], list[ReplyItem]]) -> Deed:
    """Answers with other documents."""
    return lambda asked: [http(b"".join(map(encode_reply, change(asked, asked.items()))))]


def without(*kinds: type) -> Deed:
    """Leaves items out."""
    return giving(lambda asked, items: [item for item in items if not isinstance(item, kinds)])


def handed(asked: Asked, items: list[ReplyItem]) -> list[ReplyItem]:
    """The documents that the script has ready."""
    return [RootItem(root=asked.bag["root"]), DirectoryItem(directory=asked.bag["directory"]), END]


def old_directory(scene: Scene) -> None:
    """The directory before the one that the invite asks for."""
    documents = scene.first.vault.documents
    scene.villain.bag.update(root=documents.roots()[0], directory=documents.directory().raw)
    publish(scene, directory(scene, 2))


def others_documents(scene: Scene) -> None:
    """True documents of another organisation on the server."""
    other = another_organisation(scene)
    scene.villain.bag.update(root=other.root, directory=other.directory)


def others_directory(scene: Scene) -> None:
    """The right root, and a directory of another organisation."""
    root = scene.first.vault.documents.roots()[0]
    scene.villain.bag.update(root=root, directory=another_organisation(scene).directory)


def _join(name: str, does: str, deed: Deed | None, check: str, *told: str) -> Script:
    return Script(
        name=name,
        does=does,
        check=check,
        section="§10",
        verb=Verb.JOIN,
        exit=ExitCode.VERIFICATION,
        told=told,
        deed=deed,
    )


def _link(name: str, does: str, deed: Deed, *told: str) -> Script:
    return replace(_join(name, does, deed, ASK, *told), exit=ExitCode.LINK)


SCRIPTS: tuple[Script, ...] = (
    Script(
        name="man in the middle, join",
        does="passes everything on, over TLS with a key of its own",
        check=CHECKED,
        section="§10",
        verb=Verb.JOIN,
        exit=ExitCode.VERIFICATION,
        told=(
            error(
                "somebody stands between this laptop and the server:"
                " the certificate is not the organisation's"
            ),
            hint("do not go on over this link; try another one"),
        ),
        context=other_key,
    ),
    replace(
        _join(
            "directory older than invited",
            "hides a newer directory",
            giving(handed),
            CHECKED,
            error("expected directory 2 or newer, the server gave 1"),
            hint("the server may be hiding changes: tell the person who invited you"),
        ),
        prepare=old_directory,
    ),
    replace(
        _join(
            "other organisation, join",
            "gives the documents of another organisation",
            giving(handed),
            WALK,
            error("what came does not verify: none of the root documents is the one the invite names"),
            NOT_USED,
        ),
        prepare=others_documents,
    ),
    replace(
        _join(
            "other organisation's directory, join",
            "gives a directory of another organisation",
            giving(handed),
            CHECKED,
            error("what came does not verify: the directory belongs to another organisation"),
            NOT_USED,
        ),
        prepare=others_directory,
    ),
    _join("no root, join", "gives no root", without(RootItem), FETCH, NOT_EXACTLY, MISTRUST),
    _join("no directory, join", "gives no directory", without(DirectoryItem), FETCH, NOT_EXACTLY, MISTRUST),
    _join(
        "two directories, join",
        "gives two directories",
        giving(lambda asked, items: [*items[:-1], items[-2], items[-1]]),
        FETCH,
        NOT_EXACTLY,
        MISTRUST,
    ),
    _join(
        "captive portal, join",
        "gives a login page",
        page("200 OK"),
        ASK,
        unreadable("an indefinite length or reserved head"),
        MISTRUST,
    ),
    _join(
        "endless drip, join",
        "sends items for ever",
        endless_items,
        ASK,
        error("the server sends far more than documents weigh"),
        MISTRUST,
    ),
    _join(
        "go on without end, join",
        "sends 100 Continue for ever",
        endless_continue,
        ASK,
        error("the server sends far more than documents weigh"),
        MISTRUST,
    ),
    _link(
        "redirect, join",
        "sends the newcomer elsewhere",
        page("302 Found", b"", "location: https://127.0.0.1:1/"),
        foreign("HTTP status 302"),
        ASK_OPERATOR,
    ),
    _link(
        "no end, join",
        "breaks its answer off",
        without(EndItem),
        error("the connection was cut (the answer has no end)"),
        TRY_AGAIN,
    ),
)
