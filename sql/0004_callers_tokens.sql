-- Tokens of callers: who may get ours by OAuth 2.0 client credentials, and
-- whose tokens we take beside them.

-- client_id and secret get tokens that stand for the client key. Secrets are
-- kept as SHA-256; after a rotation the one that was works until
-- previous_until. A token names the client and its epoch: raising that ends
-- all tokens that were issued.
CREATE TABLE oauth_clients (
    id ${ID},
    name TEXT NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    secret_digest TEXT NOT NULL,
    previous_digest TEXT,
    previous_until BIGINT,
    client_key_id BIGINT NOT NULL REFERENCES client_keys(id),
    token_lifetime_s BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    is_enabled SMALLINT NOT NULL,
    expires_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX oauth_clients_name ON oauth_clients(name)
    WHERE deleted_at IS NULL;
CREATE INDEX oauth_clients_client_key_id ON oauth_clients(client_key_id);
CREATE INDEX oauth_clients_version ON oauth_clients(version);

-- What our tokens are signed with: Ed25519. secret is sealed under the master
-- key for this row and column; public_key is a SubjectPublicKeyInfo in
-- base64url. The newest signs, older ones verify until their tokens are over.
CREATE TABLE token_signing_keys (
    id ${ID},
    kid TEXT NOT NULL UNIQUE,
    public_key TEXT NOT NULL,
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Single tokens that were revoked before their time, by their jti.
CREATE TABLE revoked_tokens (
    token_id TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX revoked_tokens_version ON revoked_tokens(version);
CREATE INDEX revoked_tokens_expires_at ON revoked_tokens(expires_at);

-- Who else signs tokens of callers. clients maps values of the claim to client
-- keys. With a jwks_url keys are fetched there, beside those that were given.
CREATE TABLE token_issuers (
    id ${ID},
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    audiences ${JSON} NOT NULL,
    skew_s BIGINT NOT NULL,
    claim TEXT NOT NULL,
    clients ${JSON} NOT NULL,
    jwks_url TEXT,
    is_enabled SMALLINT NOT NULL,
    jwks_fetched_at BIGINT,
    jwks_fresh_until BIGINT,
    jwks_error TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX token_issuers_name ON token_issuers(name)
    WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX token_issuers_issuer ON token_issuers(issuer)
    WHERE deleted_at IS NULL;
CREATE INDEX token_issuers_version ON token_issuers(version);

-- What verifies them: a public key (SubjectPublicKeyInfo in base64url), or a
-- secret sealed under the master key for this row and column.
CREATE TABLE verification_keys (
    id ${ID},
    issuer_id BIGINT NOT NULL REFERENCES token_issuers(id),
    is_fetched SMALLINT NOT NULL,
    kid TEXT,
    algorithm TEXT NOT NULL,
    public_key TEXT,
    secret TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX verification_keys_issuer_id ON verification_keys(issuer_id);
