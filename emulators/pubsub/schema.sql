-- One row, counted up at each start: the first digits of every message id given out since.
CREATE TABLE IF NOT EXISTS starts (count INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS topics (
    name  TEXT PRIMARY KEY,
    topic BLOB NOT NULL            -- google.pubsub.v1.Topic
);

CREATE TABLE IF NOT EXISTS subscriptions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL UNIQUE,
    subscription BLOB NOT NULL     -- google.pubsub.v1.Subscription
);

-- What each subscription still has to deliver. A message stands once per subscription.
CREATE TABLE IF NOT EXISTS backlog (
    subscription_id INTEGER NOT NULL,
    message_id      INTEGER NOT NULL,
    message         BLOB NOT NULL, -- google.pubsub.v1.PubsubMessage
    PRIMARY KEY (subscription_id, message_id)
) WITHOUT ROWID;
