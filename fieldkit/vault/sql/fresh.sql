-- name: among
-- Which lines of a stretch of the list were not read yet.
SELECT incident FROM fresh WHERE incident BETWEEN ? AND ?;

-- name: count
-- How many there are.
SELECT count(*) FROM fresh;

-- name: read
-- A report was read.
DELETE FROM fresh WHERE incident = (SELECT row FROM incident WHERE number = ?);
