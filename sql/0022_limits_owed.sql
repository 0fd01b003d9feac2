-- What requests used of which Redis, which holds the limits, was not told, for
-- it was away: written with their records, gone when Redis has it. cost is
-- pico-USD. No column refers to another table, as with records.
CREATE TABLE limits_owed (
    request_id TEXT NOT NULL PRIMARY KEY,
    client_key_id BIGINT,
    user_id BIGINT,
    provider_key_id BIGINT,
    started_at BIGINT NOT NULL,
    tokens BIGINT NOT NULL,
    cost BIGINT NOT NULL
);
