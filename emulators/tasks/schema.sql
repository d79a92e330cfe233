CREATE TABLE IF NOT EXISTS queues (
    name  TEXT PRIMARY KEY,
    queue BLOB NOT NULL                -- google.cloud.tasks.v2.Queue
);

-- Names of deleted queues, until they may be used again.
CREATE TABLE IF NOT EXISTS deleted_queues (
    name  TEXT PRIMARY KEY,
    until REAL NOT NULL                -- unix seconds
);

CREATE TABLE IF NOT EXISTS tasks (
    name            TEXT PRIMARY KEY,
    queue           TEXT NOT NULL,
    task            BLOB NOT NULL,     -- google.cloud.tasks.v2.Task as created
    progress        BLOB NOT NULL,     -- the same message with only what attempts change
    execution_count INTEGER NOT NULL,
    previous_status INTEGER            -- HTTP status of the latest attempt
);
CREATE INDEX IF NOT EXISTS tasks_by_queue ON tasks (queue);

-- Names of tasks that ran or were deleted, until they may be used again.
CREATE TABLE IF NOT EXISTS used_names (
    name  TEXT PRIMARY KEY,
    until REAL NOT NULL                -- unix seconds
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS used_names_by_until ON used_names (until);
