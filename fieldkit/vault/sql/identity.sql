-- name: load
-- Who this laptop is.
SELECT organisation, device, incarnation, role, pseudonym, joined FROM identity WHERE one = 1;

-- name: store
-- Set when an organisation was made or joined; a vault belongs to one organisation.
INSERT INTO identity (one, organisation, device, incarnation, role, pseudonym, joined) VALUES (1, ?, ?, ?, ?, ?, ?);

-- name: set_incarnation
-- A new incarnation begins whenever this vault may have been copied or restored.
UPDATE identity SET incarnation = ?;

-- name: keep_secret
-- A secret key by what it is for.
INSERT INTO secret (purpose, lane, term, secret, kept) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (purpose, lane, term) DO NOTHING;

-- name: drop_secret
-- Of what belongs to no lane.
DELETE FROM secret WHERE purpose = ? AND lane = 0 AND term = 0;

-- name: secret
-- One secret key.
SELECT secret FROM secret WHERE purpose = ? AND lane = ? AND term = ?;

-- name: lane_seeds
-- Every inbox seed held, by lane and term.
SELECT lane, term, secret FROM secret WHERE purpose = 'inbox' ORDER BY lane, term;

-- name: progress
-- A small number that moves on.
SELECT value FROM progress WHERE name = ?;

-- name: set_progress
-- It moves on in the transaction of whatever moved it.
INSERT INTO progress (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
