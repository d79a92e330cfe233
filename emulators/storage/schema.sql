-- Buckets, object generations and unfinished uploads; the bytes lie in files beside this database.
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY,
    metageneration INTEGER NOT NULL,
    settings TEXT NOT NULL,              -- JSON: what a caller may set
    created REAL NOT NULL,               -- unix seconds, like every time here
    updated REAL NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL,
    name TEXT NOT NULL,
    generation INTEGER NOT NULL,
    metageneration INTEGER NOT NULL,
    size INTEGER NOT NULL,
    crc32c TEXT NOT NULL,
    md5 TEXT,                            -- null for a composed object
    body TEXT NOT NULL,                  -- name of the file with the bytes
    metadata TEXT NOT NULL,              -- JSON: what a caller may set
    components INTEGER,                  -- set for a composed object
    created REAL NOT NULL,
    updated REAL NOT NULL,
    deleted REAL,                        -- null for the live generation
    PRIMARY KEY (bucket, name, generation)
) WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS live_objects ON objects (bucket, name) WHERE deleted IS NULL;

CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY,
    bucket TEXT NOT NULL,
    name TEXT NOT NULL,
    params TEXT NOT NULL,                -- JSON: the query of the request that began it
    metadata TEXT NOT NULL,              -- JSON: the metadata sent with it
    total INTEGER,                       -- announced size
    started REAL NOT NULL,
    generation INTEGER,                  -- of the object it became
    refusal TEXT                         -- the answer to all that follows a chunk too small
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS generations (last INTEGER NOT NULL);
INSERT INTO generations SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM generations);
