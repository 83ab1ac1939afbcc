-- name: note
-- The server's log of a lane was set back; how many entries it has, and one more so that none is not nothing.
INSERT INTO progress (name, value) VALUES ('set_back_' || ?1, ?2 + 1)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: clear
-- It is whole again, or began anew.
DELETE FROM progress WHERE name = 'set_back_' || ?;

-- name: noted
-- Lanes whose log was set back.
SELECT CAST(substr(name, 10) AS INTEGER) AS lane, value - 1 FROM progress WHERE name LIKE 'set\_back\_%' ESCAPE '\'
ORDER BY lane;

-- name: verdict
-- What comparing a checkpoint with the tree here gave.
SELECT verdict FROM tree_claim WHERE source = 'checkpoint' AND lane = ? AND generation = ? AND size = ? AND root = ?;

-- name: tree_size
-- How far the tree was computed here.
SELECT max(size) FROM tree_root WHERE lane = ? AND generation = ?;

-- name: begin
-- The lane is pulled from its beginning; what was held stays under its old generation.
INSERT INTO feed_cursor (lane, generation, next) VALUES (?, ?, 0)
ON CONFLICT (lane) DO UPDATE SET generation = excluded.generation, next = 0;

-- name: any_entry
-- Whether anything of a lane was ever pulled.
SELECT 1 FROM feed_entry WHERE lane = ? LIMIT 1;

-- name: settle_known
-- An entry that was settled under an earlier generation needs not be read again.
UPDATE feed_entry SET state = (
        SELECT old.state FROM feed_entry old WHERE old.hash = feed_entry.hash AND old.lane = feed_entry.lane
            AND old.device = feed_entry.device AND old.incarnation = feed_entry.incarnation
            AND old.generation <> feed_entry.generation AND old.state IN (1, 2))
WHERE lane = ?1 AND generation = ?2 AND position >= ?3 AND state = 0 AND EXISTS (
    SELECT 1 FROM feed_entry old WHERE old.hash = feed_entry.hash AND old.lane = feed_entry.lane
        AND old.device = feed_entry.device AND old.incarnation = feed_entry.incarnation
        AND old.generation <> feed_entry.generation AND old.state IN (1, 2));

-- name: missing
-- Frames of others under earlier generations, in the order they came, that are not in the present one.
SELECT min(e.id), e.lane, e.device, e.incarnation, e.raw, e.hash FROM feed_entry e
WHERE e.lane = ?1 AND e.generation <> ?2 AND e.device <> ?3 AND e.state <> 5 AND NOT EXISTS (
    SELECT 1 FROM feed_entry n WHERE n.hash = e.hash AND n.lane = e.lane AND n.generation = ?2
        AND n.device = e.device AND n.incarnation = e.incarnation)
GROUP BY e.hash, e.device, e.incarnation ORDER BY min(e.id);

-- name: offered
-- Under which generation everything missing was offered.
SELECT value FROM progress WHERE name = 'offered_' || ?;

-- name: set_offered
-- It was, and the server had an answer to all of it.
INSERT INTO progress (name, value) VALUES ('offered_' || ?1, ?2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
