-- name: mark_days_stale
-- Every day that holds a row of the person is to be written anew.
INSERT INTO training_days AS marked (day, stale_marks)
SELECT (created_at AT TIME ZONE 'UTC')::date AS day, 1 FROM behavioral_signals
WHERE user_id = $1 GROUP BY 1 ORDER BY 1
ON CONFLICT (day) DO UPDATE SET stale_marks = marked.stale_marks + 1;

-- name: forget_subject
DELETE FROM training_subjects WHERE user_id = $1;

-- name: plan_alone
-- One execution plans at a time, or two would give one version to two writers.
LOCK TABLE training_plans IN SHARE ROW EXCLUSIVE MODE;

-- name: claim_plan
INSERT INTO training_plans (execution, planned_at) VALUES ($1, $2)
ON CONFLICT (execution) DO NOTHING RETURNING execution;

-- name: days_between
-- The days from $1 to before $2 that hold rows.
SELECT (created_at AT TIME ZONE 'UTC')::date AS day, count(*) AS signals, max(seq) AS newest_seq
FROM behavioral_signals WHERE created_at >= $1 AND created_at < $2 GROUP BY 1;

-- name: stale_marks
SELECT day, stale_marks FROM training_days;

-- name: complete_datasets
-- The newest complete version of each day.
SELECT DISTINCT ON (day) day, signals, newest_seq, stale_marks FROM training_datasets
WHERE complete_at IS NOT NULL ORDER BY day, version DESC;

-- name: plan_dataset
-- The version after every other of the day, also after those that an execution never finished.
INSERT INTO training_datasets (day, version, execution, newest_seq, stale_marks)
SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4 FROM training_datasets WHERE day = $1;

-- name: planned_datasets
SELECT day, version, newest_seq FROM training_datasets WHERE execution = $1 ORDER BY day;

-- name: written_buckets
SELECT bucket, facts FROM training_buckets WHERE day = $1 AND version = $2 ORDER BY bucket;

-- name: record_bucket
INSERT INTO training_buckets (day, version, bucket, facts) VALUES ($1, $2, $3, $4)
ON CONFLICT (day, version, bucket) DO UPDATE SET facts = excluded.facts;

-- name: without_subject
-- The people of a bucket who have no subject yet.
SELECT DISTINCT user_id FROM behavioral_signals AS signal
WHERE created_at >= $1 AND created_at < $2 AND seq <= $3
    AND coalesce(trip_id, signal_id) BETWEEN $4 AND $5
    AND NOT EXISTS (SELECT FROM training_subjects WHERE user_id = signal.user_id);

-- name: make_subjects
INSERT INTO training_subjects (user_id, subject)
SELECT user_id, subject FROM unnest($1::text[], $2::uuid[]) AS made (user_id, subject)
ON CONFLICT (user_id) DO NOTHING;

-- name: signals_of_bucket
-- A bucket's rows without a user id. Whoever is leaving at this moment gets a subject for each row:
-- the day is marked and written anew. Sorted below, so that no context is unpacked for the sort.
SELECT ranking_id, trip_id, coalesce(subject, gen_random_uuid()) AS subject, slot_id,
    activity_node_id, signal_type, origin, weight, weight_table_version, model_version, context,
    occurred_at, created_at, seq, simulated
FROM (
    SELECT signal.*, known.subject
    FROM behavioral_signals AS signal LEFT JOIN training_subjects AS known USING (user_id)
    WHERE created_at >= $1 AND created_at < $2 AND seq <= $3
        AND coalesce(trip_id, signal_id) BETWEEN $4 AND $5
    ORDER BY trip_id, seq, signal_id OFFSET 0) AS ordered;

-- name: take_time
-- The reader waits for uploads, and the last shard for its manifests, longer than a request may.
SET LOCAL idle_in_transaction_session_timeout = '15min';

-- name: close_alone
SELECT pg_advisory_xact_lock(hashtextextended($1, 0));

-- name: mark_shard
INSERT INTO job_shards (job, execution, shard, shards, done_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (job, execution, shard) DO NOTHING RETURNING shard;

-- name: marked_shards
SELECT count(*) FROM job_shards WHERE job = $1 AND execution = $2;

-- name: complete_dataset
UPDATE training_datasets SET signals = $3, complete_at = $4 WHERE day = $1 AND version = $2;

-- name: supersede_datasets
-- Versions older than a complete one of their day, finished or not, go when $2 has come.
UPDATE training_datasets AS older SET delete_after = $2
WHERE day = $1 AND delete_after IS NULL AND EXISTS (
    SELECT FROM training_datasets AS newer
    WHERE newer.day = older.day AND newer.version > older.version AND newer.complete_at IS NOT NULL);

-- name: datasets_to_archive
-- The newest complete version of each day before $1 whose candidate sets still lie in their rows.
SELECT day, version, newest_seq FROM (
    SELECT DISTINCT ON (day) day, version, newest_seq, archived_at FROM training_datasets
    WHERE complete_at IS NOT NULL AND day < $1 ORDER BY day, version DESC) AS newest
WHERE archived_at IS NULL ORDER BY day;

-- name: archive_sets
-- Puts a reference in the place of candidate sets that are in the file, whole: as many as it says.
UPDATE behavioral_signals AS signal
SET context = context || jsonb_build_object('full_candidate_set',
    jsonb_build_object('archived', $1::text, 'sha256', $2::text, 'count', found.count))
FROM unnest($3::uuid[], $4::int[]) AS found (ranking_id, count)
WHERE signal.ranking_id = found.ranking_id AND signal_type = 'candidate_set_logged'
    AND found.count = CASE jsonb_typeof(context -> 'full_candidate_set')
        WHEN 'array' THEN jsonb_array_length(context -> 'full_candidate_set')
        WHEN 'object' THEN (context -> 'full_candidate_set' ->> 'count')::int END;

-- name: mark_archived
UPDATE training_datasets SET archived_at = $3 WHERE day = $1 AND version = $2;

-- name: datasets_to_delete
-- What is due at $1; of days before $2 only once no row refers to an older version any more.
SELECT day, version, newest_seq FROM training_datasets AS old
WHERE delete_after <= $1 AND deleted_at IS NULL AND (day >= $2 OR (
    SELECT archived_at IS NOT NULL FROM training_datasets AS newest
    WHERE newest.day = old.day AND complete_at IS NOT NULL ORDER BY version DESC LIMIT 1))
ORDER BY day, version;

-- name: mark_deleted
UPDATE training_datasets SET deleted_at = $3 WHERE day = $1 AND version = $2;

-- name: delete_finished
WITH plans AS (DELETE FROM training_plans WHERE planned_at < $1 RETURNING execution),
shards AS (DELETE FROM job_shards WHERE done_at < $1 RETURNING execution)
SELECT (SELECT count(*) FROM plans) + (SELECT count(*) FROM shards);

-- name: held
SELECT to_jsonb(known)::text AS held FROM training_subjects known WHERE user_id = $1;
