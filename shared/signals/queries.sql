-- name: insert
-- Exactly once: the second delivery of a signal changes nothing.
INSERT INTO behavioral_signals (signal_id, user_id, signal_type, origin, activity_node_id, trip_id,
    slot_id, ranking_id, model_version, context, weight, weight_table_version, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (signal_id) DO NOTHING
RETURNING signal_id;

-- name: find_slot
-- The slot of the traveller's own trip that holds the node, and what ranked it.
SELECT slot.id AS slot_id, slot.ranking_id, slot.model_version, slot.day_number, slot.day_part
FROM trips trip LEFT JOIN itinerary_slots slot
    ON slot.trip_id = trip.id AND slot.activity_node_id = $3
WHERE trip.id = $2 AND trip.user_id = $1;

