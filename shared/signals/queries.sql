-- name: insert
-- Exactly once: the second delivery of a signal changes nothing.
INSERT INTO behavioral_signals (signal_id, user_id, signal_type, origin, activity_node_id, trip_id,
    slot_id, ranking_id, model_version, context, weight, weight_table_version, occurred_at,
    created_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[],
    $7::uuid[], $8::uuid[], $9::text[], $10::jsonb[], $11::float8[], $12::integer[],
    $13::timestamptz[], $14::timestamptz[])
ON CONFLICT (signal_id) DO NOTHING
RETURNING signal_id;

-- name: store
-- As insert, but holds the rows' people itself (the keys of their locks, their marks, and each row's
-- mark follow the columns) and leaves out the rows of those who left, whose marks it returns.
WITH gone AS MATERIALIZED (SELECT hold_people($15::bigint[], $16::bytea[]) AS mark),
new AS (
    INSERT INTO behavioral_signals (signal_id, user_id, signal_type, origin, activity_node_id,
        trip_id, slot_id, ranking_id, model_version, context, weight, weight_table_version,
        occurred_at, created_at)
    SELECT signal_id, user_id, signal_type, origin, activity_node_id, trip_id, slot_id, ranking_id,
        model_version, context, weight, weight_table_version, occurred_at, created_at
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[],
        $7::uuid[], $8::uuid[], $9::text[], $10::jsonb[], $11::float8[], $12::integer[],
        $13::timestamptz[], $14::timestamptz[], $17::bytea[])
        AS signal (signal_id, user_id, signal_type, origin, activity_node_id, trip_id, slot_id,
            ranking_id, model_version, context, weight, weight_table_version, occurred_at,
            created_at, mark)
    WHERE mark NOT IN (SELECT mark FROM gone)
    ON CONFLICT (signal_id) DO NOTHING
    RETURNING signal_id)
SELECT signal_id, NULL::bytea AS mark FROM new UNION ALL SELECT NULL, mark FROM gone;

-- name: find_slots
-- For each traveller, trip and node the slot and what ranked it; a trip of theirs that does not hold
-- the node is a row without a slot, and another's is none.
SELECT asked.number, slot.id AS slot_id, slot.ranking_id, slot.model_version, slot.day_number,
    slot.day_part
FROM unnest($1::text[], $2::uuid[], $3::uuid[])
    WITH ORDINALITY AS asked (user_id, trip_id, node_id, number)
JOIN trips trip ON trip.id = asked.trip_id AND trip.user_id = asked.user_id
LEFT JOIN itinerary_slots slot
    ON slot.trip_id = trip.id AND slot.activity_node_id = asked.node_id;

-- name: of_person
-- In the order in which they happened; records of rankings, which are large, are left out.
SELECT signal_id, coalesce(trip_id, signal_id) AS story,
    row_number() OVER (PARTITION BY coalesce(trip_id, signal_id) ORDER BY occurred_at, seq) AS ordinal,
    CASE WHEN NOT context ? 'full_candidate_set' THEN context END AS context
FROM behavioral_signals WHERE user_id = $1;

-- name: record
SELECT context FROM behavioral_signals WHERE signal_id = $1;

-- name: forget_record
UPDATE behavioral_signals SET context = $2 WHERE signal_id = $1;

-- name: forget
UPDATE behavioral_signals kept SET signal_id = new.id, user_id = new.name, seq = new.ordinal,
    context = coalesce(new.context, kept.context), created_at = date_trunc('day', kept.created_at, 'UTC'),
    occurred_at = date_trunc('day', kept.occurred_at, 'UTC')
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::jsonb[])
    AS new (old_id, id, name, ordinal, context)
WHERE kept.signal_id = new.old_id;

-- name: held
SELECT to_jsonb(signal)::text AS held FROM behavioral_signals signal
WHERE user_id = $1 AND NOT context ? 'full_candidate_set' ORDER BY occurred_at, seq;

-- name: held_rankings
SELECT to_jsonb(signal)::text AS held FROM behavioral_signals signal
WHERE user_id = $1 AND context ? 'full_candidate_set' ORDER BY occurred_at, seq;
