-- name: cursor
-- How far a lane was pulled.
SELECT generation, next FROM feed_cursor WHERE lane = ?;

-- name: set_cursor
-- Moves in the transaction that stores the entries.
INSERT INTO feed_cursor (lane, generation, next) VALUES (?, ?, ?)
ON CONFLICT (lane) DO UPDATE SET generation = excluded.generation, next = excluded.next;

-- name: keep_entry
-- One frame at its position; the same again changes nothing.
INSERT INTO feed_entry (lane, generation, position, device, incarnation, raw, hash, state, kept)
VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (lane, generation, position) DO NOTHING;

-- name: entry_hash
-- What stands at a position, and who wrote it.
SELECT hash, device FROM feed_entry WHERE lane = ? AND generation = ? AND position = ?;

-- name: leaves
-- The entries the tree has not taken yet, in order.
SELECT position, hash, device FROM feed_entry
WHERE lane = ? AND generation = ? AND position >= ? ORDER BY position;

-- name: tree
-- The tree's frontier.
SELECT frontier FROM tree WHERE lane = ? AND generation = ?;

-- name: set_tree
-- The frontier after new entries.
INSERT INTO tree (lane, generation, frontier) VALUES (?, ?, ?)
ON CONFLICT (lane, generation) DO UPDATE SET frontier = excluded.frontier;

-- name: add_root
-- The root at one size.
INSERT INTO tree_root (lane, generation, size, root) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: root_at
-- The root computed here at some size.
SELECT root FROM tree_root WHERE lane = ? AND generation = ? AND size = ?;

-- name: claim
-- What somebody said about a tree.
INSERT INTO tree_claim (source, lane, generation, size, root, device, verdict, at) VALUES (?, ?, ?, ?, ?, ?, 0, ?)
ON CONFLICT DO NOTHING;

-- name: comparable
-- Claims not judged yet whose size was reached here, with the root computed.
SELECT c.source, c.size, c.root, c.device, t.root FROM tree_claim c
JOIN tree_root t ON t.lane = c.lane AND t.generation = c.generation AND t.size = c.size
WHERE c.verdict = 0 AND c.lane = ? AND c.generation = ?;

-- name: judge
-- 1 agrees, 2 differs.
UPDATE tree_claim SET verdict = ?
WHERE source = ? AND lane = ? AND generation = ? AND size = ? AND root = ? AND device = ?;

-- name: verdicts
-- How many claims agreed, differed, or wait for entries that have not come.
SELECT verdict, count(*) FROM tree_claim GROUP BY verdict;

-- name: ended
-- Whether a lane has gone on to another generation.
SELECT 1 FROM feed_cursor WHERE lane = ? AND generation <> ?;
