-- name: promise
-- Promises messages inside the caller's transaction.
INSERT INTO outbox (id, kind, target, task_name, payload, attributes, deleted_once_sent, created_at,
    claimed_until)
SELECT id, kind, target, task_name, payload, attributes, deleted_once_sent, $8, $9
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::bool[])
    AS message (id, kind, target, task_name, payload, attributes, deleted_once_sent);

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
-- Sent messages are kept for a week to look at, but for those that must leave no trace.
WITH gone AS (DELETE FROM outbox WHERE id = ANY ($1::uuid[]) AND deleted_once_sent)
UPDATE outbox SET sent_at = $2 WHERE id = ANY ($1::uuid[]) AND NOT deleted_once_sent;

-- name: release
-- Gives a message that failed back for the next run, with the reason; this run's claims at $3 pass it.
UPDATE outbox SET claimed_until = $3, last_error = $2 WHERE id = $1;

-- name: park
-- Ends the tries for a message that can never be sent.
UPDATE outbox SET parked_at = $3, last_error = $2 WHERE id = $1;

-- name: delete_sent
-- Forgets what was sent long ago.
DELETE FROM outbox WHERE sent_at < $1;

-- name: forget
-- The id stands as a value anywhere in what is to be sent, or the message is one of $2.
DELETE FROM outbox
WHERE id = ANY ($2::uuid[])
    OR jsonb_path_exists(payload, '$.** ? (@ == $id)', jsonb_build_object('id', $1::text))
    OR jsonb_path_exists(attributes, '$.** ? (@ == $id)', jsonb_build_object('id', $1::text))
RETURNING id;

-- name: held
SELECT to_jsonb(message)::text AS held FROM outbox message
WHERE jsonb_path_exists(payload, '$.** ? (@ == $id)', jsonb_build_object('id', $1::text))
    OR jsonb_path_exists(attributes, '$.** ? (@ == $id)', jsonb_build_object('id', $1::text))
ORDER BY created_at;
