-- name: add
-- A contradiction, kept once.
INSERT INTO evidence (kind, lane, device, detail, raw, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: all
-- Everything found so far, oldest first.
SELECT kind, lane, device, detail, raw, at FROM evidence ORDER BY id;
