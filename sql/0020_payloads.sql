-- Texts of requests, for client keys that ask for it; the page on which the
-- holder of a client key sees what it used.

-- What is kept of a client key's requests: {"parts", "max_bytes",
-- "hide_defaults", "hide_paths", "hide_patterns"}; null: nothing.
ALTER TABLE client_keys ADD COLUMN payload_log ${JSON};

ALTER TABLE settings ADD COLUMN payload_days BIGINT NOT NULL DEFAULT 7;
ALTER TABLE settings ADD COLUMN is_usage_page_open SMALLINT NOT NULL DEFAULT 0;

-- sealed: the texts, redacted, with what is told of them, as JSON sealed under
-- the master key. No column refers to another table, as with records.
CREATE TABLE payloads (
    request_id TEXT NOT NULL PRIMARY KEY,
    client_key_id BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    sealed TEXT NOT NULL
);
CREATE INDEX payloads_started_at ON payloads(started_at);

-- A key that was rotated is found by the digest it had, while that works.
CREATE INDEX client_keys_previous_digest ON client_keys(previous_digest)
    WHERE previous_digest IS NOT NULL;
