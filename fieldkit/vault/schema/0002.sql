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
    UPDATE incident SET found = 1 WHERE row = new.row;
END;
CREATE TRIGGER incident_text_removed AFTER DELETE ON incident_text BEGIN
    INSERT INTO search (search, rowid, words, facts) VALUES ('delete', old.row, old.words, old.facts);
    UPDATE incident SET found = 0 WHERE row = old.row;
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

-- Incidents of which some record is not with the server for certain, as in outgoing_progress, found from what waits
-- and not from all that was ever sent: not sealed, its frame not received, or the epoch it is sealed under (kind 2).
CREATE VIEW unsent AS
SELECT incident FROM outgoing WHERE sealed IS NULL AND replaced = 0 AND incident IS NOT NULL
UNION ALL
SELECT o.incident FROM frame f JOIN outgoing o ON o.id = f.outgoing
WHERE f.received IS NULL AND o.replaced = 0 AND o.incident IS NOT NULL
UNION ALL
SELECT o.incident FROM frame e
JOIN frame f ON f.lane = e.lane AND f.incarnation = e.incarnation AND f.sequence > e.sequence AND f.epoch = e.id
JOIN outgoing o ON o.id = f.outgoing
WHERE e.received IS NULL AND e.kind = 2 AND o.replaced = 0 AND o.incident IS NOT NULL;

-- What `acks` of an incident says is kept in step with outgoing_progress, so that a list of what is delivered, or is
-- not, begins without a look at all that was ever sent.
CREATE TRIGGER acknowledged_counts AFTER INSERT ON acknowledged BEGIN
    UPDATE incident SET acks = (
        SELECT coalesce(min(p.acknowledgements), 0) FROM outgoing_progress p WHERE p.incident = incident.row)
    WHERE row = (SELECT o.incident FROM frame f JOIN outgoing o ON o.id = f.outgoing WHERE f.id = new.frame);
END;
CREATE TRIGGER outgoing_counts AFTER INSERT ON outgoing WHEN new.incident IS NOT NULL BEGIN
    UPDATE incident SET acks = (
        SELECT coalesce(min(p.acknowledgements), 0) FROM outgoing_progress p WHERE p.incident = incident.row)
    WHERE row = new.incident AND acks > 0;
END;
CREATE TRIGGER outgoing_counts_again AFTER UPDATE OF incident, sealed, replaced ON outgoing BEGIN
    UPDATE incident SET acks = (
        SELECT coalesce(min(p.acknowledgements), 0) FROM outgoing_progress p WHERE p.incident = incident.row)
    WHERE row IN (old.incident, new.incident);
END;

-- How many incidents there are of each kind, so that counting them does not take longer the more there are.
CREATE TABLE tally (
    withdrawn INTEGER NOT NULL,
    acks      INTEGER NOT NULL,
    incidents INTEGER NOT NULL,
    PRIMARY KEY (withdrawn, acks)
) STRICT, WITHOUT ROWID;
INSERT INTO tally SELECT withdrawn, acks, count(*) FROM incident GROUP BY withdrawn, acks;
CREATE TRIGGER incident_counted AFTER INSERT ON incident BEGIN
    INSERT INTO tally VALUES (new.withdrawn, new.acks, 1) ON CONFLICT DO UPDATE SET incidents = incidents + 1;
END;
CREATE TRIGGER incident_uncounted AFTER DELETE ON incident BEGIN
    UPDATE tally SET incidents = incidents - 1 WHERE withdrawn = old.withdrawn AND acks = old.acks;
END;
CREATE TRIGGER incident_recounted AFTER UPDATE OF withdrawn, acks ON incident
WHEN (old.withdrawn, old.acks) IS NOT (new.withdrawn, new.acks) BEGIN
    UPDATE tally SET incidents = incidents - 1 WHERE withdrawn = old.withdrawn AND acks = old.acks;
    INSERT INTO tally VALUES (new.withdrawn, new.acks, 1) ON CONFLICT DO UPDATE SET incidents = incidents + 1;
END;

-- Drafts that were thrown away and can be brought back for a while, with every step of theirs: the same columns as the
-- tables they came from.
CREATE TABLE discarded (
    number  INTEGER PRIMARY KEY,  -- the local number of the line
    row     INTEGER NOT NULL UNIQUE,
    id      BLOB CHECK (id IS NULL OR length(id) = 16),
    created INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE TABLE discarded_draft (
    incident     INTEGER PRIMARY KEY,
    form_id      TEXT NOT NULL,
    form_version INTEGER NOT NULL,
    base         BLOB NOT NULL,
    language     TEXT NOT NULL,
    sensitivity  INTEGER NOT NULL,
    step         INTEGER NOT NULL,
    edition      INTEGER NOT NULL,
    hand         BLOB NOT NULL,
    stamp        INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    updated      INTEGER NOT NULL
) STRICT;
CREATE TABLE discarded_step (
    incident INTEGER NOT NULL,
    step     INTEGER NOT NULL,
    answers  BLOB NOT NULL,
    unread   BLOB NOT NULL,
    began    INTEGER NOT NULL,
    PRIMARY KEY (incident, step)
) STRICT, WITHOUT ROWID;

-- Queries somebody gave a name to.
CREATE TABLE saved_filter (
    name  TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    kept  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Reports of others that came, or changed, since they were read here last.
CREATE TABLE fresh (
    incident INTEGER PRIMARY KEY REFERENCES incident (row) ON DELETE CASCADE
) STRICT;
CREATE TRIGGER revision_is_fresh AFTER INSERT ON revision WHEN new.own = 0 BEGIN
    INSERT INTO fresh (incident) VALUES (new.incident) ON CONFLICT DO NOTHING;
END;
