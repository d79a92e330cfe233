CREATE TABLE IF NOT EXISTS jobs (
    name TEXT PRIMARY KEY,
    job  BLOB NOT NULL                 -- google.cloud.scheduler.v1.Job
);
