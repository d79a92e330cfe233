CREATE TABLE IF NOT EXISTS jobs (
    name TEXT PRIMARY KEY,
    job  BLOB NOT NULL                 -- google.cloud.run.v2.Job
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS executions (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT NOT NULL UNIQUE,
    job       TEXT NOT NULL,
    ended     INTEGER NOT NULL,        -- 1: has completed; 0: goes on with the next start
    execution BLOB NOT NULL            -- google.cloud.run.v2.Execution
);
CREATE INDEX IF NOT EXISTS executions_of_job ON executions (job, number);

CREATE TABLE IF NOT EXISTS tasks (
    execution TEXT NOT NULL,
    number    INTEGER NOT NULL,        -- CLOUD_RUN_TASK_INDEX
    attempts  INTEGER NOT NULL,        -- begun so far
    task      BLOB NOT NULL,           -- google.cloud.run.v2.Task
    PRIMARY KEY (execution, number)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS operations (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT NOT NULL UNIQUE,
    kind      TEXT NOT NULL,           -- run, cancel: of `execution`; Job, Execution: done, `result`
    execution TEXT,
    result    BLOB
);
CREATE INDEX IF NOT EXISTS operations_on_execution ON operations (execution);
