-- People who left. The mark is an HMAC of the id: it answers "did this one leave?" and nothing else.

CREATE TABLE tombstones (
    mark bytea PRIMARY KEY CHECK (length(mark) = 32),
    left_on date NOT NULL
);
