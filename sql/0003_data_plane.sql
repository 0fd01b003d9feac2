-- What the whole data plane is configured with: restrictions, strategies and
-- failover of client keys, limits and state of provider keys, rules of
-- providers, and which ways in are open.

-- Null lists restrict nothing; an empty one allows nothing. After a rotation
-- the digest that was works until previous_until. Tokens issued before
-- not_before are refused.
ALTER TABLE client_keys ADD COLUMN user_id BIGINT REFERENCES users(id);
ALTER TABLE client_keys ADD COLUMN allowed_addresses ${JSON};
ALTER TABLE client_keys ADD COLUMN allowed_models ${JSON};
ALTER TABLE client_keys ADD COLUMN allowed_provider_ids ${JSON};
ALTER TABLE client_keys ADD COLUMN sticky_source TEXT;
ALTER TABLE client_keys ADD COLUMN sticky_header TEXT;
ALTER TABLE client_keys ADD COLUMN max_attempts BIGINT;
ALTER TABLE client_keys ADD COLUMN attempts_within_ms BIGINT;
ALTER TABLE client_keys ADD COLUMN retry_percent BIGINT;
ALTER TABLE client_keys ADD COLUMN park_ms BIGINT;
ALTER TABLE client_keys ADD COLUMN on_abort TEXT NOT NULL DEFAULT 'cut';
ALTER TABLE client_keys ADD COLUMN drain_ms BIGINT;
ALTER TABLE client_keys ADD COLUMN drain_bytes BIGINT;
ALTER TABLE client_keys ADD COLUMN not_before BIGINT;
ALTER TABLE client_keys ADD COLUMN previous_digest TEXT;
ALTER TABLE client_keys ADD COLUMN previous_until BIGINT;
CREATE INDEX client_keys_user_id ON client_keys(user_id);

-- credential_state: good, refused, sign_in_needed. A key with an owner serves
-- that user's client keys alone.
ALTER TABLE provider_keys ADD COLUMN priority BIGINT;
ALTER TABLE provider_keys ADD COLUMN requests_per_minute BIGINT;
ALTER TABLE provider_keys ADD COLUMN tokens_per_minute BIGINT;
ALTER TABLE provider_keys ADD COLUMN requests_per_day BIGINT;
ALTER TABLE provider_keys ADD COLUMN max_in_flight BIGINT;
ALTER TABLE provider_keys ADD COLUMN owner_user_id BIGINT
    REFERENCES users(id);
ALTER TABLE provider_keys ADD COLUMN credential_state TEXT NOT NULL
    DEFAULT 'good';
ALTER TABLE provider_keys ADD COLUMN credential_reason TEXT;
CREATE INDEX provider_keys_owner_user_id ON provider_keys(owner_user_id);

-- Null: what the dialect says.
ALTER TABLE providers ADD COLUMN verdict_table TEXT;
ALTER TABLE providers ADD COLUMN verdict_rules ${JSON};
ALTER TABLE providers ADD COLUMN model_rules ${JSON};
ALTER TABLE providers ADD COLUMN usage_mapping ${JSON};
ALTER TABLE providers ADD COLUMN allowed_headers ${JSON};
ALTER TABLE providers ADD COLUMN egress TEXT;
ALTER TABLE providers ADD COLUMN is_websocket SMALLINT NOT NULL DEFAULT 0;

-- One row: the ways in, and what else holds for the whole data plane.
CREATE TABLE settings (
    id SMALLINT NOT NULL PRIMARY KEY,
    is_client_key_open SMALLINT NOT NULL,
    is_jwt_open SMALLINT NOT NULL,
    is_oauth_open SMALLINT NOT NULL,
    cors_origins ${JSON} NOT NULL,
    is_traceparent_passed SMALLINT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
INSERT INTO settings (id, is_client_key_open, is_jwt_open, is_oauth_open,
                      cors_origins, is_traceparent_passed, version, updated_at)
VALUES (1, 1, 0, 0, '[]', 0, 0, 0);
