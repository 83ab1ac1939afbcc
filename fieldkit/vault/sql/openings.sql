-- Which programs have this vault open to write in, and which of them never closed it. Their rows stand in `progress`
-- under a name that begins with `open/`; what ended one by a fault of its own stands under `crash/`.

-- name: begin
-- A program opened the vault to write in it; the value is when, by this machine's clock.
INSERT INTO progress (name, value) VALUES (?, ?);

-- name: end
-- It closed the vault in good order, or a person was told that it had not.
DELETE FROM progress WHERE name = ?;

-- name: begun
-- Every program that has not closed it yet, the earliest first.
SELECT name, value FROM progress WHERE name >= 'open/' AND name < 'open0' ORDER BY value, name;

-- name: touched
-- Drafts saved since a time, the last saved first.
SELECT incident.number, draft.updated FROM draft JOIN incident ON incident.row = draft.incident
WHERE draft.updated >= ? ORDER BY draft.updated DESC, incident.number DESC;

-- name: crashed
-- A fault ended the program; the value is when it did so last.
INSERT INTO progress (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: crashes
-- All notes of faults, the latest first.
SELECT name, value FROM progress WHERE name >= 'crash/' AND name < 'crash0' ORDER BY value DESC, name;

-- name: drop_crashes
-- All but so many of the latest go.
DELETE FROM progress WHERE name IN (
    SELECT name FROM progress WHERE name >= 'crash/' AND name < 'crash0' ORDER BY value DESC, name LIMIT -1 OFFSET ?
);
