-- Records at rate, and what is summed up from them.
--
-- A record also tells whose client key it was, why the request failed, and the
-- counts that few requests have. Nothing of a record refers to another table:
-- who deletes a user or a key deletes no history.

ALTER TABLE proxy_tracing ADD COLUMN user_id BIGINT;
ALTER TABLE proxy_tracing ADD COLUMN error_class TEXT;
ALTER TABLE proxy_tracing ADD COLUMN usage_more ${JSON};

-- One index per filter of the list, each in the list's order. What most
-- requests have in common (status 200, success, reported usage) is found by
-- time; only the others are in those indexes.
CREATE INDEX proxy_tracing_provider_id
    ON proxy_tracing(provider_id, started_at, id);
CREATE INDEX proxy_tracing_user_id ON proxy_tracing(user_id, started_at, id);
CREATE INDEX proxy_tracing_model ON proxy_tracing(model, started_at, id);
CREATE INDEX proxy_tracing_error_class
    ON proxy_tracing(error_class, started_at, id)
    WHERE error_class IS NOT NULL;
CREATE INDEX proxy_tracing_outcome
    ON proxy_tracing(outcome, started_at, id) WHERE outcome <> 'success';
CREATE INDEX proxy_tracing_status
    ON proxy_tracing(status, started_at, id) WHERE status >= 300;
CREATE INDEX proxy_tracing_usage_source
    ON proxy_tracing(usage_source, started_at, id)
    WHERE usage_source <> 'reported';
-- Prefixes, by bytes.
--@sqlite CREATE INDEX proxy_tracing_path ON proxy_tracing(path);
--@postgres CREATE INDEX proxy_tracing_path
--@postgres     ON proxy_tracing(path COLLATE "C");

-- Roll-ups: one table of sums per dimension, never their product. span is 15
-- (a quarter of an hour) or 1440 (a day in UTC), in minutes; start is when it
-- began. Each node adds to rows of its own. key is the id as text, or the name;
-- '' stands for none. Beside each, the additive counts: kind 1 is the histogram
-- of latency, 2 of the time to the first byte, 3 the errors by class; what slot
-- means is in README.md.

-- Client key, by id.
CREATE TABLE rollup_client_key (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    requests BIGINT NOT NULL,
    successes BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    aborted BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    unpriced BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    first_byte_us BIGINT NOT NULL,
    first_bytes BIGINT NOT NULL,
    PRIMARY KEY (span, start, key, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;
CREATE INDEX rollup_client_key_by_key ON rollup_client_key(key, span, start);
CREATE TABLE rollup_client_key_counts (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    kind SMALLINT NOT NULL,
    slot SMALLINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (key, kind, span, start, slot, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;

-- Provider key, by id.
CREATE TABLE rollup_provider_key (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    requests BIGINT NOT NULL,
    successes BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    aborted BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    unpriced BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    first_byte_us BIGINT NOT NULL,
    first_bytes BIGINT NOT NULL,
    PRIMARY KEY (span, start, key, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;
CREATE INDEX rollup_provider_key_by_key ON rollup_provider_key(key, span, start);
CREATE TABLE rollup_provider_key_counts (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    kind SMALLINT NOT NULL,
    slot SMALLINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (key, kind, span, start, slot, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;

-- User who owned the client key, by id.
CREATE TABLE rollup_user (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    requests BIGINT NOT NULL,
    successes BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    aborted BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    unpriced BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    first_byte_us BIGINT NOT NULL,
    first_bytes BIGINT NOT NULL,
    PRIMARY KEY (span, start, key, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;
CREATE INDEX rollup_user_by_key ON rollup_user(key, span, start);
CREATE TABLE rollup_user_counts (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    kind SMALLINT NOT NULL,
    slot SMALLINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (key, kind, span, start, slot, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;

-- Provider, by id.
CREATE TABLE rollup_provider (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    requests BIGINT NOT NULL,
    successes BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    aborted BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    unpriced BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    first_byte_us BIGINT NOT NULL,
    first_bytes BIGINT NOT NULL,
    PRIMARY KEY (span, start, key, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;
CREATE INDEX rollup_provider_by_key ON rollup_provider(key, span, start);
CREATE TABLE rollup_provider_counts (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    kind SMALLINT NOT NULL,
    slot SMALLINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (key, kind, span, start, slot, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;

-- Model as asked.
CREATE TABLE rollup_model (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    requests BIGINT NOT NULL,
    successes BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    aborted BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    unpriced BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    first_byte_us BIGINT NOT NULL,
    first_bytes BIGINT NOT NULL,
    PRIMARY KEY (span, start, key, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;
CREATE INDEX rollup_model_by_key ON rollup_model(key, span, start);
CREATE TABLE rollup_model_counts (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    kind SMALLINT NOT NULL,
    slot SMALLINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (key, kind, span, start, slot, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;

-- Error class; of successes "success".
CREATE TABLE rollup_class (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    requests BIGINT NOT NULL,
    successes BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    aborted BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    unpriced BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    first_byte_us BIGINT NOT NULL,
    first_bytes BIGINT NOT NULL,
    PRIMARY KEY (span, start, key, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;
CREATE INDEX rollup_class_by_key ON rollup_class(key, span, start);
CREATE TABLE rollup_class_counts (
    span SMALLINT NOT NULL,
    start BIGINT NOT NULL,
    key TEXT NOT NULL,
    node_id TEXT NOT NULL,
    kind SMALLINT NOT NULL,
    slot SMALLINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (key, kind, span, start, slot, node_id)
)
--@sqlite WITHOUT ROWID
--@postgres WITH (fillfactor = 80)
;

-- Work that takes longer than a request: exports. What it makes is a file of
-- the node that ran it, until it expires.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    node_id TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    parameters ${JSON} NOT NULL,
    done BIGINT NOT NULL,
    result TEXT,
    error TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX jobs_user_id ON jobs(user_id, created_at);
CREATE INDEX jobs_expires_at ON jobs(expires_at);
