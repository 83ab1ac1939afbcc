"""The contract of `sync.server.stores.base`, on every store; half of it asks across organisations (R24)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.protocol.chain import Link
from sync.protocol.ids import (
    MAIN,
    SOURCES,
    Chain,
    Device,
    FrameHash,
    Generation,
    Incarnation,
    InviteId,
    Organisation,
)
from sync.server.stores.base import (
    ChainState,
    Document,
    DocumentKind,
    Entry,
    Invite,
    LaneHead,
    Marks,
    Member,
    Origin,
    Store,
    Transaction,
    Void,
)

OURS, THEIRS = Organisation(b"o" * 16), Organisation(b"t" * 16)
DEVICE, OTHER = Device(b"d" * 16), Device(b"e" * 16)
INCARNATION = Incarnation(b"i" * 8)
CHAIN = Chain(organisation=OURS, lane=MAIN, device=DEVICE, incarnation=INCARNATION)
HEAD = LaneHead(generation=Generation(b"g" * 8), frontier=b"frontier")


def hash_of(number: int) -> FrameHash:
    """A distinct frame hash."""
    return FrameHash(number.to_bytes(32, "big"))


def entry(state: ChainState, index: int, sequence: int, raw: bytes = b"frame") -> Entry:
    """A feed entry of the chain."""
    return Entry(
        index=index,
        number=state.number,
        device=DEVICE,
        incarnation=INCARNATION,
        sequence=sequence,
        hash=hash_of(sequence),
        previous=hash_of(sequence - 1),
        raw=raw,
    )


def fill(transaction: Transaction) -> ChainState:
    """Two organisations; ours has one chain of three frames, a void and something beyond."""
    for number, organisation in enumerate((OURS, THEIRS)):
        assert transaction.add_organisation(
            organisation, Origin(code_hash=bytes([number]) * 32, root_hash=b"r" * 32)
        )
    state = transaction.open_chain(OURS, CHAIN)
    transaction.save_lane(OURS, MAIN, HEAD)
    transaction.append(OURS, MAIN, [entry(state, 0, 1), entry(state, 1, 2), entry(state, 2, 5)])
    transaction.add_void(OURS, state.number, Void(sequence=3, link=Link(hash_of(3), hash_of(2)), by=5))
    state = replace(state, head=3, head_hash=hash_of(3), top=5, frames=3, size=15)
    transaction.save_chain(OURS, state)
    return state


def test_organisation_is_made_once(store: Store) -> None:
    """Neither the id nor the ticket code of an organisation makes a second one."""
    with store.writing() as transaction:
        assert transaction.add_organisation(OURS, Origin(code_hash=b"c" * 32, root_hash=b"r" * 32))
    with store.writing() as transaction:
        assert not transaction.add_organisation(OURS, Origin(code_hash=b"x" * 32, root_hash=b"r" * 32))
        assert not transaction.add_organisation(THEIRS, Origin(code_hash=b"c" * 32, root_hash=b"r" * 32))
    with store.reading() as reader:
        assert reader.origin(OURS) == Origin(code_hash=b"c" * 32, root_hash=b"r" * 32)
        assert reader.origin(THEIRS) is None


def test_documents_by_version(store: Store) -> None:
    """Every version is kept; the newest is found; kinds and organisations do not mix."""
    versions = [Document(version=number, hash=hash_of(number), raw=b"raw") for number in (1, 2, 10)]
    with store.writing() as transaction:
        fill(transaction)
        for document in reversed(versions):
            transaction.add_document(OURS, DocumentKind.ROOT, document)
    with store.reading() as reader:
        assert reader.documents(OURS, DocumentKind.ROOT, 0) == versions
        assert reader.documents(OURS, DocumentKind.ROOT, 1) == versions[1:]
        assert reader.newest(OURS, DocumentKind.ROOT) == versions[-1]
        assert reader.newest(OURS, DocumentKind.DIRECTORY) is None
        assert reader.newest(THEIRS, DocumentKind.ROOT) is None
        assert reader.documents(THEIRS, DocumentKind.ROOT, 0) == []


def test_document_version_is_taken_once(store: Store) -> None:
    """A second document of one version is a bug and undoes the transaction."""
    with store.writing() as transaction:
        fill(transaction)
        transaction.add_document(OURS, DocumentKind.ROOT, Document(version=1, hash=hash_of(1), raw=b"a"))
    with pytest.raises(Exception, match=r"(?i)unique|taken"), store.writing() as transaction:
        transaction.add_document(OURS, DocumentKind.ROOT, Document(version=1, hash=hash_of(2), raw=b"b"))


def test_members_and_invites(store: Store) -> None:
    """Members and invites are added, replaced, and known to their organisation only."""
    member = Member(device=DEVICE, public_key=b"k" * 32, role=1, certified=False, join_hash=hash_of(1))
    invite = Invite(invite=InviteId(b"v" * 16), role=2, expires=99, key=b"s" * 32)
    burnt = replace(invite, burnt_by=DEVICE, burnt_with=hash_of(1))
    with store.writing() as transaction:
        fill(transaction)
        transaction.put_member(OURS, member)
        transaction.put_invite(OURS, invite)
        assert transaction.member(OURS, DEVICE) == member
        assert transaction.invite(OURS, invite.invite) == invite
        transaction.put_member(OURS, replace(member, certified=True, role=2))
        transaction.put_invite(OURS, burnt)
    with store.reading() as reader:
        assert reader.member(OURS, DEVICE) == replace(member, certified=True, role=2)
        assert reader.invite(OURS, invite.invite) == burnt
        assert reader.member(THEIRS, DEVICE) is None
        assert reader.member(OURS, OTHER) is None
        assert reader.invite(THEIRS, invite.invite) is None


def test_nonces(store: Store) -> None:
    """A nonce is new once an organisation, until its hour is forgotten."""
    nonce = b"n" * 16
    with store.writing() as transaction:
        fill(transaction)
        assert transaction.add_nonce(OURS, nonce, 100)
        assert not transaction.add_nonce(OURS, nonce, 101)
        assert transaction.add_nonce(THEIRS, nonce, 100)
        transaction.forget_nonces(OURS, 100)
        assert not transaction.add_nonce(OURS, nonce, 101)
        transaction.forget_nonces(OURS, 101)
        assert transaction.add_nonce(OURS, nonce, 101)
        assert not transaction.add_nonce(THEIRS, nonce, 101)


def test_chain_state(store: Store) -> None:
    """Chains are listed by device; what is held, voided and beyond is found; nothing leaks to others."""
    with store.writing() as transaction:
        state = fill(transaction)
        second = transaction.open_chain(OURS, replace(CHAIN, lane=SOURCES))
        foreign = transaction.open_chain(THEIRS, replace(CHAIN, organisation=THEIRS))
    assert len({state.number, second.number, foreign.number}) == 3
    with store.reading() as reader:
        assert sorted(reader.chains(OURS, DEVICE), key=lambda one: one.lane) == [state, second]
        assert reader.chains(OURS, OTHER) == []
        assert reader.chains(THEIRS, DEVICE) == [foreign]
        assert reader.held(OURS, state.number, [1, 3, 4, 5]) == {
            1: Link(hash_of(1), hash_of(0)),
            3: Link(hash_of(3), hash_of(2)),
            5: Link(hash_of(5), hash_of(4)),
        }
        assert reader.beyond(OURS, state.number, 2) == {
            3: Link(hash_of(3), hash_of(2)),
            5: Link(hash_of(5), hash_of(4)),
        }
        assert reader.held(THEIRS, state.number, [1, 3]) == {}
        assert reader.beyond(THEIRS, state.number, 0) == {}


def test_what_stands_at_a_sequence(store: Store) -> None:
    """The frame there; for a voided sequence the void; nothing for a gap or another organisation's chain."""
    with store.writing() as transaction:
        state = fill(transaction)
    with store.reading() as reader:
        found = {step: reader.standing(OURS, state.number, step) for step in (1, 2, 3, 4, 5, 6)}
        assert found == {1: b"frame", 2: b"frame", 3: b"frame", 4: None, 5: b"frame", 6: None}
        assert reader.standing(THEIRS, state.number, 1) is None
    with store.writing() as transaction:
        transaction.append(OURS, MAIN, [entry(state, 3, 8, raw=b"the void")])
        transaction.add_void(OURS, state.number, Void(sequence=7, link=Link(hash_of(7), hash_of(6)), by=8))
        transaction.append(OURS, MAIN, [entry(state, 4, 9, raw=b"after it")])
    with store.reading() as reader:
        assert reader.standing(OURS, state.number, 7) == b"the void"


def test_many_sequences_at_once(store: Store) -> None:
    """More sequences than one statement takes are all looked up."""
    with store.writing() as transaction:
        state = fill(transaction)
        transaction.append(OURS, MAIN, [entry(state, 10 + step, 10 + step) for step in range(1_200)])
    with store.reading() as reader:
        held = reader.held(OURS, state.number, range(1, 2_000))
        assert sorted(held) == [1, 2, 3, 5, *range(10, 1_210)]


def test_saving_a_chain_of_another_organisation_changes_nothing(store: Store) -> None:
    """The number of a chain is no key to it without its organisation."""
    with store.writing() as transaction:
        state = fill(transaction)
        transaction.save_chain(THEIRS, replace(state, head=99))
    with store.reading() as reader:
        assert reader.chains(OURS, DEVICE) == [state]
    with pytest.raises(Exception, match=r"(?i)another|no row"), store.writing() as transaction:
        transaction.add_void(THEIRS, state.number, Void(sequence=7, link=Link(hash_of(7), hash_of(6)), by=8))


def test_lanes_and_feed(store: Store) -> None:
    """A feed is read from an index on, in order, cut by rows and by bytes but never to nothing."""
    with store.writing() as transaction:
        state = fill(transaction)
        transaction.append(OURS, MAIN, [entry(state, 3, 6, b"x" * 100)])
        transaction.save_lane(OURS, MAIN, replace(HEAD, frontier=b"grown"))
    with store.reading() as reader:
        assert reader.lane(OURS, MAIN) == replace(HEAD, frontier=b"grown")
        assert reader.lane(OURS, SOURCES) is None
        assert reader.lane(THEIRS, MAIN) is None
        cases: list[tuple[int, int, int, list[int]]] = [
            (0, 9, 999, [0, 1, 2, 3]),
            (2, 9, 999, [2, 3]),
            (4, 9, 999, []),
            (0, 2, 999, [0, 1]),
            (0, 9, 14, [0, 1]),
            (0, 9, 15, [0, 1, 2]),
            (0, 9, 1, [0]),
            (3, 9, 1, [3]),
        ]
        for start, rows, size, expected in cases:
            found = reader.feed(OURS, MAIN, start, rows=rows, size=size)
            assert [row.index for row in found] == expected, (start, rows, size)
        first = reader.feed(OURS, MAIN, 0, rows=1, size=99)[0]
        assert (first.device, first.incarnation, first.raw) == (DEVICE, INCARNATION, b"frame")
        assert reader.feed(THEIRS, MAIN, 0, rows=9, size=999) == []


@pytest.mark.parametrize(("index", "sequence"), [(0, 9), (9, 1)], ids=["index", "sequence"])
def test_positions_are_taken_once(store: Store, index: int, sequence: int) -> None:
    """An index or a sequence is never given twice; the attempt undoes its transaction."""
    with store.writing() as transaction:
        state = fill(transaction)
    with pytest.raises(Exception, match=r"(?i)unique|taken"), store.writing() as transaction:
        transaction.append(OURS, MAIN, [entry(state, 7, 7), entry(state, index, sequence)])
    with store.reading() as reader:
        assert [row.index for row in reader.feed(OURS, MAIN, 0, rows=9, size=99)] == [0, 1, 2]


def test_mailboxes(store: Store) -> None:
    """Mail has positions of its own for each device and keeps where it stands in the lane."""
    with store.writing() as transaction:
        fill(transaction)
        transaction.add_mail(OURS, OTHER, MAIN, [0, 2])
        transaction.add_mail(OURS, OTHER, MAIN, [1])
        transaction.add_mail(OURS, DEVICE, MAIN, [1])
    with store.reading() as reader:
        rows = reader.mail(OURS, OTHER, 0, rows=9, size=999)
        assert [(row.position, row.lane, row.index) for row in rows] == [(0, 1, 0), (1, 1, 2), (2, 1, 1)]
        assert {(row.device, row.incarnation, row.raw) for row in rows} == {(DEVICE, INCARNATION, b"frame")}
        assert [row.position for row in reader.mail(OURS, OTHER, 2, rows=9, size=999)] == [2]
        assert [row.position for row in reader.mail(OURS, OTHER, 0, rows=9, size=6)] == [0]
        assert [row.position for row in reader.mail(OURS, DEVICE, 0, rows=9, size=999)] == [0]
        assert reader.mail(THEIRS, OTHER, 0, rows=9, size=999) == []


def test_marks(store: Store) -> None:
    """Marks tell how far documents and one mailbox go."""
    with store.writing() as transaction:
        fill(transaction)
        assert transaction.marks(OURS, OTHER) == Marks(root=0, directory=0, mail=0)
        transaction.add_document(OURS, DocumentKind.ROOT, Document(version=3, hash=hash_of(1), raw=b""))
        transaction.add_document(OURS, DocumentKind.DIRECTORY, Document(version=7, hash=hash_of(1), raw=b""))
        transaction.add_mail(OURS, OTHER, MAIN, [0, 2])
    with store.reading() as reader:
        assert reader.marks(OURS, OTHER) == Marks(root=3, directory=7, mail=2)
        assert reader.marks(OURS, DEVICE) == Marks(root=3, directory=7, mail=0)
        assert reader.marks(THEIRS, OTHER) == Marks(root=0, directory=0, mail=0)


def test_evidence(store: Store) -> None:
    """Contradicting frames are kept beside the chain, the same one once."""
    with store.writing() as transaction:
        state = fill(transaction)
        assert transaction.add_evidence(OURS, state.number, 2, b"other")
        assert not transaction.add_evidence(OURS, state.number, 2, b"other")
        assert transaction.add_evidence(OURS, state.number, 1, b"third")
    with store.reading() as reader:
        assert reader.evidence(OURS, state.number) == [(1, b"third"), (2, b"other")]
        assert reader.evidence(THEIRS, state.number) == []


def test_failed_transaction_leaves_nothing(store: Store) -> None:
    """What a transaction wrote before it failed is gone, and the next one works."""
    with store.writing() as transaction:
        state = fill(transaction)
    with pytest.raises(RuntimeError, match="on purpose"), store.writing() as transaction:
        transaction.append(OURS, MAIN, [entry(state, 3, 6)])
        transaction.save_chain(OURS, replace(state, head=6))
        transaction.add_mail(OURS, OTHER, MAIN, [0])
        transaction.add_nonce(OURS, b"n" * 16, 1)
        raise RuntimeError("on purpose")
    with store.reading() as reader:
        assert reader.chains(OURS, DEVICE) == [state]
        assert len(reader.feed(OURS, MAIN, 0, rows=9, size=999)) == 3
        assert reader.mail(OURS, OTHER, 0, rows=9, size=999) == []
    with store.writing() as transaction:
        assert transaction.add_nonce(OURS, b"n" * 16, 1)


def test_reader_sees_one_moment(store: Store) -> None:
    """What is written while a reader is at work does not reach it; the next reader sees it."""
    with store.writing() as transaction:
        fill(transaction)
    with store.reading() as reader:
        assert reader.marks(OURS, OTHER).mail == 0
        with store.writing() as transaction:
            transaction.add_mail(OURS, OTHER, MAIN, [0])
        assert reader.marks(OURS, OTHER).mail == 0
    with store.reading() as reader:
        assert reader.marks(OURS, OTHER).mail == 1
