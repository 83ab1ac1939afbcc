-- name: insert
-- A finished revision; the same one again (by stick and by wire) changes nothing.
INSERT INTO revision (id, incident, author, own, withdraws, created, kept) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING;

-- name: add_parent
-- One revision it follows.
INSERT INTO revision_parent (revision, position, parent) VALUES (?, ?, ?);

-- name: add_part
-- The content bytes of one lane; the first ones an author sent stay.
INSERT INTO revision_part (revision, lane, author, content) VALUES (?, ?, ?, ?)
ON CONFLICT (revision, lane, author) DO NOTHING;

-- name: part_content
-- The content bytes an author sent for one lane of a revision.
SELECT content FROM revision_part WHERE revision = ? AND lane = ? AND author = ?;

-- name: incident_of
-- The incident a revision was put under.
SELECT incident FROM revision WHERE id = ?;

-- name: exists
-- Whether a revision is here.
SELECT count(*) FROM revision WHERE id = ?;

-- name: newest
-- The revision a list shows: of those nothing follows, the last by claimed time, then id. One that only takes the
-- report back says nothing about it and is passed over.
SELECT r.id FROM revision r WHERE r.incident = ? AND r.withdraws = 0 AND NOT EXISTS (
    SELECT 1 FROM revision_parent p JOIN revision c ON c.id = p.revision
    WHERE p.parent = r.id AND c.incident = r.incident AND c.withdraws = 0)
ORDER BY r.created DESC, r.id DESC LIMIT 1;

-- name: of_incident
-- Every revision of an incident, by claimed time and id.
SELECT r.id, i.id, r.author, r.own, r.withdraws, r.created, r.kept FROM revision r JOIN incident i ON i.row = r.incident
WHERE i.id = ? ORDER BY r.created, r.id;

-- name: load
-- One revision.
SELECT r.id, i.id, r.author, r.own, r.withdraws, r.created, r.kept FROM revision r JOIN incident i ON i.row = r.incident
WHERE r.id = ?;

-- name: parents
-- What a revision follows, in the order it names them.
SELECT parent FROM revision_parent WHERE revision = ? ORDER BY position;

-- name: parts
-- The lanes of a revision that its own author wrote.
SELECT p.lane, p.content FROM revision_part p JOIN revision r ON r.id = p.revision AND r.author = p.author
WHERE p.revision = ? ORDER BY p.lane;

-- name: move_to
-- All revisions of one incident turn out to belong to another.
UPDATE revision SET incident = ? WHERE incident = ?;

-- name: move_draft
-- An open draft moves along, unless the other incident has one.
UPDATE OR IGNORE draft SET incident = ?1 WHERE incident = ?2;

-- name: has_draft
-- Whether a line still has an open draft.
SELECT count(*) FROM draft WHERE incident = ?;

-- name: move_outgoing
-- So does what waits to be sent.
UPDATE outgoing SET incident = ?1 WHERE incident = ?2;

-- name: all_ids
-- Every incident that has an id and a revision, the newest first.
SELECT i.id FROM incident i WHERE i.id IS NOT NULL AND EXISTS (SELECT 1 FROM revision r WHERE r.incident = i.row)
ORDER BY i.row DESC;
