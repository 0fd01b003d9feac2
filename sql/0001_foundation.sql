-- Configuration, sign-in, records and the ledger's positions.
--
-- Times are Unix milliseconds, booleans are 0 or 1, money is pico-USD
-- (10^-12), prices are pico-USD per token. "version" of a configured row is
-- the config_version that changed it last. Configured objects are not removed
-- but marked by deleted_at, so that records keep a name to show; names are
-- unique among those that are not deleted.

-- The people who manage the gateway.
CREATE TABLE users (
    id ${ID},
    username TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    must_change_password SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- One sign-in. Access tokens name it; refresh tokens belong to it.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users(id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_expires_at ON sessions(expires_at);

-- Refresh tokens by SHA-256. A used one that comes again ends its session.
CREATE TABLE refresh_tokens (
    digest TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions(id),
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    successor TEXT
);
CREATE INDEX refresh_tokens_session_id ON refresh_tokens(session_id);

-- Failed logins by the name that was tried, known or not.
CREATE TABLE login_failures (
    username TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- One row. Each change of what nginx serves raises it in its transaction;
-- every daemon reads it four times a second.
CREATE TABLE config_version (
    id SMALLINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO config_version (id, version) VALUES (1, 0);

-- Upstream vendors. JSON columns hold what no query looks into.
CREATE TABLE providers (
    id ${ID},
    name TEXT NOT NULL,
    base_url TEXT NOT NULL,
    dialects ${JSON} NOT NULL,
    credential_location TEXT NOT NULL,
    credential_name TEXT NOT NULL,
    credential_prefix TEXT NOT NULL,
    required_headers ${JSON} NOT NULL,
    connect_timeout_ms BIGINT NOT NULL,
    first_byte_timeout_ms BIGINT NOT NULL,
    idle_timeout_ms BIGINT NOT NULL,
    total_timeout_ms BIGINT,
    is_tls_verified SMALLINT NOT NULL,
    tls_name TEXT,
    is_usage_asked SMALLINT NOT NULL,
    price_list TEXT,
    is_enabled SMALLINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX providers_name ON providers(name)
    WHERE deleted_at IS NULL;
CREATE INDEX providers_version ON providers(version);

-- What each node's resolver last said of a provider's host.
CREATE TABLE provider_addresses (
    provider_id BIGINT NOT NULL REFERENCES providers(id),
    node_id TEXT NOT NULL,
    base_url TEXT NOT NULL,
    addresses ${JSON} NOT NULL,
    resolved_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, node_id)
);

-- Credentials. secret is sealed under the master key for this row and column.
CREATE TABLE provider_keys (
    id ${ID},
    name TEXT NOT NULL,
    provider_id BIGINT NOT NULL REFERENCES providers(id),
    secret TEXT NOT NULL,
    secret_hint TEXT,
    weight BIGINT NOT NULL,
    is_enabled SMALLINT NOT NULL,
    expires_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX provider_keys_name ON provider_keys(name)
    WHERE deleted_at IS NULL;
CREATE INDEX provider_keys_provider_id ON provider_keys(provider_id);
CREATE INDEX provider_keys_version ON provider_keys(version);

-- What callers show, by SHA-256 of the whole key; null once deleted.
CREATE TABLE client_keys (
    id ${ID},
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    digest TEXT UNIQUE,
    strategy TEXT NOT NULL,
    requests_per_minute BIGINT,
    is_retried_after_timeout SMALLINT NOT NULL,
    is_enabled SMALLINT NOT NULL,
    expires_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX client_keys_name ON client_keys(name)
    WHERE deleted_at IS NULL;
CREATE INDEX client_keys_version ON client_keys(version);

-- The pool of a client key, in the order it was given.
CREATE TABLE client_key_pools (
    client_key_id BIGINT NOT NULL REFERENCES client_keys(id),
    provider_key_id BIGINT NOT NULL REFERENCES provider_keys(id),
    place BIGINT NOT NULL,
    PRIMARY KEY (client_key_id, provider_key_id)
);
CREATE INDEX client_key_pools_provider_key_id
    ON client_key_pools(provider_key_id);

-- The price table. A row is one version of a model's price, and never changes:
-- records name it.
CREATE TABLE prices (
    id ${ID},
    price_list TEXT NOT NULL,
    model TEXT NOT NULL,
    effective_from BIGINT,
    input BIGINT,
    output BIGINT,
    cache_read BIGINT,
    cache_write_short BIGINT,
    cache_write_long BIGINT,
    tier_at BIGINT,
    tier_input BIGINT,
    tier_output BIGINT,
    tier_cache_read BIGINT,
    -- What a price has beside: name=value, separated by spaces.
    more TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX prices_version ON prices(version);

-- Records: one row per request. day is the day of its request id (days since
-- 1970 in UTC), by which Postgres keeps it; the default partition takes any.
--@postgres CREATE SEQUENCE proxy_tracing_id;
CREATE TABLE proxy_tracing (
    --@sqlite id INTEGER PRIMARY KEY AUTOINCREMENT,
    --@postgres id BIGINT NOT NULL DEFAULT nextval('proxy_tracing_id'),
    day BIGINT NOT NULL,
    request_id TEXT NOT NULL,
    node_id TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    dialect TEXT NOT NULL,
    model TEXT,
    model_served TEXT,
    is_streaming SMALLINT NOT NULL,
    status BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    error_code TEXT,
    client_key_id BIGINT,
    provider_id BIGINT,
    provider_key_id BIGINT,
    input_tokens BIGINT,
    cache_read_tokens BIGINT,
    cache_write_5m_tokens BIGINT,
    cache_write_1h_tokens BIGINT,
    cache_write_30m_tokens BIGINT,
    cache_write_12h_tokens BIGINT,
    output_tokens BIGINT,
    reasoning_tokens BIGINT,
    usage_source TEXT NOT NULL,
    cost BIGINT,
    price_version_id BIGINT,
    config_generation BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    first_byte_us BIGINT,
    duration_us BIGINT NOT NULL,
    request_bytes BIGINT NOT NULL,
    response_bytes BIGINT NOT NULL,
    client_ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    provider_request_id TEXT,
    attempt_list ${JSON} NOT NULL,
    decision ${JSON},
    UNIQUE (day, request_id)
)
--@postgres PARTITION BY RANGE (day)
;
--@postgres CREATE TABLE proxy_tracing_default
--@postgres     PARTITION OF proxy_tracing DEFAULT;
--@postgres CREATE INDEX proxy_tracing_id_index ON proxy_tracing(id);
CREATE INDEX proxy_tracing_started_at ON proxy_tracing(started_at, id);
CREATE INDEX proxy_tracing_client_key_id
    ON proxy_tracing(client_key_id, started_at, id);
CREATE INDEX proxy_tracing_provider_key_id
    ON proxy_tracing(provider_key_id, started_at, id);

-- How far each segment of the ledger is committed. Moves by compare-and-set in
-- the transaction that holds the records; kept for a day after the segment.
CREATE TABLE ledger_segments (
    segment_id TEXT NOT NULL PRIMARY KEY,
    node_id TEXT NOT NULL,
    read_to BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX ledger_segments_removed_at ON ledger_segments(removed_at);

-- Records that the database would not take, and bytes of segments that are no
-- records; base64url.
CREATE TABLE records_refused (
    id ${ID},
    node_id TEXT NOT NULL,
    segment_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    reason TEXT NOT NULL,
    bytes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (segment_id, position)
);
