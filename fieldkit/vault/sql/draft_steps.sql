-- What a draft said, step by step. One whose `whole` is NULL is kept whole; of the others what differs from the step
-- before, in an unbroken row from the step `whole` on.

-- name: here
-- The step where the draft stands, and those before it from which it is put together; whether there are later ones.
SELECT s.step, s.began, s.answers, s.unread, s.whole,
    EXISTS (SELECT 1 FROM draft_step l WHERE l.incident = d.incident AND l.step > d.step) FROM draft d
JOIN draft_step h ON h.incident = d.incident AND h.step = d.step
JOIN draft_step s ON s.incident = d.incident AND s.step BETWEEN coalesce(h.whole, h.step) AND h.step
WHERE d.incident = ? ORDER BY s.step;

-- name: add
-- What the draft says from now on.
INSERT INTO draft_step (incident, step, answers, unread, began, whole) VALUES (?, ?, ?, ?, ?, ?);

-- name: rewrite
-- Keystrokes of the same few seconds are one step of undo.
UPDATE draft_step SET answers = ?, unread = ?, began = ?, whole = ? WHERE incident = ? AND step = ?;

-- name: drop_later
-- A save after an undo gives up what was undone.
DELETE FROM draft_step WHERE incident = ? AND step > ?;

-- name: drop_early
-- Steps up to one (?2) are forgotten, but for those from which later ones are put together.
DELETE FROM draft_step WHERE incident = ?1 AND step <= ?2 AND step < (
    SELECT coalesce(whole, step) FROM draft_step WHERE incident = ?1 AND step > ?2 ORDER BY step LIMIT 1);

-- name: sizes
-- How long each step is as it is stored, the last first.
SELECT step, length(answers) + length(unread) FROM draft_step WHERE incident = ? ORDER BY step DESC;

-- name: near
-- Every other step and the whole one it begins from, the nearest first on either side.
SELECT step, coalesce(whole, step) FROM draft_step WHERE incident = ?1 AND step <> ?2 ORDER BY abs(step - ?2), step;

-- name: chain
-- A whole step and those that are put together from it.
SELECT step, answers, unread, whole FROM draft_step WHERE incident = ? AND coalesce(whole, step) = ? ORDER BY step;

-- name: has
-- Whether undo or redo has somewhere to go.
SELECT count(*) FROM draft_step WHERE incident = ? AND step = ?;
