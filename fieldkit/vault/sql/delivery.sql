-- name: pending
-- Frames to send, up to some bytes but at least one, in sending order: join, epochs, records and heartbeats, the
-- rest; of records the more urgent first, then in the order of sealing. No receiver asks for an unbroken chain.
WITH queue AS (
    SELECT f.id, row_number() OVER sending AS place, sum(length(f.raw)) OVER sending AS total
    FROM frame f
    LEFT JOIN outgoing o ON o.id = f.outgoing
    LEFT JOIN incident i ON i.row = o.incident
    WHERE f.received IS NULL AND f.refused IS NULL
    WINDOW sending AS (
        ORDER BY CASE f.kind WHEN 19 THEN 0 WHEN 2 THEN 1 WHEN 3 THEN 2 WHEN 5 THEN 2 ELSE 3 END,
            coalesce(o.hurried, 0) DESC, coalesce(i.urgency, 0) DESC, f.id
    )
)
SELECT f.lane, f.incarnation, f.sequence, f.raw, f.hash FROM queue q JOIN frame f ON f.id = q.id
WHERE q.total <= ? OR q.place = 1 ORDER BY q.place;

-- name: pending_totals
-- How many frames wait, and their bytes.
SELECT count(*), coalesce(sum(length(raw)), 0) FROM frame WHERE received IS NULL AND refused IS NULL;

-- name: tried
-- A connection stands and it goes next: from here on something of it may have left this laptop.
UPDATE frame SET tried = 1 WHERE lane = ? AND incarnation = ? AND sequence = ? AND tried = 0;

-- name: chain_hashes
-- Own hashes from the last frame received without a gap on, and the head, or from a lower one where that is given:
-- all that judging a receipt needs.
SELECT sequence, hash FROM frame
WHERE lane = ?1 AND incarnation = ?2 AND sequence >= min(coalesce(?3, 9223372036854775807), coalesce(
    (SELECT min(f.sequence) FROM frame f WHERE f.lane = ?1 AND f.incarnation = ?2 AND f.received IS NULL
        AND NOT EXISTS (SELECT 1 FROM frame v WHERE v.voids = f.id)),
    (SELECT max(sequence) FROM frame WHERE lane = ?1 AND incarnation = ?2)) - 1);

-- name: heads
-- Up to where the server holds each own chain by its receipts; a sequence counts once the void that closed it does.
SELECT c.lane, coalesce((SELECT min(f.sequence) FROM frame f
    WHERE f.lane = c.lane AND f.incarnation = c.incarnation AND f.received IS NULL
        AND NOT EXISTS (SELECT 1 FROM frame v WHERE v.voids = f.id AND v.received IS NOT NULL)) - 1, c.sequence)
FROM chain c WHERE c.incarnation = ? ORDER BY c.lane;

-- name: mark_received
-- A verified receipt covers it, so a refusal of it was wrong. But a receipt counts a voided sequence as held without
-- its frame: what was closed by a void is never received.
UPDATE frame SET received = ?, refused = NULL
WHERE lane = ? AND incarnation = ? AND sequence = ? AND received IS NULL
    AND NOT EXISTS (SELECT 1 FROM frame v WHERE v.voids = frame.id);

-- name: drop_idle_receipt
-- A receipt that covered nothing new gives way to the next one.
DELETE FROM receipt WHERE lane = ? AND incarnation = ? AND useful = 0;

-- name: keep_receipt
-- A verified receipt.
INSERT INTO receipt (lane, incarnation, generation, head, size, root, hours, useful, raw, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: receipts
-- All receipts held for a lane, oldest first.
SELECT raw, at FROM receipt WHERE lane = ? ORDER BY id;

-- name: last_receipt
-- The newest receipt of all: what the next sealed record tells about the log.
SELECT lane, generation, size, root FROM receipt WHERE size > 0 ORDER BY id DESC LIMIT 1;

-- name: highest_confirmed
-- The highest head that a receipt ever named for a chain.
SELECT coalesce(max(head), 0) FROM receipt WHERE lane = ? AND incarnation = ?;

-- name: refuse
-- The server will never take this frame.
UPDATE frame SET refused = ? WHERE lane = ? AND incarnation = ? AND sequence = ? AND received IS NULL
RETURNING id, kind;

-- name: to_void
-- Refused frames whose sequence is not closed yet. A void or a join is never closed by a void; nor is what was
-- refused as a fork (6) or given up with its chain (0): that chain goes on elsewhere.
SELECT f.id, f.lane, f.sequence, f.hash, f.raw, f.refused FROM frame f
WHERE f.refused NOT IN (0, 6) AND f.incarnation = ? AND f.kind NOT IN (4, 19)
    AND NOT EXISTS (SELECT 1 FROM frame v WHERE v.voids = f.id)
ORDER BY f.id;

-- name: tokens
-- What was kept to check an acknowledgement with: hash and token of the sealed frames it names.
SELECT sequence, hash, token FROM frame
WHERE lane = ? AND incarnation = ? AND sequence BETWEEN ? AND ? AND token IS NOT NULL;

-- name: acknowledge
-- One coordinator opened one frame; told twice it counts once.
INSERT INTO acknowledged (frame, device, at)
SELECT id, ?, ? FROM frame WHERE lane = ? AND incarnation = ? AND sequence = ?
ON CONFLICT DO NOTHING;

-- name: acknowledged_by
-- Which coordinators opened a frame.
SELECT a.device FROM acknowledged a JOIN frame f ON f.id = a.frame
WHERE f.lane = ? AND f.incarnation = ? AND f.sequence = ? ORDER BY a.device;

-- name: of_revision
-- How far every record of a revision has come. What was refused and given up for a newer revision never went far.
SELECT waiting, stuck, acknowledgements FROM outgoing_progress WHERE revision = ?1
UNION ALL
SELECT 1, 1, 0 FROM outgoing o WHERE o.revision = ?1 AND o.replaced = 1
    AND NOT EXISTS (SELECT 1 FROM outgoing n WHERE n.revision = ?1 AND n.lane = o.lane AND n.replaced = 0);
