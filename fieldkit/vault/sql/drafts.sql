-- name: open
-- A new draft of an incident; there is at most one.
INSERT INTO draft (
    incident, form_id, form_version, base, language, sensitivity, step, edition, hand, stamp, created, updated)
VALUES (?, ?, ?, ?, ?, ?, 1, 1, x'', 0, ?, ?);

-- name: add_step
-- What the draft says from now on.
INSERT INTO draft_step (incident, step, answers, unread, began) VALUES (?, ?, ?, ?, ?);

-- name: rewrite_step
-- Keystrokes of the same few seconds are one step of undo.
UPDATE draft_step SET answers = ?, unread = ? WHERE incident = ? AND step = ?;

-- name: drop_later_steps
-- A save after an undo gives up what was undone.
DELETE FROM draft_step WHERE incident = ? AND step > ?;

-- name: drop_early_steps
-- Only so many steps are kept.
DELETE FROM draft_step WHERE incident = ? AND step <= ?;

-- name: step
-- Where the draft stands, and when that step began.
SELECT d.step, s.began, s.answers, s.unread FROM draft d
JOIN draft_step s ON s.incident = d.incident AND s.step = d.step WHERE d.incident = ?;

-- name: move
-- Undo, redo and save move the draft to another step.
UPDATE draft SET step = ?, updated = ? WHERE incident = ?;

-- name: describe
-- What a save may change beside the answers.
UPDATE draft SET form_id = ?, form_version = ?, base = ?, language = ?, sensitivity = ? WHERE incident = ?
    AND (form_id, form_version, base, language, sensitivity) IS NOT (?, ?, ?, ?, ?);

-- name: hand
-- How often the draft was changed, and who changed it last.
SELECT edition, hand, stamp FROM draft WHERE incident = ?;

-- name: by
-- Who changed it now.
UPDATE draft SET edition = edition + ?, hand = ?, stamp = ? WHERE incident = ?;

-- name: same_step
-- The nearest step that says the same: what undo and redo go to.
SELECT step FROM draft_step WHERE incident = ?1 AND answers = ?2 AND unread = ?3 ORDER BY abs(step - ?4) LIMIT 1;

-- name: steps_near
-- Every other step, the nearest first on either side.
SELECT step, answers, unread FROM draft_step WHERE incident = ?1 AND step <> ?2 ORDER BY abs(step - ?2), step;

-- name: has_step
-- Whether undo or redo has somewhere to go.
SELECT count(*) FROM draft_step WHERE incident = ? AND step = ?;

-- name: load
-- One draft by its local number.
SELECT i.number, i.id, d.form_id, d.form_version, d.base, d.language, d.sensitivity, s.answers, s.unread, d.created, d.updated,
    EXISTS (SELECT 1 FROM draft_step u WHERE u.incident = d.incident AND u.step = d.step - 1),
    EXISTS (SELECT 1 FROM draft_step u WHERE u.incident = d.incident AND u.step = d.step + 1),
    d.edition
FROM draft d JOIN incident i ON i.row = d.incident
JOIN draft_step s ON s.incident = d.incident AND s.step = d.step
WHERE i.number = ?;

-- name: numbers
-- Local numbers of all drafts, the last changed first.
SELECT i.number FROM draft d JOIN incident i ON i.row = d.incident ORDER BY d.updated DESC, i.row DESC;

-- name: discard
-- The draft and its steps (by the foreign key) go.
DELETE FROM draft WHERE incident = ?;
