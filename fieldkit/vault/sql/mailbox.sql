-- name: keep
-- A frame addressed to this device, behind all others.
INSERT INTO mail (position, raw, lane, device, incarnation, feed_position, state, kept)
SELECT coalesce(max(position), -1) + 1, ?, ?, ?, ?, ?, 0, ? FROM mail;

-- name: known
-- Every letter that is here, at whatever position.
SELECT raw, lane, device, incarnation FROM mail;

-- name: letters
-- Frames in one state, in the order they came.
SELECT position, lane, device, incarnation, raw, state, reason FROM mail WHERE state = ? ORDER BY position;

-- name: settle
-- What became of one.
UPDATE mail SET state = ?, reason = ? WHERE position = ?;

-- name: state
-- What was said of one before.
SELECT state FROM mail WHERE position = ?;

-- name: overdue
-- Whether something was received long ago and nobody has acknowledged it. In the admin lane (3) nobody does.
SELECT EXISTS (
    SELECT 1 FROM frame WHERE received < ? AND token IS NOT NULL AND lane <> 3
        AND NOT EXISTS (SELECT 1 FROM acknowledged WHERE frame = frame.id)
);
