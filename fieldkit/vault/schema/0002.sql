-- Schema 2: what a list is searched by.

-- The words of each incident as search compares them (fieldkit/model/folding.py), the main lane's alone; `facts` are
-- words with the name of a filter before them, such as kind=arrest. Days are proleptic Gregorian ordinals, the first and
-- the last on which it may have begun; none where no date is known.
CREATE TABLE incident_text (
    row      INTEGER PRIMARY KEY REFERENCES incident (row) ON DELETE CASCADE ON UPDATE CASCADE,
    words    TEXT NOT NULL,
    facts    TEXT NOT NULL,
    earliest INTEGER,
    latest   INTEGER
) STRICT;

-- Its row numbers are those of the list, so that the newest first is the order the index is read in.
CREATE VIRTUAL TABLE search USING fts5 (
    words, facts, content = 'incident_text', content_rowid = 'row',
    tokenize = "unicode61 remove_diacritics 0 tokenchars '=_'"
);

-- What is deleted is taken out of the index's own pages too.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1 /* the option's name; not claimed of a disk */);

CREATE TRIGGER incident_text_added AFTER INSERT ON incident_text BEGIN
    INSERT INTO search (rowid, words, facts) VALUES (new.row, new.words, new.facts);
END;
CREATE TRIGGER incident_text_removed AFTER DELETE ON incident_text BEGIN
    INSERT INTO search (search, rowid, words, facts) VALUES ('delete', old.row, old.words, old.facts);
END;
CREATE TRIGGER incident_text_changed AFTER UPDATE OF row, words, facts ON incident_text BEGIN
    INSERT INTO search (search, rowid, words, facts) VALUES ('delete', old.row, old.words, old.facts);
    INSERT INTO search (rowid, words, facts) VALUES (new.row, new.words, new.facts);
END;

-- A line of the list, with what its state is derived from.
CREATE VIEW incident_line AS
SELECT i.*,
    (SELECT d.updated FROM draft d WHERE d.incident = i.row) AS drafted,
    (SELECT count(*) FROM revision r WHERE r.incident = i.row) AS revisions,
    (SELECT max(r.own) FROM revision r WHERE r.incident = i.row) AS own,
    (SELECT max(r.created) FROM revision r WHERE r.incident = i.row) AS revised,
    (SELECT min(r.author) FROM revision r WHERE r.incident = i.row) AS author,
    (SELECT max(r.author) FROM revision r WHERE r.incident = i.row) AS other
FROM incident i;
