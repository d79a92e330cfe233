-- name: find_city
SELECT slug, name, country_code, time_zone, south, west, north, east, snapshot
FROM cities WHERE slug = $1 AND seeded_at IS NOT NULL;

-- name: upsert_city
INSERT INTO cities (slug, name, country_code, time_zone, south, west, north, east, snapshot, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (slug) DO UPDATE SET name = excluded.name, country_code = excluded.country_code,
    time_zone = excluded.time_zone, south = excluded.south, west = excluded.west,
    north = excluded.north, east = excluded.east;

-- name: mark_seeded
-- The snapshot is a digest of what a ranking can see of the city's nodes.
UPDATE cities SET seeded_at = $2, snapshot = (
    SELECT left(encode(sha256(convert_to(coalesce(string_agg(
        concat_ws('|', id, name, category, coalesce(cuisine, ''), summary,
            array_to_string(vibe_tags, ','), hidden, overrated_flag, space_version),
        E'\n' ORDER BY id), ''), 'UTF8')), 'hex'), 12)
    FROM activity_nodes WHERE city_id = $1)
WHERE slug = $1
RETURNING snapshot;

-- name: load_nodes
SELECT id, city_id, name, category, cuisine, neighbourhood, lat, lon, origin, opening_hours,
    hours_source, summary, vibe_tags, quality_signals, cross_ref_confidence, overrated_flag,
    hidden, source_tier
FROM activity_nodes WHERE id = ANY ($1::uuid[]) AND city_id = $2;

-- name: known_nodes
SELECT id FROM activity_nodes WHERE id = ANY ($1::uuid[]);

-- name: names_of_nodes
SELECT id, city_id, name FROM activity_nodes WHERE city_id = ANY ($1::text[]);

-- name: best_nodes
SELECT id FROM activity_nodes
WHERE city_id = $1 AND NOT hidden AND NOT (id = ANY ($2::uuid[]))
ORDER BY cross_ref_confidence DESC NULLS LAST, id LIMIT $3;

-- name: evidence
SELECT id, quality_signals ->> 'evidence_sha256' AS evidence_sha256
FROM activity_nodes WHERE city_id = $1;

-- name: upsert_node
INSERT INTO activity_nodes (id, city_id, source_ref, origin, name, category, cuisine, neighbourhood,
    lat, lon, opening_hours, hours_source, summary, vibe_tags, vibe_embedding, space_version,
    quality_signals, cross_ref_confidence, source_tier, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::real[]::vector, $16,
    $17, $18, $19, $20, $20)
ON CONFLICT (city_id, source_ref) DO UPDATE SET origin = excluded.origin, name = excluded.name,
    category = excluded.category, cuisine = excluded.cuisine,
    neighbourhood = excluded.neighbourhood, lat = excluded.lat, lon = excluded.lon,
    opening_hours = excluded.opening_hours, hours_source = excluded.hours_source,
    summary = excluded.summary, vibe_tags = excluded.vibe_tags,
    vibe_embedding = excluded.vibe_embedding, space_version = excluded.space_version,
    quality_signals = excluded.quality_signals,
    cross_ref_confidence = excluded.cross_ref_confidence, source_tier = excluded.source_tier,
    updated_at = excluded.updated_at;

-- name: vectors
SELECT id, city_id, category, hidden, vibe_embedding::real[] AS vibe_embedding
FROM activity_nodes WHERE city_id = $1 AND vibe_embedding IS NOT NULL AND space_version = $2;

-- name: visible_nodes
SELECT id, city_id, name, category, cuisine, neighbourhood, lat, lon, origin, opening_hours,
    hours_source, summary, vibe_tags, quality_signals, cross_ref_confidence, overrated_flag,
    hidden, source_tier
FROM activity_nodes WHERE city_id = ANY ($1::text[]) AND NOT hidden;
