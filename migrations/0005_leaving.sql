-- People who left. The mark is an HMAC of the id: it answers "did this one leave?" and nothing else.

CREATE TABLE tombstones (
    mark bytea PRIMARY KEY CHECK (length(mark) = 32),
    left_on date NOT NULL
);

-- The announcement that someone left names them: once sent it is not kept as others are.
ALTER TABLE outbox ADD COLUMN deleted_once_sent boolean NOT NULL DEFAULT false;
