-- name: insert_trip
INSERT INTO trips (id, user_id, city_id, start_date, end_date, pace, status, ranking_id,
    model_version, ranker_rung, ranker_reason, validation_report, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: insert_slots
INSERT INTO itinerary_slots (id, trip_id, day_number, slot_order, day_part, starts_at, ends_at,
    activity_node_id, generated_narrative, confidence, travel_minutes_from_previous,
    travel_mode_from_previous, explores, propensity, ranking_id, model_version)
SELECT slot.id, $2, slot.day_number, slot.slot_order, slot.day_part, slot.starts_at, slot.ends_at,
    slot.node, slot.narrative, slot.confidence, slot.travel, slot.mode, slot.explores,
    slot.propensity, $3, $4
FROM unnest($1::uuid[], $5::int[], $6::int[], $7::text[], $8::timestamptz[], $9::timestamptz[],
        $10::uuid[], $11::text[], $12::float8[], $13::int[], $14::text[], $15::bool[], $16::float8[])
    AS slot (id, day_number, slot_order, day_part, starts_at, ends_at, node, narrative, confidence,
        travel, mode, explores, propensity);

-- name: find_trip
SELECT trip.*, city.time_zone FROM trips trip JOIN cities city ON city.slug = trip.city_id
WHERE trip.id = $1 AND trip.user_id = $2;

-- name: find_slots
SELECT slot.id, slot.day_number, slot.slot_order, slot.day_part, slot.starts_at, slot.ends_at,
    slot.generated_narrative, slot.confidence, slot.travel_minutes_from_previous,
    slot.travel_mode_from_previous, slot.explores,
    slot.propensity, node.id AS node_id, node.city_id, node.name, node.category, node.lat, node.lon,
    node.origin, node.neighbourhood, node.cuisine, node.opening_hours, node.hours_source,
    node.vibe_tags, node.cross_ref_confidence, node.overrated_flag
FROM itinerary_slots slot JOIN activity_nodes node ON node.id = slot.activity_node_id
WHERE slot.trip_id = $1 ORDER BY slot.day_number, slot.slot_order;

-- name: seen_nodes
-- Places of past trips, and places the traveller turned down, are not offered again.
SELECT slot.activity_node_id AS node_id FROM trips trip
JOIN itinerary_slots slot ON slot.trip_id = trip.id
WHERE trip.user_id = $1 AND trip.city_id = $2 AND trip.end_date < $3
UNION
SELECT signal.activity_node_id FROM behavioral_signals signal
WHERE signal.user_id = $1 AND signal.signal_type = 'thumbs_down';

-- name: of_person
SELECT id, city_id FROM trips WHERE user_id = $1;

-- name: forget
UPDATE trips kept SET user_id = new.name, created_at = date_trunc('day', kept.created_at, 'UTC')
FROM unnest($1::uuid[], $2::text[]) AS new (id, name) WHERE kept.id = new.id;

-- name: held
SELECT (to_jsonb(trip) || jsonb_build_object('slots', (
    SELECT jsonb_agg(to_jsonb(slot) || jsonb_build_object('place', node.name)
        ORDER BY slot.day_number, slot.slot_order)
    FROM itinerary_slots slot JOIN activity_nodes node ON node.id = slot.activity_node_id
    WHERE slot.trip_id = trip.id)))::text AS held
FROM trips trip WHERE user_id = $1 ORDER BY created_at, id;
