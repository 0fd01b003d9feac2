-- Metering: which answer of the provider a record is about, so that one that
-- is fetched again is paid for once; and what the providers' own counts teach
-- of each model, for estimates where they do not count.

ALTER TABLE proxy_tracing ADD COLUMN response_id TEXT;
CREATE INDEX proxy_tracing_response_id ON proxy_tracing(response_id)
    WHERE response_id IS NOT NULL;

-- Tokens for a million rough ones, and the mean deviation of what was learned.
CREATE TABLE calibrations (
    model TEXT NOT NULL PRIMARY KEY,
    ppm BIGINT NOT NULL,
    error_ppm BIGINT NOT NULL,
    samples BIGINT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
