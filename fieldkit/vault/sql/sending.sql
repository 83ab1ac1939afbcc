-- name: sealed
-- Frames that wait, with the report each belongs to, in sending order (as `pending` of delivery.sql). Frames of the
-- program's own, such as keys and acknowledgements, belong to none.
SELECT i.number, i.title, i.urgency, o.hurried, r.withdraws, f.lane, f.incarnation, f.sequence, length(f.raw), f.tried
FROM frame f
LEFT JOIN outgoing o ON o.id = f.outgoing
LEFT JOIN incident i ON i.row = o.incident
LEFT JOIN revision r ON r.id = o.revision
WHERE f.received IS NULL AND f.refused IS NULL
ORDER BY CASE f.kind WHEN 19 THEN 0 WHEN 2 THEN 1 WHEN 3 THEN 2 WHEN 5 THEN 2 ELSE 3 END,
    coalesce(o.hurried, 0) DESC, coalesce(i.urgency, 0) DESC, f.id
LIMIT ?;

-- name: unsealed
-- Records that are still to be sealed, in the order of sealing: the more urgent first, then lane by lane.
SELECT o.id, o.type, i.number, i.title, i.urgency, o.hurried, r.withdraws, o.lane, coalesce(o.content, p.content)
FROM outgoing o
LEFT JOIN incident i ON i.row = o.incident
LEFT JOIN revision r ON r.id = o.revision
LEFT JOIN revision_part p ON p.revision = o.revision AND p.lane = o.lane AND p.author = r.author
WHERE o.sealed IS NULL AND o.problem IS NULL AND o.replaced = 0
ORDER BY o.hurried DESC, coalesce(i.urgency, 0) DESC, o.lane, o.id
LIMIT ?;

-- name: own_bytes
-- Bytes of waiting frames that belong to no report.
SELECT coalesce(sum(length(f.raw)), 0)
FROM frame f
LEFT JOIN outgoing o ON o.id = f.outgoing
WHERE f.received IS NULL AND f.refused IS NULL AND o.incident IS NULL;

-- name: reports
-- How many reports wait, sealed or not.
SELECT count(*) FROM (
    SELECT o.incident FROM outgoing o
    WHERE o.sealed IS NULL AND o.problem IS NULL AND o.replaced = 0 AND o.incident IS NOT NULL
    UNION
    SELECT o.incident FROM frame f JOIN outgoing o ON o.id = f.outgoing
    WHERE f.received IS NULL AND f.refused IS NULL AND o.incident IS NOT NULL
);

-- name: hurry
-- All that waits of a report goes before everything else, or no more.
UPDATE outgoing SET hurried = ?2
WHERE hurried <> ?2 AND incident = (SELECT row FROM incident WHERE number = ?1) AND replaced = 0;
