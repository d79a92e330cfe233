-- name: find
SELECT id, role FROM users WHERE id = ANY ($1::text[]);

-- name: enter
INSERT INTO users (id, created_at) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET id = excluded.id
RETURNING id, role;

-- name: load
-- One choice counts once per trip, slot and ranking, and only when made in the app.
SELECT u.id, u.onboarding_tags, u.pace, u.persona_description,
    u.persona_embedding::real[] AS persona_embedding, u.archetype, u.space_version,
    u.persona_source, u.persona_updated_at, u.persona_made_of, u.persona_as_of,
    (SELECT count(DISTINCT (s.trip_id, s.slot_id, s.ranking_id))
     FROM behavioral_signals s
     WHERE s.user_id = u.id AND s.origin = 'app' AND s.signal_type IN (
         'slot_accept', 'slot_skip', 'slot_swap', 'pivot_accept', 'pivot_dismiss',
         'thumbs_up', 'thumbs_down')) AS choice_count
FROM users u WHERE u.id = $1;

-- name: save_onboarding
UPDATE users SET persona_description = $2, persona_embedding = $3::real[]::vector, archetype = $4,
    space_version = $5, persona_source = $6, persona_updated_at = $7, persona_made_of = $8,
    persona_as_of = $9, onboarding_tags = $10, pace = coalesce($11, pace)
WHERE id = $1;

-- name: renew
-- An onboarding saved meanwhile stays, and whoever left is not here.
UPDATE users SET persona_description = $2, persona_embedding = $3::real[]::vector, archetype = $4,
    space_version = $5, persona_source = $6, persona_updated_at = $7, persona_made_of = $8,
    persona_as_of = $9
WHERE id = $1 AND persona_updated_at IS NOT DISTINCT FROM $10
RETURNING id;

-- name: answers
-- Of repeated answers the one with the greatest weight: a thousand taps on one slot say one thing.
SELECT said.* FROM (
    SELECT DISTINCT ON (s.activity_node_id, s.signal_type) s.activity_node_id AS node_id, n.name,
        n.category, n.vibe_tags, s.signal_type, s.weight, s.occurred_at
    FROM behavioral_signals s JOIN activity_nodes n ON n.id = s.activity_node_id
    WHERE s.user_id = $1 AND s.created_at <= $2 AND s.signal_type = ANY ($3)
    ORDER BY s.activity_node_id, s.signal_type, s.weight DESC, s.occurred_at DESC
) said ORDER BY said.occurred_at DESC, said.node_id LIMIT 500;

-- name: due
-- The shard's next travellers with news for their persona; a template is tried again after a night.
SELECT u.id, u.onboarding_tags, u.pace, u.persona_source, u.persona_updated_at
FROM users u
WHERE u.id > $1 AND (hashtextextended(u.id, 0) & 2147483647) % $3::int = $2::int
    AND (u.persona_updated_at IS NULL OR u.persona_updated_at < $4)
    AND (EXISTS (SELECT FROM behavioral_signals s
                 WHERE s.user_id = u.id AND s.created_at > coalesce(u.persona_as_of, '-infinity')
                     AND s.created_at <= $5 AND s.signal_type = ANY ($6))
         OR (u.persona_source = 'template' AND u.persona_updated_at < $4 - interval '12 hours')
         OR u.space_version <> $7)
ORDER BY u.id LIMIT $8;

-- name: forget
DELETE FROM users WHERE id = $1 RETURNING id;

-- name: held
SELECT (to_jsonb(u) || jsonb_build_object('persona_embedding', u.persona_embedding::real[]))::text
    AS held
FROM users u WHERE id = $1;
