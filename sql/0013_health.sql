-- Health of provider keys: what probes found, when the next one is due, who
-- ended which rest, and the history of each key.

-- How keys of the provider are probed; null: as the first dialect has it.
ALTER TABLE providers ADD COLUMN is_probed SMALLINT NOT NULL DEFAULT 1;
ALTER TABLE providers ADD COLUMN probe ${JSON};

-- recent: verdict and milliseconds of the latest probes, newest first. A key
-- without a row is due.
CREATE TABLE provider_key_probes (
    provider_key_id BIGINT NOT NULL PRIMARY KEY,
    next_at BIGINT NOT NULL,
    probed_at BIGINT,
    failures BIGINT NOT NULL,
    recent ${JSON} NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX provider_key_probes_updated_at ON provider_key_probes(updated_at);

-- A key's rests of these classes (bit n: class n) that began before lifted_at
-- have ended; provider_id: that provider's too. Daemons look for new rows.
CREATE TABLE rest_lifts (
    id ${ID},
    provider_key_id BIGINT NOT NULL,
    provider_id BIGINT,
    classes BIGINT NOT NULL,
    lifted_at BIGINT NOT NULL
);
CREATE INDEX rest_lifts_lifted_at ON rest_lifts(lifted_at);

-- What happened to a key. Probes in a row that found the same are one row.
CREATE TABLE provider_key_history (
    id ${ID},
    provider_key_id BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    times BIGINT NOT NULL,
    source TEXT NOT NULL,
    node_id TEXT,
    request_id TEXT,
    username TEXT,
    verdict TEXT NOT NULL,
    class TEXT,
    scope TEXT,
    model TEXT,
    status BIGINT,
    error TEXT,
    took_ms BIGINT,
    rest_until BIGINT
);
CREATE INDEX provider_key_history_key
    ON provider_key_history(provider_key_id, last_at, id);
CREATE INDEX provider_key_history_last_at ON provider_key_history(last_at);
