-- name: next_number
-- The local number for a new incident; numbers are never given twice, even after a draft was discarded.
INSERT INTO progress (name, value) VALUES ('next_number', 2)
ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value - 1;

-- name: insert
-- A new incident, behind all others of its second (?1 to before ?2); none is added when the second is full.
INSERT INTO incident (row, number, id, created, title, place, kinds, began, reporter, urgency, required, missing)
SELECT place, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
FROM (SELECT coalesce(max(row) + 1, ?1) AS place FROM incident WHERE row >= ?1 AND row < ?2) WHERE place < ?2
RETURNING row;

-- name: next_numbers
-- The first of so many local numbers for new incidents.
INSERT INTO progress (name, value) VALUES ('next_number', 1 + ?1)
ON CONFLICT (name) DO UPDATE SET value = value + ?1 RETURNING value - ?1;

-- name: free_rows
-- The row after the last one of each second: the seconds are told by their first rows (?1), ?2 is what one holds.
SELECT value, coalesce((SELECT max(row) + 1 FROM incident WHERE row >= value AND row < value + ?2), value)
FROM json_each(?1);

-- name: insert_at
-- A new incident at a row that is free.
INSERT INTO incident (row, number, id, created, title, place, kinds, began, reporter, urgency, required, missing)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: placed
-- Which of these ids, in hexadecimal, have a line.
SELECT i.id FROM json_each(?) asked JOIN incident i ON i.id = unhex(asked.value);

-- name: by_id
-- Row and number of an incident by its id.
SELECT row, number FROM incident WHERE id = ?;

-- name: by_number
-- Row and id of an incident by its local number.
SELECT row, id FROM incident WHERE number = ?;

-- name: name_it
-- The first revision gives an incident its id; a draft left over when two incidents became one loses it.
UPDATE incident SET id = ? WHERE row = ?;

-- name: describe
-- What the list shows of it; the same again, which most saves of a draft bring, writes nothing.
UPDATE incident SET title = ?1, place = ?2, kinds = ?3, began = ?4, reporter = ifnull(nullif(?5, ''), reporter),
    urgency = ?6, required = ?7, missing = ?8
WHERE row = ?9 AND (title, place, kinds, began, reporter, urgency, required, missing)
    IS NOT (?1, ?2, ?3, ?4, ifnull(nullif(?5, ''), reporter), ?6, ?7, ?8);

-- name: copy_headline
-- When two lines become one, the headline of the newest revision goes along.
UPDATE incident SET (title, place, kinds, began, reporter, urgency, required, missing) =
    (SELECT title, place, kinds, began, reporter, urgency, required, missing FROM incident WHERE row = ?1)
WHERE row = ?2;

-- name: index_it
-- What it is found by; the same again changes nothing.
INSERT INTO incident_text (row, words, facts, earliest, latest) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (row) DO UPDATE SET
    words = excluded.words, facts = excluded.facts, earliest = excluded.earliest, latest = excluded.latest
WHERE (words, facts, earliest, latest) IS NOT (excluded.words, excluded.facts, excluded.earliest, excluded.latest);

-- name: unindex
-- What it was found by is out of date.
DELETE FROM incident_text WHERE row = ?;

-- name: copy_index
-- When two lines become one, so does what the newest revision is found by.
INSERT INTO incident_text (row, words, facts, earliest, latest)
SELECT ?2, words, facts, earliest, latest FROM incident_text WHERE row = ?1;

-- name: mark_withdrawn
-- Withdrawn is what nobody's later revision follows and takes the report back: a flag, never a deletion.
UPDATE incident SET withdrawn = EXISTS (
    SELECT 1 FROM revision r WHERE r.incident = incident.row AND r.withdraws = 1 AND NOT EXISTS (
        SELECT 1 FROM revision_parent p JOIN revision c ON c.id = p.revision
        WHERE p.parent = r.id AND c.incident = r.incident))
WHERE row = ?;

-- name: remove
-- Only an incident that was never more than a draft, or one that turned out to be part of another, goes away.
DELETE FROM incident WHERE row = ?;
