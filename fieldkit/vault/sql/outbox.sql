-- name: queue
-- Something to be sealed when an exchange next needs it.
INSERT INTO outgoing (lane, type, revision, incident, content, queued) VALUES (?, ?, ?, ?, ?, ?) RETURNING id;

-- name: next_unsealed
-- The oldest record of a lane that can be sealed, of reports at least so urgent, 3 for those that were hurried; the
-- content of a revision is read from its part.
SELECT o.id, o.lane, o.type, o.revision, coalesce(o.content, p.content)
FROM outgoing o
LEFT JOIN revision r ON r.id = o.revision
LEFT JOIN revision_part p ON p.revision = o.revision AND p.lane = o.lane AND p.author = r.author
WHERE o.lane = ?1 AND o.sealed IS NULL AND o.problem IS NULL AND o.replaced = 0
    AND (?2 = 0 OR o.hurried = 1 OR ?2 <= (SELECT i.urgency FROM incident i WHERE i.row = o.incident))
ORDER BY o.id LIMIT 1;

-- name: unsealed
-- How many records wait to be sealed, lane by lane, and the bytes of their content.
SELECT o.lane, count(*), sum(length(coalesce(o.content, p.content)))
FROM outgoing o
LEFT JOIN revision r ON r.id = o.revision
LEFT JOIN revision_part p ON p.revision = o.revision AND p.lane = o.lane AND p.author = r.author
WHERE o.sealed IS NULL AND o.problem IS NULL AND o.replaced = 0
GROUP BY o.lane ORDER BY o.lane;

-- name: sealed
-- Once sealed, only the frame holds what was said (a revision keeps its own part).
UPDATE outgoing SET sealed = ?, content = NULL WHERE id = ?;

-- name: set_aside
-- One record that cannot be sealed must not hold up the others.
UPDATE outgoing SET problem = ? WHERE id = ?;

-- name: replace
-- What was refused or set aside is sent anew as another record.
UPDATE outgoing SET replaced = 1 WHERE id = ?
RETURNING lane, type, revision, incident;

-- name: replace_stuck
-- What of a report will never arrive, as soon as a newer revision says the same or better.
UPDATE outgoing SET replaced = 1
WHERE incident = ?1 AND id IN (SELECT id FROM outgoing_progress WHERE incident = ?1 AND stuck);

-- name: stuck
-- Records that will not arrive as they are, with why: what kept them from being sealed, or the server's refusal.
SELECT o.id, o.lane, o.type, o.incident, i.number, o.problem, max(coalesce(nullif(f.refused, 0), nullif(e.refused, 0)))
FROM outgoing o
LEFT JOIN incident i ON i.row = o.incident
LEFT JOIN frame f ON f.outgoing = o.id
LEFT JOIN frame e ON e.id = f.epoch
WHERE o.replaced = 0 AND o.id IN (
    SELECT id FROM outgoing WHERE problem IS NOT NULL
    UNION ALL
    SELECT outgoing FROM frame WHERE refused > 0
    UNION ALL
    SELECT f.outgoing FROM frame e
    JOIN frame f ON f.lane = e.lane AND f.incarnation = e.incarnation AND f.sequence > e.sequence AND f.epoch = e.id
    WHERE e.refused > 0 AND e.kind = 2)
GROUP BY o.id ORDER BY o.id;

-- name: chain
-- The head of an own chain.
SELECT sequence, hash FROM chain WHERE lane = ? AND incarnation = ?;

-- name: set_chain
-- The head moves with every frame.
INSERT INTO chain (lane, incarnation, sequence, hash) VALUES (?, ?, ?, ?)
ON CONFLICT (lane, incarnation) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash;

-- name: ratchet
-- The sender's ratchet of a lane.
SELECT incarnation, epoch, frame, term, step, key, began FROM ratchet WHERE lane = ?;

-- name: set_ratchet
-- The next key overwrites the one just used.
INSERT INTO ratchet (lane, incarnation, epoch, frame, term, step, key, began) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (lane) DO UPDATE SET incarnation = excluded.incarnation, epoch = excluded.epoch, frame = excluded.frame,
    term = excluded.term, step = excluded.step, key = excluded.key, began = excluded.began;

-- name: drop_ratchet
-- After its epoch frame was refused nothing more is sealed under it.
DELETE FROM ratchet WHERE lane = ? AND frame = ?;

-- name: add_frame
-- A sealed frame.
INSERT INTO frame (lane, incarnation, sequence, kind, hash, raw, token, outgoing, epoch, voids, sealed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id;

-- name: heads
-- Own head sequences of one incarnation, lanes ascending.
SELECT lane, sequence FROM chain WHERE incarnation = ? ORDER BY lane;

-- name: join_received
-- A join frame that the server holds; it is the first of its chain in lane 3.
SELECT 1 FROM frame WHERE lane = 3 AND sequence = 1 AND kind = 19 AND received IS NOT NULL LIMIT 1;
