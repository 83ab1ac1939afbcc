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
-- Newest directory and root version held, 0 for none.
SELECT (SELECT coalesce(max(version), 0) FROM directory), (SELECT coalesce(max(version), 0) FROM root);
