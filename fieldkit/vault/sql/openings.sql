-- Which programs have this vault open to write in, and which of them never closed it. Their rows stand in `progress`
-- under a name that begins with `open/`, and with `turn/`; what ended one by a fault of its own stands under `crash/`.

-- name: begin
-- A program opened the vault to write in it; the value is when, by this machine's clock.
INSERT INTO progress (name, value) VALUES (?, ?);

-- name: begin_turn
-- And after which save of a draft; a clock may be set back.
INSERT INTO progress (name, value) SELECT ?, turn FROM draft_turn;

-- name: end
-- It closed the vault in good order, or a person was told that it had not.
DELETE FROM progress WHERE name IN (?, ?);

-- name: begun
-- Every program that has not closed it yet, the earliest first. An earlier fieldkit noted no turn.
SELECT o.name, o.value, t.value FROM progress o
LEFT JOIN progress t ON t.name = 'turn/' || substr(o.name, length('open/') + 1)
WHERE o.name >= 'open/' AND o.name < 'open0' ORDER BY t.value, o.value, o.name;

-- name: touched
-- Drafts saved after a turn, or since a time where no turn was noted; the last saved first.
SELECT incident.number, draft.updated FROM draft JOIN incident ON incident.row = draft.incident
WHERE draft.turn > ? OR draft.updated >= ? ORDER BY draft.turn DESC, draft.updated DESC, incident.number DESC;

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
