-- Money: re-rating of records, which is a job; what was used without a price.

-- Of how many records a job is to look at; null: not known. A re-rating's
-- result is its figures, as JSON.
ALTER TABLE jobs ADD COLUMN total BIGINT;

-- All that is told of what had no price: the rows themselves are not read.
CREATE INDEX proxy_tracing_unpriced ON proxy_tracing
    (started_at, provider_id, model_served, model, input_tokens, output_tokens,
    cost)
    WHERE cost IS NULL
    AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL);
