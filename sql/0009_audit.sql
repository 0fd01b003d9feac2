-- What was changed, by whom; tokens for automation; creates that came twice.

-- One row for each write through the API. before and after are the object as
-- the API shows it, secrets masked. status is null while the write runs; it
-- stays so when the process died meanwhile, and what became of the write is
-- then not known. Ids are not references: an entry outlives what it is about.
CREATE TABLE audit (
    id ${ID},
    occurred_at BIGINT NOT NULL,
    request_id TEXT NOT NULL,
    user_id BIGINT,
    username TEXT NOT NULL,
    api_token_id BIGINT,
    address TEXT,
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id TEXT,
    status BIGINT,
    object_before ${JSON},
    object_after ${JSON}
);
CREATE INDEX audit_occurred_at ON audit(occurred_at, id);
CREATE INDEX audit_object ON audit(object_type, object_id, occurred_at, id);
CREATE INDEX audit_user_id ON audit(user_id, occurred_at, id);

-- Tokens of the management API, by SHA-256. What one may do is what its user
-- may, within its scopes.
CREATE TABLE api_tokens (
    id ${ID},
    user_id BIGINT NOT NULL REFERENCES users(id),
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    scopes ${JSON} NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, name)
);

-- Creates with an Idempotency-Key, for a day: what was asked, by SHA-256, and
-- the answer, sealed under the master key, for it may hold a secret. status is
-- null while the first one runs.
CREATE TABLE idempotent_creates (
    user_id BIGINT NOT NULL,
    key_digest TEXT NOT NULL,
    request_digest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    status BIGINT,
    reply TEXT,
    PRIMARY KEY (user_id, key_digest)
);
CREATE INDEX idempotent_creates_created_at ON idempotent_creates(created_at);
