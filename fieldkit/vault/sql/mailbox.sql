-- name: keep
-- A frame addressed to this device; the same again changes nothing.
INSERT INTO mail (position, lane, feed_position, device, incarnation, raw, state, kept) VALUES (?, ?, ?, ?, ?, ?, 0, ?)
ON CONFLICT (position) DO NOTHING;

-- name: at
-- What stands at a position.
SELECT raw FROM mail WHERE position = ?;

-- name: letters
-- Frames in one state, in the order they came.
SELECT position, lane, device, incarnation, raw, state, reason FROM mail WHERE state = ? ORDER BY position;

-- name: settle
-- What became of one.
UPDATE mail SET state = ?, reason = ? WHERE position = ?;
