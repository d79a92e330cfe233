-- People who left. The mark is an HMAC of the id: it answers "did this one leave?" and nothing else.

CREATE TABLE tombstones (
    mark bytea PRIMARY KEY CHECK (length(mark) = 32),
    left_on date NOT NULL
);

-- The announcement that someone left names them: once sent it is not kept as others are.
ALTER TABLE outbox ADD COLUMN deleted_once_sent boolean NOT NULL DEFAULT false;

-- Keeps people from leaving until the transaction ends, and names the marks of those who left
-- before. In a function, so that it can stand inside the statement that writes: each statement of
-- a volatile function sees what was committed when it began, so the second sees whatever the locks
-- of the first had to wait for; the statement around it does not.
CREATE FUNCTION hold_people(keys bigint[], marks bytea[]) RETURNS SETOF bytea
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(key) FROM unnest(keys) AS held (key);
    RETURN QUERY SELECT mark FROM tombstones WHERE mark = ANY (marks);
END $$;
