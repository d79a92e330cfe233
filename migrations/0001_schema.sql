-- The seed's tables and what the flows need beside them. No column takes its time from the
-- database: every timestamp comes from the caller's clock.

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE cities (
    slug text PRIMARY KEY CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 64),
    name text NOT NULL,
    country_code text NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
    time_zone text NOT NULL,
    south double precision NOT NULL CHECK (south BETWEEN -90 AND 90),
    west double precision NOT NULL CHECK (west BETWEEN -180 AND 180),
    north double precision NOT NULL CHECK (north BETWEEN -90 AND 90),
    east double precision NOT NULL CHECK (east BETWEEN -180 AND 180),
    snapshot text NOT NULL,
    seeded_at timestamptz,
    created_at timestamptz NOT NULL,
    CHECK (south < north AND west < east)
);

CREATE TABLE users (
    id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
    role text NOT NULL DEFAULT 'traveller' CHECK (role IN ('traveller', 'admin')),
    onboarding_tags jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(onboarding_tags) = 'object'),
    pace text NOT NULL DEFAULT 'balanced' CHECK (pace IN ('slow', 'balanced', 'full')),
    persona_description text,
    persona_embedding vector(128),
    persona_source text CHECK (persona_source IN ('llm', 'template', 'sequence_model')),
    archetype text CHECK (archetype IN ('food_first', 'culture_first', 'outdoors_first')),
    space_version integer,
    persona_updated_at timestamptz,
    created_at timestamptz NOT NULL,
    CHECK ((persona_embedding IS NULL) = (space_version IS NULL)),
    CHECK ((persona_embedding IS NULL) = (archetype IS NULL))
);

CREATE TABLE activity_nodes (
    id uuid PRIMARY KEY,
    city_id text NOT NULL REFERENCES cities (slug),
    source_ref text NOT NULL,
    origin text NOT NULL CHECK (origin IN ('local', 'sample', 'places')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    category text NOT NULL,
    cuisine text,
    neighbourhood text,
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    opening_hours text,
    hours_source text CHECK (hours_source IN ('typical', 'listed')),
    summary text NOT NULL DEFAULT '',
    vibe_tags text[] NOT NULL DEFAULT '{}',
    vibe_embedding vector(64),
    space_version integer,
    quality_signals jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(quality_signals) = 'object'),
    cross_ref_confidence double precision CHECK (cross_ref_confidence BETWEEN 0 AND 1),
    overrated_flag boolean NOT NULL DEFAULT false,
    hidden boolean NOT NULL DEFAULT false,
    source_tier integer NOT NULL CHECK (source_tier BETWEEN 1 AND 3),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (city_id, source_ref),
    CHECK ((vibe_embedding IS NULL) = (space_version IS NULL)),
    CHECK ((opening_hours IS NULL) = (hours_source IS NULL))
);
-- No HNSW index: together with a city filter it silently returns too few rows, and an exact scan
-- of one city is faster.
CREATE INDEX activity_nodes_city ON activity_nodes (city_id);

CREATE TABLE scraped_posts (
    id uuid PRIMARY KEY,
    source text NOT NULL,
    source_ref text NOT NULL,
    city_id text NOT NULL REFERENCES cities (slug),
    author text,
    place text,
    raw_text text NOT NULL CHECK (length(raw_text) <= 40000),
    sample boolean NOT NULL DEFAULT false,
    activity_node_id uuid REFERENCES activity_nodes (id) ON DELETE SET NULL,
    local_score double precision CHECK (local_score BETWEEN 0 AND 1),
    tourist_flag boolean NOT NULL DEFAULT false,
    posted_at timestamptz,
    processed_at timestamptz,
    created_at timestamptz NOT NULL,
    UNIQUE (source, source_ref)
);
CREATE INDEX scraped_posts_city ON scraped_posts (city_id);
CREATE INDEX scraped_posts_node ON scraped_posts (activity_node_id);

CREATE TABLE places_api_cache (
    place_id text PRIMARY KEY,
    raw_response jsonb NOT NULL,
    fetched_at timestamptz NOT NULL,
    refresh_due_at timestamptz NOT NULL
);
CREATE INDEX places_api_cache_due ON places_api_cache (refresh_due_at);

-- user_id carries no foreign key here and on signals: forgetting a person replaces it by a pseudonym.
CREATE TABLE trips (
    id uuid PRIMARY KEY,
    user_id text NOT NULL,
    city_id text NOT NULL REFERENCES cities (slug),
    start_date date NOT NULL,
    end_date date NOT NULL,
    pace text NOT NULL CHECK (pace IN ('slow', 'balanced', 'full')),
    status text NOT NULL CHECK (status IN ('planned', 'active', 'completed', 'cancelled')),
    ranking_id uuid NOT NULL,
    model_version text NOT NULL,
    ranker_rung text NOT NULL CHECK (ranker_rung IN ('model', 'cache', 'nearest_archetype', 'quality')),
    ranker_reason text NOT NULL,
    validation_report jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (end_date >= start_date AND end_date - start_date < 30)
);
CREATE INDEX trips_user ON trips (user_id, created_at DESC);

CREATE TABLE itinerary_slots (
    id uuid PRIMARY KEY,
    trip_id uuid NOT NULL REFERENCES trips (id) ON DELETE CASCADE,
    day_number integer NOT NULL CHECK (day_number BETWEEN 1 AND 30),
    slot_order integer NOT NULL CHECK (slot_order >= 1),
    day_part text NOT NULL CHECK (day_part IN ('morning', 'afternoon', 'evening')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    activity_node_id uuid NOT NULL REFERENCES activity_nodes (id),
    generated_narrative text NOT NULL,
    confidence double precision CHECK (confidence BETWEEN 0 AND 1),
    travel_minutes_from_previous integer NOT NULL CHECK (travel_minutes_from_previous >= 0),
    travel_mode_from_previous text NOT NULL
        CHECK (travel_mode_from_previous IN ('none', 'walk', 'transit')),
    explores boolean NOT NULL DEFAULT false,
    propensity double precision NOT NULL CHECK (propensity > 0 AND propensity <= 1),
    ranking_id uuid NOT NULL,
    model_version varchar(200) NOT NULL,
    UNIQUE (trip_id, day_number, slot_order),
    UNIQUE (trip_id, activity_node_id)
);
CREATE INDEX itinerary_slots_node ON itinerary_slots (activity_node_id);

-- Not partitioned: exactly-once rests on the primary key.
CREATE TABLE behavioral_signals (
    signal_id uuid PRIMARY KEY,
    user_id text NOT NULL,
    signal_type text NOT NULL CHECK (signal_type IN (
        'slot_view', 'slot_accept', 'slot_skip', 'slot_swap',
        'pivot_offered', 'pivot_accept', 'pivot_dismiss', 'pivot_ignore',
        'thumbs_up', 'thumbs_down', 'candidate_set_logged')),
    activity_node_id uuid,
    trip_id uuid,
    slot_id uuid,
    ranking_id uuid,
    model_version text,
    context jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(context) = 'object'),
    origin text NOT NULL CHECK (origin IN ('app', 'backfill', 'system')),
    weight double precision NOT NULL,
    weight_table_version integer NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    created_at timestamptz NOT NULL,
    CHECK (origin <> 'backfill' OR abs(weight) <= 0.3),
    CHECK (signal_type IN ('candidate_set_logged', 'pivot_offered') OR activity_node_id IS NOT NULL)
);
CREATE INDEX behavioral_signals_user ON behavioral_signals (user_id, created_at);
CREATE INDEX behavioral_signals_trip ON behavioral_signals (trip_id, seq);
CREATE INDEX behavioral_signals_created ON behavioral_signals (created_at);
CREATE UNIQUE INDEX behavioral_signals_one_candidate_set
    ON behavioral_signals (ranking_id) WHERE signal_type = 'candidate_set_logged';

CREATE TABLE model_registry (
    id uuid PRIMARY KEY,
    model_name text NOT NULL CHECK (model_name IN (
        'llm_ranker', 'warm_ranker', 'persona_sequence', 'retrieval_towers',
        'vibe_tagger', 'pivot_acceptance', 'text_space')),
    version text NOT NULL CHECK (version ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
    algorithm text NOT NULL,
    signal_bucket int4range,
    artifact_path text,
    artifact_sha256 text CHECK (artifact_sha256 ~ '^[0-9a-f]{64}$'),
    card jsonb NOT NULL DEFAULT '{}',
    training_date timestamptz,
    metrics jsonb NOT NULL DEFAULT '{}',
    status varchar(20) NOT NULL CHECK (status IN ('candidate', 'shadow', 'production', 'retired')),
    promoted_at timestamptz,
    promoted_by text,
    promotion_reason text,
    gate_report jsonb,
    created_at timestamptz NOT NULL,
    UNIQUE (model_name, version)
);
CREATE UNIQUE INDEX model_registry_one_production
    ON model_registry (model_name) WHERE status = 'production';

-- One row per call to the language model: what it was for, what it cost, how it ended.
CREATE TABLE llm_calls (
    id uuid PRIMARY KEY,
    purpose text NOT NULL,
    model text NOT NULL,
    outcome text NOT NULL,
    input_tokens integer NOT NULL CHECK (input_tokens >= 0),
    output_tokens integer NOT NULL CHECK (output_tokens >= 0),
    cost_usd numeric(12, 6) NOT NULL CHECK (cost_usd >= 0),
    latency_ms integer NOT NULL CHECK (latency_ms >= 0),
    created_at timestamptz NOT NULL
);
CREATE INDEX llm_calls_created ON llm_calls (created_at);

-- Messages and tasks promised in a transaction; whoever sends one marks it, relay_outbox sends the rest.
CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('topic', 'task')),
    target text NOT NULL,
    task_name text,
    payload jsonb NOT NULL,
    attributes jsonb NOT NULL DEFAULT '{}',
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    created_at timestamptz NOT NULL,
    claimed_until timestamptz,
    sent_at timestamptz,
    parked_at timestamptz
);
CREATE INDEX outbox_unsent ON outbox (created_at) WHERE sent_at IS NULL AND parked_at IS NULL;

CREATE TABLE idempotency_keys (
    user_id text NOT NULL,
    route text NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_sha256 bytea NOT NULL CHECK (length(request_sha256) = 32),
    attempt uuid NOT NULL,
    status integer,
    headers jsonb,
    body jsonb,
    locked_until timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, route, key),
    CHECK ((status IS NULL) = (body IS NULL))
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- A message that can never succeed is acknowledged and kept here with the reason.
CREATE TABLE parked_messages (
    id uuid PRIMARY KEY,
    function text NOT NULL,
    body text NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL
);
