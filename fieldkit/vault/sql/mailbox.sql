-- name: keep
-- A frame addressed to this device; the same again changes nothing.
INSERT INTO mail (position, lane, feed_position, device, incarnation, raw, state, kept) VALUES (?, ?, ?, ?, ?, ?, 0, ?)
ON CONFLICT (position) DO NOTHING;

-- name: known
-- Whether a letter is here already, at whatever position.
SELECT count(*) FROM mail WHERE raw = ? AND lane = ? AND device = ? AND incarnation = ?;

-- name: next_position
-- Behind all others.
SELECT coalesce(max(position), -1) + 1 FROM mail;

-- name: letters
-- Frames in one state, in the order they came.
SELECT position, lane, device, incarnation, raw, state, reason FROM mail WHERE state = ? ORDER BY position;

-- name: settle
-- What became of one.
UPDATE mail SET state = ?, reason = ? WHERE position = ?;
