-- name: newest_receipt
-- What the last receipt for a lane said of its tree, whichever of our chains it was for.
SELECT generation, size FROM receipt WHERE lane = ? ORDER BY id DESC LIMIT 1;

-- name: own_frame
-- The hash of an own frame, and whether it counts as received.
SELECT hash, received IS NOT NULL FROM frame WHERE lane = ? AND incarnation = ? AND sequence = ?;

-- name: received_above
-- Own frames of a chain that count as received, above a sequence.
SELECT id, sequence FROM frame WHERE lane = ? AND incarnation = ? AND sequence > ? AND received IS NOT NULL;

-- name: received_before
-- What other incarnations sent and nobody acknowledged, with the epochs it needs: of one lane, and of those lanes in
-- which the present incarnation has written nothing, for which no receipt comes by itself.
SELECT f.id FROM frame f
WHERE f.received IS NOT NULL AND f.incarnation <> ?1
    AND (f.lane = ?2 OR NOT EXISTS (SELECT 1 FROM chain c WHERE c.lane = f.lane AND c.incarnation = ?1))
    AND (NOT EXISTS (SELECT 1 FROM acknowledged a WHERE a.frame = f.id)
        OR EXISTS (SELECT 1 FROM frame r WHERE r.epoch = f.id
            AND NOT EXISTS (SELECT 1 FROM acknowledged a WHERE a.frame = r.id)));

-- name: put_back
-- It waits again.
UPDATE frame SET received = NULL WHERE id = ?;

-- name: put_back_join
-- A server that does not know this laptop has lost its join.
UPDATE frame SET received = NULL WHERE kind = 19 AND received IS NOT NULL RETURNING id;
