-- name: page
-- The newest incidents before a row, with what their state is derived from.
SELECT * FROM incident_line WHERE row < ? ORDER BY row DESC LIMIT ?;

-- name: page_draft
-- The newest incidents with an open draft.
SELECT l.* FROM draft d JOIN incident_line l ON l.row = d.incident
WHERE d.incident < ? ORDER BY d.incident DESC LIMIT ?;

-- name: page_waiting
-- The newest incidents of which something is not with the server for certain.
SELECT * FROM incident_line WHERE row < ? AND row IN (SELECT incident FROM unsent) ORDER BY row DESC LIMIT ?;

-- name: page_opened
-- The newest incidents that so many coordinators opened.
SELECT * FROM incident_line WHERE withdrawn = 0 AND acks = ? AND row < ? ORDER BY row DESC LIMIT ?;

-- name: page_unopened
-- The same of those that were finished and do not wait.
SELECT * FROM incident_line WHERE withdrawn = 0 AND acks = ? AND row < ? AND id IS NOT NULL
AND row NOT IN (SELECT incident FROM unsent) ORDER BY row DESC LIMIT ?;

-- name: page_withdrawn
-- The newest incidents that were taken back.
SELECT * FROM incident_line WHERE withdrawn = 1 AND row < ? ORDER BY row DESC LIMIT ?;

-- name: page_fresh
-- The newest incidents of others that nobody has read here yet.
SELECT l.* FROM fresh f JOIN incident_line l ON l.row = f.incident
WHERE f.incident < ? ORDER BY f.incident DESC LIMIT ?;

-- name: page_urgent
-- The newest incidents of so much urgency.
SELECT * FROM incident_line WHERE urgency = ? AND row < ? ORDER BY row DESC LIMIT ?;

-- name: drafts
-- How many drafts are open, and how many of them are of incidents of which nothing was finished.
SELECT count(*), count(*) FILTER (WHERE i.id IS NULL) FROM draft d CROSS JOIN incident i ON i.row = d.incident;

-- name: count_waiting
-- Reports that wait, and those of them that were taken back: some record is not with the server, and not every one was
-- acknowledged by another road.
SELECT count(*), count(*) FILTER (WHERE i.withdrawn = 1) FROM incident i WHERE i.row IN (SELECT incident FROM unsent)
AND (SELECT min(p.acknowledgements) FROM outgoing_progress p WHERE p.incident = i.row) < max(1, ?);

-- name: tally
-- How many incidents there are, withdrawn and not, by how many coordinators opened them.
SELECT withdrawn, acks, incidents FROM tally WHERE incidents > 0;

-- name: one
-- The same of one incident, by its local number.
SELECT * FROM incident_line WHERE number = ?;

-- name: progress
-- How far every record of a page's incidents, a JSON array of rows, has come.
SELECT incident, waiting, stuck, acknowledgements FROM outgoing_progress
WHERE incident IN (SELECT value FROM json_each(?));

-- name: by_prefix
-- Incidents whose id lies between the lowest and the highest that begin with some digits, newest first.
SELECT number, id FROM incident WHERE id BETWEEN ? AND ? ORDER BY row DESC;

-- name: waiting
-- Records that are not with the server for certain, and those no coordinator acknowledged.
SELECT count(*) FILTER (WHERE waiting), count(*) FILTER (WHERE acknowledgements < ?), count(*) FILTER (WHERE stuck)
FROM outgoing_progress;

-- name: matching
-- A page of the rows the index finds, newest first: the index itself is in that order.
SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?;

-- name: lines
-- The lines of some rows, a JSON array, newest first.
SELECT * FROM incident_line WHERE row IN (SELECT value FROM json_each(?)) ORDER BY row DESC;

-- name: matching_days
-- The same of those whose date may lie within.
SELECT s.rowid FROM search s JOIN incident_text t ON t.row = s.rowid
WHERE s.search MATCH ?1 AND s.rowid < ?2 AND (?3 IS NULL OR t.latest >= ?3) AND (?4 IS NULL OR t.earliest <= ?4)
ORDER BY s.rowid DESC LIMIT ?5;

-- name: filtered
-- A page of those whose date may lie within, without those the index finds for what must not be there.
SELECT l.* FROM incident_line l LEFT JOIN incident_text t ON t.row = l.row
WHERE l.row < ?2 AND (?1 IS NULL OR l.row NOT IN (SELECT rowid FROM search WHERE search MATCH ?1))
    AND (?3 IS NULL OR t.latest >= ?3) AND (?4 IS NULL OR t.earliest <= ?4)
ORDER BY l.row DESC LIMIT ?5;

-- name: unindexed
-- Lines that are not in the index yet, by local number.
SELECT number FROM incident WHERE found = 0 ORDER BY row DESC LIMIT ?;
