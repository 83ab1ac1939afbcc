"""Members, invites, keys and identity."""

from __future__ import annotations

import pytest

from fieldkit.vault.errors import NoSuchRecord, OutOfStep
from fieldkit.vault.identity import Identity, NotJoined
from fieldkit.vault.keys import Purpose
from fieldkit.vault.members import MemberState
from fieldkit.vault.vault import Vault
from sync.protocol.ids import ADMIN, MAIN, Device, Incarnation, InviteId, Organisation
from sync.protocol.kinds import Role
from sync.protocol.records import InviteNote
from tests.vault.world import NOW, World

NADIA = Device(b"n" * 16)
KEY = b"p" * 32
INVITE = InviteId(b"v" * 16)
NOTE = InviteNote(invite=INVITE, org_key=b"o" * 32, role=Role.REPORTER, name="Nadia", expires=500_000)

STEPS = {
    "named": lambda vault: vault.members.named(NADIA, Role.REPORTER, "Nadia", now=NOW),
    "joined": lambda vault: vault.members.joined(NADIA, KEY, Role.REPORTER, INVITE, b"join", now=NOW),
    "certified": lambda vault: vault.members.certified(NADIA, KEY, Role.REPORTER, INVITE, b"cert", now=NOW),
}


@pytest.mark.parametrize(
    "order",
    [
        ("joined", "certified", "named"),
        ("named", "joined", "certified"),
        ("certified", "joined", "named"),
        ("certified", "named", "joined", "certified", "joined"),
    ],
)
def test_a_member_in_any_order(vault: Vault, order: tuple[str, ...]) -> None:
    """Name, join and certificate may come in any order and more than once: the member is the same."""
    for step in order:
        STEPS[step](vault)
    (member,) = vault.members.all()
    assert vault.members.find(NADIA) == member
    assert (member.state, member.name, member.public_key) == (MemberState.MEMBER, "Nadia", KEY)
    assert (member.join_frame, member.certificate, member.invite) == (b"join", b"cert", INVITE)


def test_pending_and_refused(vault: Vault) -> None:
    """A join waits until certified; a refused one says why, and a certified member is not unmade."""
    STEPS["joined"](vault)
    assert vault.members.all()[0].state is MemberState.PENDING
    vault.members.refused(NADIA, "the proof does not hold")
    assert (vault.members.all()[0].state, vault.members.all()[0].reason) == (
        MemberState.REFUSED,
        "the proof does not hold",
    )
    STEPS["certified"](vault)
    vault.members.refused(NADIA, "too late")
    assert (vault.members.all()[0].state, vault.members.all()[0].reason) == (MemberState.MEMBER, "")
    assert vault.members.find(Device(b"?" * 16)) is None


def test_invites_serve_once(vault: Vault) -> None:
    """The first device whose proof holds has the invite; it may come again, another one may not."""
    vault.members.keep_invite(NOTE, now=NOW)
    vault.members.keep_invite(NOTE, now=NOW + 1)
    assert vault.members.use_invite(INVITE, NADIA)
    assert vault.members.use_invite(INVITE, NADIA)
    assert not vault.members.use_invite(INVITE, Device(b"m" * 16))
    assert not vault.members.use_invite(InviteId(b"?" * 16), NADIA)
    (held,) = vault.members.invites()
    assert (held.note, held.used_by) == (NOTE, NADIA)
    assert vault.members.invite(INVITE) == held
    assert vault.members.invite(InviteId(b"?" * 16)) is None


def test_keys(vault: Vault) -> None:
    """Keys are found by purpose, lane and term; none is silently replaced; their text shows nothing."""
    vault.keys.keep(Purpose.DEVICE, b"d" * 32, now=NOW)
    vault.keys.keep(Purpose.DEVICE, b"d" * 32, now=NOW)
    for lane, term in ((MAIN, 1), (MAIN, 2), (ADMIN, 1)):
        vault.keys.keep(Purpose.INBOX, bytes([lane, term]) * 16, now=NOW, lane=lane, term=term)
    assert vault.keys.require(Purpose.DEVICE) == b"d" * 32
    assert [(seed.lane, seed.term) for seed in vault.keys.lane_seeds()] == [(MAIN, 1), (MAIN, 2), (ADMIN, 1)]
    assert vault.keys.find(Purpose.INBOX, lane=MAIN, term=2) == bytes([1, 2]) * 16
    assert "\\x01\\x02" not in repr(vault.keys.lane_seeds())
    with pytest.raises(OutOfStep):
        vault.keys.keep(Purpose.DEVICE, b"e" * 32, now=NOW)
    with pytest.raises(NoSuchRecord, match="root"):
        vault.keys.require(Purpose.ROOT)


def test_identity(empty_vault: Vault, world: World) -> None:
    """A vault belongs to nobody, then to one organisation for good."""
    vault = empty_vault
    assert vault.identities.load() is None
    with pytest.raises(NotJoined):
        vault.identities.require()
    me = Identity(
        organisation=Organisation(b"o" * 16),
        device=world.device,
        incarnation=Incarnation(b"i" * 8),
        role=Role.COORDINATOR,
        pseudonym="desk-1",
        joined=NOW,
    )
    vault.identities.store(me)
    assert vault.identities.require() == me
    with pytest.raises(OutOfStep):
        vault.identities.store(me)
    vault.identities.begin_incarnation(Incarnation(b"j" * 8))
    assert vault.identities.require().incarnation == b"j" * 8
    with pytest.raises(ValueError, match="8 bytes"):
        vault.identities.begin_incarnation(Incarnation(b"short"))
    assert vault.identities.progress("last_sync") == 0
    vault.identities.set_progress("last_sync", NOW)
    assert vault.identities.progress("last_sync") == NOW
