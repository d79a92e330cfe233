-- The nightly training set: who is who in it, which days of it exist, and which shards are done.

-- The only link between a person and their rows in Parquet; forgetting deletes it.
CREATE TABLE training_subjects (
    user_id text PRIMARY KEY,
    subject uuid NOT NULL UNIQUE
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
