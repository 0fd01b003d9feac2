-- Providers that came ready made before probes did, as they come now, unless
-- somebody has said how they are probed. OpenRouter lists its models to anybody,
-- so that a probe by the list found every key good.

UPDATE providers SET probe = '{"path":"/v1/key"}'
WHERE name = 'openrouter' AND base_url = 'https://openrouter.ai/api'
    AND is_probed = 1 AND probe IS NULL;
UPDATE providers SET is_probed = 0
WHERE name IN ('vertex', 'bedrock') AND is_probed = 1 AND probe IS NULL
    AND (base_url = 'https://aiplatform.googleapis.com'
         OR base_url LIKE 'https://bedrock-runtime.%.amazonaws.com');
