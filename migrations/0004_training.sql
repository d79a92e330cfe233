-- The nightly training set: who is who in it, which days of it exist, and which shards are done.

-- The only link between a person and their rows in Parquet; forgetting deletes it.
CREATE TABLE training_subjects (
    user_id text PRIMARY KEY,
    subject uuid NOT NULL UNIQUE
);

-- How often a day's rows were rewritten since, so that a mark made while a version is written counts.
CREATE TABLE training_days (
    day date PRIMARY KEY,
    stale_marks integer NOT NULL CHECK (stale_marks >= 1)
);

-- What an execution writes is decided once, by whichever of its shards comes first.
CREATE TABLE training_plans (
    execution text PRIMARY KEY,
    planned_at timestamptz NOT NULL
);

-- One version of one day. Rows above newest_seq came too late for it and belong to the next.
-- Plans are deleted after some months; the version stays.
CREATE TABLE training_datasets (
    day date NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    execution text REFERENCES training_plans (execution) ON DELETE SET NULL,
    newest_seq bigint NOT NULL,
    stale_marks integer NOT NULL,
    signals bigint CHECK (signals >= 0),
    complete_at timestamptz,
    archived_at timestamptz,
    delete_after timestamptz,
    deleted_at timestamptz,
    PRIMARY KEY (day, version),
    CHECK ((signals IS NULL) = (complete_at IS NULL))
);
CREATE INDEX training_datasets_execution ON training_datasets (execution);

-- A bucket that is written, and what its files hold: a restart does not write it again.
CREATE TABLE training_buckets (
    day date NOT NULL,
    version integer NOT NULL,
    bucket smallint NOT NULL CHECK (bucket BETWEEN 0 AND 15),
    facts jsonb NOT NULL,
    PRIMARY KEY (day, version, bucket),
    FOREIGN KEY (day, version) REFERENCES training_datasets (day, version)
);

-- One task of one execution of a job; the one that completes the set starts the next step.
CREATE TABLE job_shards (
    job text NOT NULL,
    execution text NOT NULL,
    shard integer NOT NULL CHECK (shard >= 0),
    shards integer NOT NULL CHECK (shards > shard),
    done_at timestamptz NOT NULL,
    PRIMARY KEY (job, execution, shard)
);

-- Each night counts the rows of 31 days and asks for the newest: of the index alone, a tenth of the
-- pages. It serves whatever (created_at) served.
DROP INDEX behavioral_signals_created;
CREATE INDEX behavioral_signals_day ON behavioral_signals (created_at, seq);
