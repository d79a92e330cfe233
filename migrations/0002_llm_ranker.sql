-- The LLM ranker is a model like any other: its version names the model and the prompt.
-- A literal date, not the clock: the row says when this version was written.

INSERT INTO model_registry
    (id, model_name, version, algorithm, card, status, promoted_at, promoted_by, promotion_reason, created_at)
VALUES
    ('6f0e1c9e-5f0b-4a77-9d0c-3a2f8a5d1f01', 'llm_ranker', 'claude-haiku-4-5.rank-1', 'llm',
     '{"model": "claude-haiku-4-5", "prompt_version": "rank-1"}', 'production',
     '2026-11-23T00:00:00Z', 'migration 0002', 'baseline: serves every cold traveller',
     '2026-11-23T00:00:00Z'),
    ('6f0e1c9e-5f0b-4a77-9d0c-3a2f8a5d1f02', 'text_space', '1', 'minilm-l6-v2-pca',
     '{"space_version": 1}', 'production',
     '2026-11-23T00:00:00Z', 'migration 0002', 'the first space: nothing to compare with',
     '2026-11-23T00:00:00Z');
