-- name: find
-- One member.
SELECT device, public_key, role, name, state, reason, invite, join_frame, certificate, since FROM member
WHERE device = ?;

-- name: all
-- Everybody, the longest known first.
SELECT device, public_key, role, name, state, reason, invite, join_frame, certificate, since FROM member
ORDER BY since, device;

-- name: joined
-- A join frame whose signature held; the member waits for a certificate. A later one never overwrites the first.
INSERT INTO member (device, public_key, role, state, invite, join_frame, since) VALUES (?, ?, ?, 1, ?, ?, ?)
ON CONFLICT (device) DO UPDATE SET
    public_key = coalesce(public_key, excluded.public_key), invite = coalesce(invite, excluded.invite),
    join_frame = coalesce(join_frame, excluded.join_frame), state = max(state, 1);

-- name: certified
-- A certificate that held makes a member.
INSERT INTO member (device, public_key, role, state, invite, certificate, since) VALUES (?, ?, ?, 2, ?, ?, ?)
ON CONFLICT (device) DO UPDATE SET
    public_key = excluded.public_key, role = excluded.role, state = 2, reason = '',
    invite = coalesce(invite, excluded.invite), certificate = coalesce(certificate, excluded.certificate);

-- name: named
-- A name that coordinators told each other.
INSERT INTO member (device, role, name, state, since) VALUES (?, ?, ?, 0, ?)
ON CONFLICT (device) DO UPDATE SET name = excluded.name;

-- name: refused
-- A join whose proof did not hold; a member is not unmade by it.
UPDATE member SET state = 3, reason = ? WHERE device = ? AND state < 2;

-- name: keep_invite
-- An invite, as its maker or as another coordinator knows it.
INSERT INTO invite (id, org_key, role, name, expires, kept) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: invite
-- One invite.
SELECT id, org_key, role, name, expires, used_by FROM invite WHERE id = ?;

-- name: invites
-- All invites, oldest first.
SELECT id, org_key, role, name, expires, used_by FROM invite ORDER BY kept, id;

-- name: use_invite
-- The first device whose proof holds has it.
UPDATE invite SET used_by = ?1 WHERE id = ?2 AND (used_by IS NULL OR used_by = ?1);
