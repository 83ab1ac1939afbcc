-- name: keep
-- A query under a name; the same name again stands for the new one.
INSERT INTO saved_filter (name, query, kept) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET query = excluded.query, kept = excluded.kept;

-- name: all
-- Every name with its query, by name.
SELECT name, query FROM saved_filter ORDER BY name;

-- name: remove
-- A name that is no longer wanted.
DELETE FROM saved_filter WHERE name = ?;
