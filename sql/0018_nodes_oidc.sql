-- Several nodes that know of each other, and people who sign in elsewhere.

-- What each daemon last said of itself, by the database's clock.
CREATE TABLE nodes (
    node_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    config_version BIGINT NOT NULL
);

-- One row: the OpenID provider of the console's people. client_secret is
-- sealed. roles: the values of the claim with the roles they give, the first
-- that fits counts. email_domains: empty: any. metadata: what the issuer's
-- discovery document says, as of metadata_at.
CREATE TABLE identity_provider (
    id BIGINT NOT NULL PRIMARY KEY,
    is_enabled SMALLINT NOT NULL,
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_secret TEXT,
    scopes ${JSON} NOT NULL,
    role_claim TEXT NOT NULL,
    roles ${JSON} NOT NULL,
    email_domains ${JSON} NOT NULL,
    creates_users SMALLINT NOT NULL,
    metadata ${JSON},
    metadata_at BIGINT,
    metadata_error TEXT,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
INSERT INTO identity_provider
    (id, is_enabled, name, issuer, client_id, scopes, role_claim, roles,
     email_domains, creates_users, version, updated_at)
VALUES
    (1, 0, '', '', '', '["openid","profile","email"]', 'roles', '[]', '[]', 0,
     0, 0);

-- Who of another issuer is which user.
CREATE TABLE user_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users(id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX user_identities_user_id ON user_identities(user_id);

-- A sign-in at the provider that is under way, gone when its time is over.
-- secret is sealed: what proves that we asked, then the code. browser_digest:
-- of what the browser that began it holds. link_user_id: who wants to be known
-- by it. The node that got the code sends it; is_taken: it does so now.
-- user_id: whom it came to.
CREATE TABLE console_sign_ins (
    state_digest TEXT NOT NULL PRIMARY KEY,
    browser_digest TEXT NOT NULL,
    state TEXT NOT NULL,
    node_id TEXT NOT NULL,
    is_taken SMALLINT NOT NULL,
    secret TEXT,
    redirect_uri TEXT NOT NULL,
    link_user_id BIGINT REFERENCES users(id),
    user_id BIGINT REFERENCES users(id),
    error TEXT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX console_sign_ins_expires_at ON console_sign_ins(expires_at);
