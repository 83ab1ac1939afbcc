-- name: entries
-- Entries of a lane in one of the states in which they may move on, in feed order; pages go on after an id. The states
-- are named so that the index of such entries is used: without it every read would go through all that ever came.
SELECT id, lane, generation, position, device, incarnation, raw, hash, state, reason FROM feed_entry
WHERE state IN (0, 3, 4) AND lane = ? AND state = ? AND id > ? ORDER BY id LIMIT ?;

-- name: settle
-- What became of entries, by their ids.
UPDATE feed_entry SET state = ?, reason = ? WHERE id IN (SELECT value FROM json_each(?));

-- name: counts
-- How many entries stand in each state, by lane.
SELECT lane, state, count(*) FROM feed_entry GROUP BY lane, state ORDER BY lane, state;

-- name: waiting
-- How many entries stand in one of the states in which they may move on.
SELECT count(*) FROM feed_entry WHERE state IN (0, 3, 4) AND state = ?;

-- name: refused
-- Entries that did not hold, and why.
SELECT id, lane, generation, position, device, incarnation, raw, hash, state, reason FROM feed_entry
WHERE state = 5 ORDER BY id;

-- name: links_near
-- What is known of a chain around one sequence.
SELECT sequence, hash, previous FROM chain_link
WHERE lane = ? AND device = ? AND incarnation = ? AND sequence BETWEEN ? AND ?;

-- name: add_link
-- A verified frame's place in its chain.
INSERT INTO chain_link (lane, device, incarnation, sequence, hash, previous) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: gaps
-- Sequences below the highest one seen that have not come. Chains that have all are told by counting alone, a seventh of
-- the work; a fork has two rows of one sequence.
WITH holed AS (
    SELECT lane, device, incarnation FROM chain_link
    GROUP BY lane, device, incarnation HAVING count(DISTINCT sequence) < max(sequence)
)
SELECT lane, device, incarnation, before + 1, sequence - 1 FROM (
    SELECT lane, device, incarnation, sequence,
        lag(sequence, 1, 0) OVER (PARTITION BY lane, device, incarnation ORDER BY sequence) AS before
    FROM (
        SELECT DISTINCT lane, device, incarnation, sequence FROM chain_link
        WHERE (lane, device, incarnation) IN holed
    )
) WHERE sequence > before + 1 ORDER BY lane, device, incarnation, sequence;

-- name: add_epoch
-- The key of an opened epoch.
INSERT INTO epoch (id, lane, device, incarnation, term, secret) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: epoch
-- An epoch of this very chain.
SELECT term, secret FROM epoch WHERE id = ? AND lane = ? AND device = ? AND incarnation = ?;

-- name: owe
-- An opened frame whose sender should know; the first one opened under a sequence counts.
INSERT INTO owed (lane, device, incarnation, sequence, hash, token) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: owed
-- Everything owed, chain by chain.
SELECT lane, device, incarnation, sequence, hash, token FROM owed WHERE told IS NULL
ORDER BY lane, device, incarnation, sequence;

-- name: told
-- The acknowledgement stands in our own chain.
UPDATE owed SET told = ? WHERE lane = ? AND device = ? AND incarnation = ? AND sequence = ?;

-- name: incarnation_of
-- Under which incarnation a frame came.
SELECT incarnation FROM feed_entry WHERE hash = ? LIMIT 1;
