-- name: note
-- The line a draft is taken from.
INSERT INTO discarded (number, row, id, created, at) SELECT number, row, id, created, ?2 FROM incident WHERE row = ?1;

-- name: keep_draft
-- The draft as it stands.
INSERT INTO discarded_draft SELECT * FROM draft WHERE incident = ?;

-- name: keep_steps
-- All its steps.
INSERT INTO discarded_step SELECT * FROM draft_step WHERE incident = ?;

-- name: load
-- One that was thrown away.
SELECT row, id, created FROM discarded WHERE number = ?;

-- name: newest
-- The one thrown away last.
SELECT number FROM discarded ORDER BY at DESC, number DESC LIMIT 1;

-- name: same_line
-- Whether the report is still where its draft was taken from.
SELECT row FROM incident WHERE number = ?;

-- name: has_draft
-- Whether a line has an open draft.
SELECT count(*) FROM draft WHERE incident = ?;

-- name: held_at
-- The one that was taken from this row.
SELECT number FROM discarded WHERE row = ?;

-- name: move
-- Its row was given to another meanwhile: no line has a row below zero.
UPDATE discarded SET row = ?1 WHERE row = ?2;

-- name: move_draft
-- The same for the draft.
UPDATE discarded_draft SET incident = ?1 WHERE incident = ?2;

-- name: move_steps
-- The same for its steps.
UPDATE discarded_step SET incident = ?1 WHERE incident = ?2;

-- name: give_draft
-- The draft comes back, to a line's row, from where it was kept.
INSERT INTO draft (
    incident, form_id, form_version, base, language, sensitivity, step, edition, hand, stamp, created, updated)
SELECT ?1, form_id, form_version, base, language, sensitivity, step, edition, hand, stamp, created, updated
FROM discarded_draft WHERE incident = ?2;

-- name: give_steps
-- With all its steps.
INSERT INTO draft_step (incident, step, answers, unread, began, whole)
SELECT ?1, step, answers, unread, began, whole FROM discarded_step WHERE incident = ?2;

-- name: forget_draft
-- Nothing is left of it.
DELETE FROM discarded_draft WHERE incident = ?;

-- name: forget_steps
-- Nor of its steps.
DELETE FROM discarded_step WHERE incident = ?;

-- name: forget
-- Nor of its line.
DELETE FROM discarded WHERE number = ?;

-- name: from_now
-- Those whose moment lies in the future: the clock was set back.
UPDATE discarded SET at = ?1 WHERE at > ?1;

-- name: old
-- Those thrown away before a moment.
SELECT number, row FROM discarded WHERE at <= ?;
