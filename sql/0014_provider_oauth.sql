-- OAuth for provider keys: what a provider wants, the tokens of its keys, and
-- the sign-ins that are under way.

-- oauth: how tokens are got; the secret of our client there is sealed.
ALTER TABLE providers ADD COLUMN oauth ${JSON};
ALTER TABLE providers ADD COLUMN oauth_client_secret TEXT;

-- kind: secret or oauth. The secret of an OAuth key is its present access
-- token; token_serial tells one token from the next.
ALTER TABLE provider_keys ADD COLUMN kind TEXT NOT NULL DEFAULT 'secret';
ALTER TABLE provider_keys ADD COLUMN token_serial BIGINT NOT NULL DEFAULT 0;

-- Of an OAuth key. client_secret and refresh_token are sealed. refresh_at:
-- when a token is asked for next; null: not without a person.
CREATE TABLE provider_key_tokens (
    provider_key_id BIGINT NOT NULL PRIMARY KEY REFERENCES provider_keys(id),
    oauth_client_id TEXT,
    client_secret TEXT,
    refresh_token TEXT,
    token_obtained_at BIGINT,
    token_expires_at BIGINT,
    refresh_at BIGINT,
    refresh_failures BIGINT NOT NULL DEFAULT 0,
    refresh_error TEXT
);
CREATE INDEX provider_key_tokens_refresh_at ON provider_key_tokens(refresh_at);

-- A sign-in, from its start to its end or its time. secret is sealed: what
-- must come back, and what proves that we asked. state_digest finds it again.
-- The node that began it goes on with it; is_taken: it does so now.
CREATE TABLE oauth_sign_ins (
    id TEXT NOT NULL PRIMARY KEY,
    provider_key_id BIGINT NOT NULL REFERENCES provider_keys(id),
    provider_id BIGINT NOT NULL REFERENCES providers(id),
    user_id BIGINT NOT NULL REFERENCES users(id),
    node_id TEXT NOT NULL,
    flow TEXT NOT NULL,
    state TEXT NOT NULL,
    is_taken SMALLINT NOT NULL,
    state_digest TEXT NOT NULL,
    secret TEXT,
    redirect_uri TEXT,
    user_code TEXT,
    verification_url TEXT,
    interval_ms BIGINT NOT NULL,
    next_at BIGINT,
    error TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX oauth_sign_ins_state_digest
    ON oauth_sign_ins(state_digest);
CREATE INDEX oauth_sign_ins_expires_at ON oauth_sign_ins(expires_at);
