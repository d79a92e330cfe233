-- name: copy_city
INSERT INTO cities (slug, name, country_code, time_zone, south, west, north, east, snapshot,
    created_at, seeded_at)
SELECT $2, name, country_code, time_zone, south, west, north, east, snapshot, created_at, seeded_at
FROM cities WHERE slug = $1;

-- name: copy_nodes
INSERT INTO activity_nodes (id, city_id, source_ref, origin, name, category, cuisine, neighbourhood,
    lat, lon, opening_hours, hours_source, summary, vibe_tags, vibe_embedding, space_version,
    quality_signals, cross_ref_confidence, overrated_flag, hidden, source_tier, created_at,
    updated_at)
SELECT md5(id::text || $2)::uuid, $2, source_ref, origin, name, category, cuisine, neighbourhood,
    lat, lon, opening_hours, hours_source, summary, vibe_tags, vibe_embedding, space_version,
    quality_signals, cross_ref_confidence, overrated_flag, hidden, source_tier, created_at,
    updated_at
FROM activity_nodes WHERE city_id = $1;

-- name: renew_snapshot
UPDATE cities SET snapshot = $2 WHERE slug = $1;

-- name: mark_day
-- What forgetting does: the day's next extraction writes a new version from the same rows.
INSERT INTO training_days AS marked (day, stale_marks) VALUES ($1, 1)
ON CONFLICT (day) DO UPDATE SET stale_marks = marked.stale_marks + 1;

-- name: newest_version
SELECT max(version) FROM training_datasets WHERE day = $1 AND complete_at IS NOT NULL;
