-- name: keep
-- A dead letter that comes twice is kept once.
INSERT INTO parked_messages (id, kind, function, topic, body, attributes, reason, created_at)
VALUES ($1, 'dead_letter', $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING;

-- name: waiting
-- The oldest dead letters that were not replayed.
SELECT id, function, topic, body, attributes, reason, created_at FROM parked_messages
WHERE kind = 'dead_letter' AND replayed_at IS NULL AND ($1::uuid[] IS NULL OR id = ANY ($1))
ORDER BY created_at, id LIMIT $2;

-- name: refused
-- The latest messages that can never be taken, with the reason.
SELECT id, function, reason, created_at FROM parked_messages WHERE kind = 'refused'
ORDER BY created_at DESC LIMIT $1;

-- name: count
SELECT count(*) FILTER (WHERE kind = 'dead_letter' AND replayed_at IS NULL) AS waiting,
    count(*) FILTER (WHERE kind = 'refused') AS refused
FROM parked_messages;

-- name: mark_replayed
UPDATE parked_messages SET replayed_at = $2 WHERE id = ANY ($1::uuid[]);

-- name: delete_before
DELETE FROM parked_messages WHERE replayed_at < $1 OR created_at < $2 RETURNING id;

-- name: all
SELECT id, body, attributes::text AS attributes, to_jsonb(parked)::text AS held
FROM parked_messages parked;

-- name: forget
DELETE FROM parked_messages WHERE id = ANY ($1::uuid[]);
