-- name: claim
-- Takes a free key, or one whose attempt ran past its deadline; otherwise leaves it and shows it.
WITH taken AS (
    INSERT INTO idempotency_keys AS held
        (user_id, route, key, request_sha256, attempt, locked_until, created_at)
    VALUES ($1, $2, $3, $4, $5, $7, $6)
    ON CONFLICT (user_id, route, key) DO UPDATE
        SET attempt = excluded.attempt, locked_until = excluded.locked_until
        WHERE held.status IS NULL AND held.locked_until < $6
            AND held.request_sha256 = excluded.request_sha256
    RETURNING request_sha256, attempt, locked_until, status, headers, body)
SELECT * FROM taken
UNION ALL
SELECT request_sha256, attempt, locked_until, status, headers, body FROM idempotency_keys
WHERE user_id = $1 AND route = $2 AND key = $3 AND NOT EXISTS (SELECT 1 FROM taken);

-- name: finish
-- Stores the answer, unless the attempt lost its claim to a later one.
UPDATE idempotency_keys SET status = $5, headers = $6, body = $7
WHERE user_id = $1 AND route = $2 AND key = $3 AND attempt = $4 AND status IS NULL
RETURNING attempt;

-- name: release
DELETE FROM idempotency_keys
WHERE user_id = $1 AND route = $2 AND key = $3 AND attempt = $4 AND status IS NULL;

-- name: delete_older_than
DELETE FROM idempotency_keys WHERE created_at < $1 RETURNING attempt;

-- name: forget
DELETE FROM idempotency_keys WHERE user_id = $1 RETURNING attempt;

-- name: held
SELECT to_jsonb(key)::text AS held FROM idempotency_keys key WHERE user_id = $1 ORDER BY created_at;
