-- name: find
SELECT id, role FROM users WHERE id = $1;

-- name: enter
INSERT INTO users (id, created_at) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET id = excluded.id
RETURNING id, role;

-- name: load
-- One choice counts once per trip, slot and ranking, and only when made in the app.
SELECT u.id, u.onboarding_tags, u.pace, u.persona_description,
    u.persona_embedding::real[] AS persona_embedding, u.archetype, u.space_version,
    u.persona_source, u.persona_updated_at,
    (SELECT count(DISTINCT (s.trip_id, s.slot_id, s.ranking_id))
     FROM behavioral_signals s
     WHERE s.user_id = u.id AND s.origin = 'app' AND s.signal_type IN (
         'slot_accept', 'slot_skip', 'slot_swap', 'pivot_accept', 'pivot_dismiss',
         'thumbs_up', 'thumbs_down')) AS choice_count
FROM users u WHERE u.id = $1;

-- name: save_onboarding
UPDATE users SET onboarding_tags = $2, pace = coalesce($3, pace), persona_description = $4,
    persona_embedding = $5::real[]::vector, archetype = $6, space_version = $7,
    persona_source = $8, persona_updated_at = $9
WHERE id = $1;
