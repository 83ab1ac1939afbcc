-- name: open
-- A new draft of an incident; there is at most one.
INSERT INTO draft (
    incident, form_id, form_version, base, language, sensitivity, step, edition, hand, stamp, created, updated)
VALUES (?, ?, ?, ?, ?, ?, 1, 1, x'', 0, ?, ?);

-- name: move
-- Undo and redo move the draft to a step; who does so, and that it is another edition.
UPDATE draft SET step = ?, updated = ?, edition = edition + 1, hand = ?, stamp = ? WHERE incident = ?;

-- name: save
-- The same, with what a save may change beside the answers.
UPDATE draft SET step = ?, updated = ?, edition = edition + 1, hand = ?, stamp = ?,
    form_id = ?, form_version = ?, base = ?, language = ?, sensitivity = ? WHERE incident = ?;

-- name: describe
-- What a save may change where the answers are the same.
UPDATE draft SET form_id = ?, form_version = ?, base = ?, language = ?, sensitivity = ? WHERE incident = ?
    AND (form_id, form_version, base, language, sensitivity) IS NOT (?, ?, ?, ?, ?);

-- name: hand
-- How often the draft of a report was changed, and who changed it last.
SELECT i.row, d.edition, d.hand, d.stamp FROM incident i LEFT JOIN draft d ON d.incident = i.row WHERE i.number = ?;

-- name: by
-- Who brought last what it says already.
UPDATE draft SET hand = ?, stamp = ? WHERE incident = ?;

-- name: load
-- One draft by its local number: a row for each step from which the one where it stands is put together.
SELECT i.number, i.id, d.form_id, d.form_version, d.base, d.language, d.sensitivity, d.created, d.updated,
    EXISTS (SELECT 1 FROM draft_step u WHERE u.incident = d.incident AND u.step = d.step - 1),
    EXISTS (SELECT 1 FROM draft_step u WHERE u.incident = d.incident AND u.step = d.step + 1),
    d.edition, s.answers, s.unread, s.whole
FROM draft d JOIN incident i ON i.row = d.incident
JOIN draft_step h ON h.incident = d.incident AND h.step = d.step
JOIN draft_step s ON s.incident = d.incident AND s.step BETWEEN coalesce(h.whole, h.step) AND h.step
WHERE i.number = ? ORDER BY s.step;

-- name: has
-- Whether a report has an open draft.
SELECT count(*) FROM draft d JOIN incident i ON i.row = d.incident WHERE i.number = ?;

-- name: frame
-- What a draft is beside its answers.
SELECT i.id, d.form_id, d.form_version, d.base, d.language, d.sensitivity
FROM draft d JOIN incident i ON i.row = d.incident WHERE i.number = ?;

-- name: numbers
-- Local numbers of all drafts, the last changed first.
SELECT i.number FROM draft d JOIN incident i ON i.row = d.incident ORDER BY d.updated DESC, i.row DESC;

-- name: discard
-- The draft and its steps (by the foreign key) go.
DELETE FROM draft WHERE incident = ?;
