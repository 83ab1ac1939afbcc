-- In which order drafts were saved, whatever the clock said: it may be set back at any moment.

-- `turn` of a draft is higher than that of every draft saved before it, and than what was noted at every opening of the
-- vault that was not closed since (`turn/…` in progress). Drafts saved by an earlier program have 0.
ALTER TABLE draft ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE discarded_draft ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;

-- The highest turn there is.
CREATE VIEW draft_turn AS
SELECT max(
    coalesce((SELECT max(turn) FROM draft), 0),
    coalesce((SELECT max(value) FROM progress WHERE name >= 'turn/' AND name < 'turn0'), 0)
) AS turn;

CREATE TRIGGER draft_begun AFTER INSERT ON draft BEGIN
    UPDATE draft SET turn = (SELECT turn + 1 FROM draft_turn) WHERE incident = new.incident;
END;
CREATE TRIGGER draft_saved AFTER UPDATE OF edition ON draft BEGIN
    UPDATE draft SET turn = (SELECT turn + 1 FROM draft_turn) WHERE incident = new.incident;
END;
