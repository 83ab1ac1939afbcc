-- name: known
-- Whether a device was already found to speak under this incarnation.
SELECT 1 FROM evidence WHERE kind = 'copy' AND device = ? AND detail = ? LIMIT 1;

-- name: found
-- Every device found to speak under further incarnations, with when it was first found.
SELECT device, detail, min(at) FROM evidence WHERE kind = 'copy' GROUP BY device, detail ORDER BY min(id);

-- name: own
-- What this vault wrote at one place of an own chain.
SELECT hash FROM frame WHERE lane = ? AND incarnation = ? AND sequence = ?;

-- name: lost_records
-- Records of a chain that lives on elsewhere which no receipt covers, or whose epoch none covers, and which nobody
-- acknowledged. What the server refused for other reasons than a fork it would refuse again.
SELECT DISTINCT o.id, o.type, o.revision IS NOT NULL FROM frame f
JOIN outgoing o ON o.id = f.outgoing
JOIN frame e ON e.id = f.epoch
WHERE f.incarnation = ? AND o.replaced = 0 AND (f.received IS NULL OR e.received IS NULL)
    AND coalesce(f.refused, 6) = 6 AND coalesce(e.refused, 6) = 6
    AND NOT EXISTS (SELECT 1 FROM acknowledged a WHERE a.frame = f.id)
ORDER BY o.id;

-- name: replace
-- Its content is gone from here; the caller tells it anew.
UPDATE outgoing SET replaced = 1 WHERE id = ?;

-- name: lost_frames
-- Frames of such a chain that no receipt covers.
SELECT lane, kind, raw FROM frame
WHERE incarnation = ? AND received IS NULL AND coalesce(refused, 6) = 6 ORDER BY id;

-- name: give_up
-- They are not sent any more; what they carried goes under another incarnation. 0 is no refusal code of a server.
UPDATE frame SET refused = 0
WHERE incarnation = ? AND received IS NULL AND coalesce(refused, 6) = 6 AND (kind <> 19 OR ?);

-- name: open
-- Whether anything of an incarnation is still to be sent, or was refused as a fork.
SELECT 1 FROM frame WHERE incarnation = ? AND received IS NULL AND coalesce(refused, 6) = 6 AND kind <> 19 LIMIT 1;

-- name: drop_ratchets
-- Nothing more is sealed under the keys of a chain that lives on elsewhere.
DELETE FROM ratchet WHERE incarnation = ?;

-- name: untell
-- The acknowledgement did not arrive: it is owed again.
UPDATE owed SET told = NULL WHERE lane = ? AND device = ? AND incarnation = ? AND sequence BETWEEN ? AND ?;

-- name: doubted
-- Lanes in which something of the present incarnation waits although the last receipt named a head beyond all of it.
SELECT c.lane FROM chain c
WHERE c.incarnation = ?1
    AND (SELECT r.head FROM receipt r WHERE r.lane = c.lane AND r.incarnation = c.incarnation ORDER BY r.id DESC LIMIT 1)
        > c.sequence
    AND EXISTS (SELECT 1 FROM frame f WHERE f.lane = c.lane AND f.incarnation = c.incarnation
        AND f.received IS NULL AND f.refused IS NULL)
ORDER BY c.lane;

-- name: heard
-- Whether a device was heard in a lane under this incarnation, and whether under another one: the first link of each
-- kind is enough, however many there are.
SELECT EXISTS (SELECT 1 FROM chain_link WHERE lane = ?1 AND device = ?2 AND incarnation = ?3),
    EXISTS (SELECT 1 FROM chain_link WHERE lane = ?1 AND device = ?2 AND incarnation < ?3)
    OR EXISTS (SELECT 1 FROM chain_link WHERE lane = ?1 AND device = ?2 AND incarnation > ?3);
