-- A persona says what it was made of, and up to which signals it knows its traveller.

ALTER TABLE users ADD COLUMN persona_made_of jsonb
    CHECK (jsonb_typeof(persona_made_of) = 'object');
ALTER TABLE users ADD COLUMN persona_as_of timestamptz;
UPDATE users SET persona_as_of = persona_updated_at;
