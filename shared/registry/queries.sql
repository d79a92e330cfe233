-- name: production
SELECT model_name AS name, version FROM model_registry
WHERE model_name = $1 AND status = 'production';
