-- Schema 1 of vault.db; docs/vault-format.md §4 says what each table is for.
-- Times are UTC seconds by this machine's clock unless a column says otherwise. Device, organisation, revision and
-- incident ids are 16 bytes, hashes and keys 32, incarnations and generations 8. Lanes are numbers.

-- ---------------------------------------------------------------------------------------------- who this is

-- Who this laptop is: one row once it has joined an organisation or made one.
CREATE TABLE identity (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    organisation BLOB NOT NULL CHECK (length(organisation) = 16),
    device       BLOB NOT NULL CHECK (length(device) = 16),
    incarnation  BLOB NOT NULL CHECK (length(incarnation) = 8),
    role         INTEGER NOT NULL,
    pseudonym    TEXT NOT NULL,
    joined       INTEGER NOT NULL
) STRICT;

-- Secret keys. Lane and term are 0 for those that belong to no lane.
CREATE TABLE secret (
    purpose TEXT NOT NULL,
    lane    INTEGER NOT NULL DEFAULT 0,
    term    INTEGER NOT NULL DEFAULT 0,
    secret  BLOB NOT NULL,
    kept    INTEGER NOT NULL,
    PRIMARY KEY (purpose, lane, term)
) STRICT, WITHOUT ROWID;

-- Small numbers that move on: mailbox cursor, next local number, last exchange.
CREATE TABLE progress (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------------------------------------- reports

-- An incident as this laptop lists it, so that a page of the list opens no report. `row` is (minutes since 1970 << 20) |
-- (second << 14) | the place within the second, so that the newest first is the order of the rows themselves; `id` is
-- unknown until the first revision. `kinds` are codes with spaces between, `began` is EDTF or the words of a date that
-- is not known, `urgency` grows with it, `required` and `missing` count the required questions of an open draft.
CREATE TABLE incident (
    row       INTEGER PRIMARY KEY,
    number    INTEGER NOT NULL UNIQUE,
    id        BLOB UNIQUE CHECK (id IS NULL OR length(id) = 16),
    title     TEXT NOT NULL DEFAULT '',
    place     TEXT NOT NULL DEFAULT '',
    kinds     TEXT NOT NULL DEFAULT '',
    began     TEXT NOT NULL DEFAULT '',
    reporter  TEXT NOT NULL DEFAULT '',
    urgency   INTEGER NOT NULL DEFAULT 0,
    required  INTEGER NOT NULL DEFAULT 0,
    missing   INTEGER NOT NULL DEFAULT 0,
    created   INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
    acks      INTEGER NOT NULL DEFAULT 0,  -- coordinators that opened every record sent of it, as outgoing_progress
    found     INTEGER NOT NULL DEFAULT 0 CHECK (found IN (0, 1))  -- whether incident_text holds it
) STRICT;
CREATE INDEX incident_withdrawn ON incident (row) WHERE withdrawn = 1;
CREATE INDEX incident_acks ON incident (acks, row) WHERE withdrawn = 0;
CREATE INDEX incident_unfound ON incident (row) WHERE found = 0;

-- The open draft of an incident; its answers stand in draft_step at `step`.
CREATE TABLE draft (
    incident     INTEGER PRIMARY KEY REFERENCES incident (row),
    form_id      TEXT NOT NULL,
    form_version INTEGER NOT NULL,
    base         BLOB NOT NULL CHECK (length(base) % 16 = 0),
    language     TEXT NOT NULL,
    sensitivity  INTEGER NOT NULL,
    step         INTEGER NOT NULL,
    edition      INTEGER NOT NULL,  -- grows with every change
    hand         BLOB NOT NULL,     -- which window changed it last; empty when it was no window
    stamp        INTEGER NOT NULL,  -- which of the changes of that window
    created      INTEGER NOT NULL,
    updated      INTEGER NOT NULL
) STRICT;

-- What a draft said, step by step: undo goes back, redo forward, a save cuts off what was undone.
CREATE TABLE draft_step (
    incident INTEGER NOT NULL REFERENCES draft (incident) ON DELETE CASCADE ON UPDATE CASCADE,
    step     INTEGER NOT NULL,
    answers  BLOB NOT NULL,
    unread   BLOB NOT NULL,  -- text that could not be read as an answer, with its place
    began    INTEGER NOT NULL,
    PRIMARY KEY (incident, step)
) STRICT, WITHOUT ROWID;

-- Finished revisions, our own and those pulled. Never changed, never deleted.
CREATE TABLE revision (
    id       BLOB PRIMARY KEY CHECK (length(id) = 16),
    incident INTEGER NOT NULL REFERENCES incident (row),
    author   BLOB NOT NULL CHECK (length(author) = 16),
    own      INTEGER NOT NULL CHECK (own IN (0, 1)),
    withdraws INTEGER NOT NULL CHECK (withdraws IN (0, 1)),  -- takes the report back
    created  INTEGER NOT NULL,                               -- as the author's clock claims
    kept     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Holds all a list asks of an incident's revisions.
CREATE INDEX revision_incident ON revision (incident, created, author, own);

-- What each revision follows; the parent may not have arrived.
CREATE TABLE revision_parent (
    revision BLOB NOT NULL REFERENCES revision (id),
    position INTEGER NOT NULL,
    parent   BLOB NOT NULL CHECK (length(parent) = 16),
    PRIMARY KEY (revision, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_parent_parent ON revision_parent (parent);

-- The exact content bytes of a revision, lane by lane. A part may come before its revision, and counts only when
-- its author wrote the revision too. Contents lie in the order they came: by random ids each would be a page of its own
-- to read, change and write.
CREATE TABLE revision_part (
    revision BLOB NOT NULL CHECK (length(revision) = 16),
    lane     INTEGER NOT NULL,
    author   BLOB NOT NULL CHECK (length(author) = 16),
    content  BLOB NOT NULL,
    PRIMARY KEY (revision, lane, author)
) STRICT;

-- Reserved for attachments (docs/vault-format.md §4): no code writes it yet.
CREATE TABLE attachment (
    id       INTEGER PRIMARY KEY,
    incident INTEGER NOT NULL REFERENCES incident (row),
    name     TEXT NOT NULL,
    type     TEXT NOT NULL,
    size     INTEGER NOT NULL,
    sha256   BLOB NOT NULL CHECK (length(sha256) = 32),
    file     TEXT NOT NULL UNIQUE,
    key      BLOB NOT NULL CHECK (length(key) = 32),
    kept     INTEGER NOT NULL
) STRICT;

-- ---------------------------------------------------------------------------------------------- outbox

-- What is to be sealed: one row for each record. The content of a revision stands in revision_part; that of other
-- records stands here until it is sealed.
CREATE TABLE outgoing (
    id       INTEGER PRIMARY KEY,
    lane     INTEGER NOT NULL,
    type     INTEGER NOT NULL,
    revision BLOB REFERENCES revision (id),
    incident INTEGER REFERENCES incident (row),
    content  BLOB,
    queued   INTEGER NOT NULL,
    sealed   INTEGER,
    problem  TEXT,              -- why it could not be sealed; it is passed over
    replaced INTEGER NOT NULL DEFAULT 0 CHECK (replaced IN (0, 1)),
    hurried  INTEGER NOT NULL DEFAULT 0 CHECK (hurried IN (0, 1))  -- its owner wants it sent before all others
) STRICT;
CREATE INDEX outgoing_unsealed ON outgoing (lane, id) WHERE sealed IS NULL;
CREATE INDEX outgoing_incident ON outgoing (incident);
CREATE INDEX outgoing_problem ON outgoing (id) WHERE problem IS NOT NULL;
CREATE INDEX outgoing_revision ON outgoing (revision);

-- The head of each own chain.
CREATE TABLE chain (
    lane        INTEGER NOT NULL,
    incarnation BLOB NOT NULL,
    sequence    INTEGER NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (lane, incarnation)
) STRICT, WITHOUT ROWID;

-- The sender's ratchet of each lane: the key of the next step only.
CREATE TABLE ratchet (
    lane        INTEGER PRIMARY KEY,
    incarnation BLOB NOT NULL,
    epoch       BLOB NOT NULL CHECK (length(epoch) = 16),
    frame       INTEGER NOT NULL REFERENCES frame (id),
    term        INTEGER NOT NULL,
    step        INTEGER NOT NULL,
    key         BLOB NOT NULL CHECK (length(key) = 32),
    began       INTEGER NOT NULL
) STRICT;

-- Own frames as they were sealed, once and for all; every retry sends these bytes.
CREATE TABLE frame (
    id          INTEGER PRIMARY KEY,
    lane        INTEGER NOT NULL,
    incarnation BLOB NOT NULL CHECK (length(incarnation) = 8),
    sequence    INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    raw         BLOB NOT NULL,
    token       BLOB CHECK (token IS NULL OR length(token) = 32),
    outgoing    INTEGER REFERENCES outgoing (id),
    epoch       INTEGER REFERENCES frame (id),  -- the epoch frame it is sealed under
    voids       INTEGER REFERENCES frame (id),  -- the refused frame whose sequence it closes
    sealed      INTEGER NOT NULL,
    received    INTEGER,                        -- when a verified receipt covered it
    refused     INTEGER,                        -- the server's final refusal code; 0 when given up with its chain
    tried       INTEGER NOT NULL DEFAULT 0 CHECK (tried IN (0, 1)),  -- something of it may have left this laptop
    UNIQUE (lane, incarnation, sequence)
) STRICT;
CREATE INDEX frame_missing ON frame (lane, incarnation, sequence) WHERE received IS NULL;
CREATE INDEX frame_waiting ON frame (kind, id) WHERE received IS NULL AND refused IS NULL;
CREATE INDEX frame_outgoing ON frame (outgoing);
CREATE INDEX frame_refused ON frame (incarnation, id) WHERE refused IS NOT NULL;
CREATE INDEX frame_voids ON frame (voids) WHERE voids IS NOT NULL;

-- Which coordinators proved that they opened a frame.
CREATE TABLE acknowledged (
    frame  INTEGER NOT NULL REFERENCES frame (id),
    device BLOB NOT NULL CHECK (length(device) = 16),
    at     INTEGER NOT NULL,
    PRIMARY KEY (frame, device)
) STRICT, WITHOUT ROWID;

-- Verified receipts: those that covered something new, and the newest of each chain.
CREATE TABLE receipt (
    id          INTEGER PRIMARY KEY,
    lane        INTEGER NOT NULL,
    incarnation BLOB NOT NULL,
    generation  BLOB NOT NULL CHECK (length(generation) = 8),
    head        INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    root        BLOB NOT NULL CHECK (length(root) = 32),
    hours       INTEGER NOT NULL,  -- the server's clock, hours since 1970
    useful      INTEGER NOT NULL CHECK (useful IN (0, 1)),
    raw         BLOB NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX receipt_lane ON receipt (lane, incarnation, id);

-- A frame leaves only with proof that a coordinator opened it, or when its sequence was closed (R16).
CREATE TRIGGER frame_stays BEFORE DELETE ON frame
WHEN NOT EXISTS (SELECT 1 FROM acknowledged WHERE frame = old.id)
BEGIN
    SELECT raise(ABORT, 'a frame is kept until a coordinator acknowledges it');
END;
CREATE TRIGGER frame_is_fixed
BEFORE UPDATE OF lane, incarnation, sequence, kind, hash, raw, outgoing, epoch, voids ON frame
BEGIN
    SELECT raise(ABORT, 'a sealed frame never changes');
END;
CREATE TRIGGER revision_is_fixed BEFORE UPDATE OF id, author, own, withdraws, created ON revision
BEGIN
    SELECT raise(ABORT, 'a finished revision never changes');
END;
CREATE TRIGGER revision_stays BEFORE DELETE ON revision
BEGIN
    SELECT raise(ABORT, 'a finished revision is never deleted');
END;
CREATE TRIGGER revision_part_is_fixed BEFORE UPDATE ON revision_part
BEGIN
    SELECT raise(ABORT, 'a finished revision never changes');
END;

-- How far each outgoing record has come; the states people see are derived from this and from nothing else.
CREATE VIEW outgoing_progress AS
SELECT
    o.id,
    o.incident,
    o.revision,
    o.lane,
    -- Not held by the server for certain: unsealed, or a frame or the epoch it needs is not covered by a receipt.
    o.sealed IS NULL OR EXISTS (
        SELECT 1 FROM frame f LEFT JOIN frame e ON e.id = f.epoch
        WHERE f.outgoing = o.id AND (f.received IS NULL OR (e.id IS NOT NULL AND e.received IS NULL))
    ) AS waiting,
    o.problem IS NOT NULL OR EXISTS (
        SELECT 1 FROM frame f LEFT JOIN frame e ON e.id = f.epoch
        WHERE f.outgoing = o.id AND (f.refused > 0 OR e.refused > 0)
    ) AS stuck,
    -- How many coordinators acknowledged the frame that fewest did.
    CASE WHEN o.sealed IS NULL THEN 0 ELSE coalesce((
        SELECT min((SELECT count(*) FROM acknowledged a WHERE a.frame = f.id)) FROM frame f WHERE f.outgoing = o.id
    ), 0) END AS acknowledgements
FROM outgoing o
WHERE o.replaced = 0;

-- ---------------------------------------------------------------------------------------------- feeds

-- How far each lane was pulled.
CREATE TABLE feed_cursor (
    lane       INTEGER PRIMARY KEY,
    generation BLOB NOT NULL CHECK (length(generation) = 8),
    next       INTEGER NOT NULL
) STRICT;

-- The feed as it was pulled, byte for byte: custody, and what is not opened yet.
CREATE TABLE feed_entry (
    id          INTEGER PRIMARY KEY,
    lane        INTEGER NOT NULL,
    generation  BLOB NOT NULL,
    position    INTEGER NOT NULL,
    device      BLOB NOT NULL CHECK (length(device) = 16),
    incarnation BLOB NOT NULL CHECK (length(incarnation) = 8),
    raw         BLOB NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    state       INTEGER NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    kept        INTEGER NOT NULL,
    UNIQUE (lane, generation, position)
) STRICT;
CREATE INDEX feed_entry_state ON feed_entry (state, lane, id) WHERE state IN (0, 3, 4);
CREATE INDEX feed_entry_refused ON feed_entry (id) WHERE state = 5;
CREATE INDEX feed_entry_hash ON feed_entry (hash);

-- Verified frames of other chains by sequence; two hashes under one sequence are a fork, a hole is a gap.
CREATE TABLE chain_link (
    lane        INTEGER NOT NULL,
    device      BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    sequence    INTEGER NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    previous    BLOB NOT NULL CHECK (length(previous) = 32),
    PRIMARY KEY (lane, device, incarnation, sequence, hash)
) STRICT, WITHOUT ROWID;

-- Opened epochs: K0 opens every record under it.
CREATE TABLE epoch (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    lane        INTEGER NOT NULL,
    device      BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    term        INTEGER NOT NULL,
    secret      BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT, WITHOUT ROWID;

-- Opened frames whose senders have not been told yet.
CREATE TABLE owed (
    lane        INTEGER NOT NULL,
    device      BLOB NOT NULL,
    incarnation BLOB NOT NULL,
    sequence    INTEGER NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    token       BLOB NOT NULL CHECK (length(token) = 32),
    told        INTEGER,
    PRIMARY KEY (lane, device, incarnation, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX owed_untold ON owed (lane, device, incarnation, sequence) WHERE told IS NULL;

-- The lane tree as computed from the feed: what appending needs, and the root at every size.
CREATE TABLE tree (
    lane       INTEGER NOT NULL,
    generation BLOB NOT NULL,
    frontier   BLOB NOT NULL,
    PRIMARY KEY (lane, generation)
) STRICT, WITHOUT ROWID;
CREATE TABLE tree_root (
    lane       INTEGER NOT NULL,
    generation BLOB NOT NULL,
    size       INTEGER NOT NULL,
    root       BLOB NOT NULL CHECK (length(root) = 32),
    PRIMARY KEY (lane, generation, size)
) STRICT, WITHOUT ROWID;

-- What server and members said about a lane's tree: 0 not comparable yet, 1 agrees, 2 differs.
CREATE TABLE tree_claim (
    source     TEXT NOT NULL CHECK (source IN ('checkpoint', 'gossip')),
    lane       INTEGER NOT NULL,
    generation BLOB NOT NULL,
    size       INTEGER NOT NULL,
    root       BLOB NOT NULL CHECK (length(root) = 32),
    device     BLOB NOT NULL,  -- who said so; 16 zero bytes for the server
    verdict    INTEGER NOT NULL CHECK (verdict IN (0, 1, 2)),
    at         INTEGER NOT NULL,
    PRIMARY KEY (source, lane, generation, size, root, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX tree_claim_open ON tree_claim (lane, generation, size) WHERE verdict = 0;

-- Contradictions worth showing to people; nothing is deleted because of them.
CREATE TABLE evidence (
    id     INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL,
    lane   INTEGER NOT NULL,
    device BLOB NOT NULL,
    detail TEXT NOT NULL,
    raw    BLOB NOT NULL,
    at     INTEGER NOT NULL,
    UNIQUE (kind, lane, device, detail, raw)
) STRICT;

-- Frames addressed to this device.
CREATE TABLE mail (
    position      INTEGER PRIMARY KEY,
    lane          INTEGER NOT NULL,
    feed_position INTEGER NOT NULL,
    device        BLOB NOT NULL CHECK (length(device) = 16),
    incarnation   BLOB NOT NULL CHECK (length(incarnation) = 8),
    raw           BLOB NOT NULL,
    state         INTEGER NOT NULL,
    reason        TEXT NOT NULL DEFAULT '',
    kept          INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_state ON mail (state, position) WHERE state IN (0, 3, 4);

-- ---------------------------------------------------------------------------------------------- members

-- Every version of the root document, and every directory held.
CREATE TABLE root (
    version INTEGER PRIMARY KEY,
    hash    BLOB NOT NULL CHECK (length(hash) = 32),
    raw     BLOB NOT NULL,
    kept    INTEGER NOT NULL
) STRICT;
CREATE TABLE directory (
    version      INTEGER PRIMARY KEY,
    root_version INTEGER NOT NULL REFERENCES root (version),
    hash         BLOB NOT NULL CHECK (length(hash) = 32),
    raw          BLOB NOT NULL,
    kept         INTEGER NOT NULL
) STRICT;

-- Members as coordinators know them: from join frames, certificates and sealed names.
CREATE TABLE member (
    device      BLOB PRIMARY KEY CHECK (length(device) = 16),
    public_key  BLOB CHECK (public_key IS NULL OR length(public_key) = 32),
    role        INTEGER NOT NULL,
    name        TEXT NOT NULL DEFAULT '',
    state       INTEGER NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    invite      BLOB,
    join_frame  BLOB,
    certificate BLOB,
    since       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Open and used invites, and the key that shows who used one.
CREATE TABLE invite (
    id      BLOB PRIMARY KEY CHECK (length(id) = 16),
    org_key BLOB NOT NULL CHECK (length(org_key) = 32),
    role    INTEGER NOT NULL,
    name    TEXT NOT NULL,
    expires INTEGER NOT NULL,  -- hours since 1970
    used_by BLOB CHECK (used_by IS NULL OR length(used_by) = 16),
    kept    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
