-- name: promise
-- Promises messages inside the caller's transaction.
INSERT INTO outbox (id, kind, target, task_name, payload, attributes, created_at, claimed_until)
SELECT id, kind, target, task_name, payload, attributes, $7, $8
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[])
    AS message (id, kind, target, task_name, payload, attributes);

-- name: claim
-- Takes the oldest unsent messages that nobody else is sending.
UPDATE outbox SET claimed_until = $2, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM outbox
    WHERE sent_at IS NULL AND parked_at IS NULL AND (claimed_until IS NULL OR claimed_until < $1)
    ORDER BY created_at LIMIT $3
    FOR UPDATE SKIP LOCKED)
RETURNING id, kind, target, task_name, payload, attributes, attempts;

-- name: mark_sent
UPDATE outbox SET sent_at = $2 WHERE id = ANY ($1::uuid[]);

-- name: release
-- Gives a message that failed back for the next run, with the reason; this run's claims at $3 pass it.
UPDATE outbox SET claimed_until = $3, last_error = $2 WHERE id = $1;

-- name: park
-- Ends the tries for a message that can never be sent.
UPDATE outbox SET parked_at = $3, last_error = $2 WHERE id = $1;

-- name: delete_sent
-- Forgets what was sent long ago.
DELETE FROM outbox WHERE sent_at < $1;
