-- name: page
-- The newest incidents before a row, with what their state is derived from.
SELECT i.row, i.number, i.id, i.title, i.place, i.created, i.withdrawn,
    EXISTS (SELECT 1 FROM draft d WHERE d.incident = i.row),
    (SELECT count(*) FROM revision r WHERE r.incident = i.row),
    (SELECT count(*) FROM revision r WHERE r.incident = i.row AND r.own = 1)
FROM incident i WHERE i.row < ? ORDER BY i.row DESC LIMIT ?;

-- name: one
-- The same of one incident, by its local number.
SELECT i.row, i.number, i.id, i.title, i.place, i.created, i.withdrawn,
    EXISTS (SELECT 1 FROM draft d WHERE d.incident = i.row),
    (SELECT count(*) FROM revision r WHERE r.incident = i.row),
    (SELECT count(*) FROM revision r WHERE r.incident = i.row AND r.own = 1)
FROM incident i WHERE i.number = ?;

-- name: progress
-- How far every record of a page's incidents has come.
SELECT incident, waiting, stuck, acknowledgements FROM outgoing_progress WHERE incident BETWEEN ? AND ?;

-- name: delivered
-- Reports written here of which enough coordinators opened every record, and that were not taken back.
SELECT count(*) FROM (
    SELECT p.incident FROM outgoing_progress p JOIN incident i ON i.row = p.incident
    WHERE i.withdrawn = 0 GROUP BY p.incident HAVING min(p.acknowledgements) >= max(1, ?));

-- name: by_prefix
-- Incidents whose id lies between the lowest and the highest that begin with some digits, newest first.
SELECT number, id FROM incident WHERE id BETWEEN ? AND ? ORDER BY row DESC;

-- name: waiting
-- Records that are not with the server for certain, and those no coordinator acknowledged.
SELECT count(*) FILTER (WHERE waiting), count(*) FILTER (WHERE acknowledgements < ?), count(*) FILTER (WHERE stuck)
FROM outgoing_progress;
