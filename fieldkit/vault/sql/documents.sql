-- name: keep_root
-- One version of the root document.
INSERT INTO root (version, hash, raw, kept) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: root
-- The root of one version.
SELECT raw FROM root WHERE version = ?;

-- name: roots
-- All versions, ascending.
SELECT raw FROM root ORDER BY version;

-- name: newest_root
-- The highest version held.
SELECT raw FROM root ORDER BY version DESC LIMIT 1;

-- name: keep_directory
-- A directory that held.
INSERT INTO directory (version, root_version, hash, raw, kept) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: newest_directory
-- The highest version held, and the root it was signed under.
SELECT d.raw, r.raw FROM directory d JOIN root r ON r.version = d.root_version ORDER BY d.version DESC LIMIT 1;

-- name: directory_hashes
-- Hashes of every directory held: what a join frame may rely on.
SELECT version, hash FROM directory;

-- name: root_hashes
-- Hashes of every root held.
SELECT version, hash FROM root;

-- name: versions
-- Newest directory below a version (0 for any) and newest root held, 0 for none.
SELECT (SELECT coalesce(max(version), 0) FROM directory WHERE ?1 = 0 OR version < ?1),
    (SELECT coalesce(max(version), 0) FROM root);

-- name: directory_hash
-- The directory of one version.
SELECT hash FROM directory WHERE version = ?;

-- name: next_version
-- The first directory held above a version.
SELECT coalesce(min(version), 0) FROM directory WHERE version > ?;

-- name: newest_below
-- The newest directory below a version, and the root it was signed under; with 0 the newest of all.
SELECT d.raw, r.raw, d.version FROM directory d JOIN root r ON r.version = d.root_version
WHERE ?1 = 0 OR d.version < ?1 ORDER BY d.version DESC LIMIT 1;

-- name: take_back
-- Own directories that the server did not take give way to the one it has; the newest was kept as evidence.
DELETE FROM directory WHERE version >= ?;

-- name: to_merge
-- The directory both copies began with, and the one that was taken back, each with the root it was signed under.
SELECT d.raw, r.raw, e.raw FROM directory d JOIN root r ON r.version = d.root_version
JOIN evidence e ON e.kind = 'directory'
WHERE d.version = ? ORDER BY e.id DESC LIMIT 1;
