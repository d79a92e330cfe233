-- name: hold
-- Writers of different people's rows, and of the same person's, pass each other; leaving waits for them.
SELECT hold_people($1::bigint[], $2::bytea[]) AS mark;

-- name: hold_alone
SELECT pg_advisory_xact_lock($1);

-- name: put_up
INSERT INTO tombstones (mark, left_on) VALUES ($1, $2) ON CONFLICT (mark) DO NOTHING RETURNING mark;

-- name: in_utc
SET LOCAL TIME ZONE 'UTC';
