-- Alerts: what is watched, what was found, and who is told; how the background
-- tasks of each node are doing.

-- Where messages go. url and secret are sealed: the secret signs a webhook or
-- is the password of mail. target is what may be shown of the url.
CREATE TABLE alert_channels (
    id ${ID},
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    target TEXT NOT NULL,
    secret TEXT,
    username TEXT,
    is_tls_required SMALLINT NOT NULL,
    mail_from TEXT,
    mail_to ${JSON} NOT NULL,
    is_enabled SMALLINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What the threshold counts depends on the kind; costs are pico-USD.
CREATE TABLE alert_rules (
    id ${ID},
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    threshold BIGINT,
    window_s BIGINT,
    cooldown_s BIGINT NOT NULL,
    channels ${JSON} NOT NULL,
    is_enabled SMALLINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What a rule found about one subject, from its start to its end. node_id is
-- '' but for what each node finds of itself. is_told: a message went out that
-- was not taken back. Rules and subjects may be gone: names are kept.
CREATE TABLE alerts (
    id ${ID},
    rule_id BIGINT NOT NULL,
    rule_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    threshold BIGINT,
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    owner_user_id BIGINT,
    node_id TEXT NOT NULL,
    state TEXT NOT NULL,
    value BIGINT,
    reason TEXT,
    times BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    resolved_at BIGINT,
    acknowledged_at BIGINT,
    acknowledged_by TEXT,
    is_told SMALLINT NOT NULL,
    told_at BIGINT
);
CREATE UNIQUE INDEX alerts_open
    ON alerts(rule_id, subject_type, subject_id, node_id)
    WHERE resolved_at IS NULL;
CREATE INDEX alerts_started_at ON alerts(started_at, id);
CREATE INDEX alerts_resolved_at ON alerts(resolved_at);

-- Messages on their way: each is sent until its channel took it, or its time is
-- over. message_id is the same each time it is sent.
CREATE TABLE alert_deliveries (
    id ${ID},
    message_id TEXT NOT NULL UNIQUE,
    channel_id BIGINT NOT NULL,
    alert_id BIGINT,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    error TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX alert_deliveries_due ON alert_deliveries(next_at)
    WHERE state = 'waiting';
CREATE INDEX alert_deliveries_channel_id ON alert_deliveries(channel_id, id);
CREATE INDEX alert_deliveries_alert_id ON alert_deliveries(alert_id, id);
CREATE INDEX alert_deliveries_created_at ON alert_deliveries(created_at);

-- Each node's background tasks, as they last went there.
CREATE TABLE task_runs (
    node_id TEXT NOT NULL,
    name TEXT NOT NULL,
    runs BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    succeeded_at BIGINT,
    failing_since BIGINT,
    duration_us BIGINT,
    error TEXT,
    next_at BIGINT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (node_id, name)
);

-- What is worth knowing wherever a gateway runs; whom to tell is for people to
-- say.
INSERT INTO alert_rules (name, kind, severity, threshold, window_s, cooldown_s,
    channels, is_enabled, version, created_at, updated_at)
VALUES
    ('Provider key refused', 'provider_key_refused', 'critical', NULL, NULL,
        3600, '[]', 1, 1, 0, 0),
    ('Provider key needs a sign-in', 'provider_key_sign_in', 'critical', NULL,
        NULL, 3600, '[]', 1, 1, 0, 0),
    ('Provider key expires', 'provider_key_expires', 'warning', NULL, 604800,
        86400, '[]', 1, 1, 0, 0),
    ('Provider key rests', 'provider_key_rests', 'warning', NULL, 300, 3600,
        '[]', 1, 1, 0, 0),
    ('Probes fail', 'probe_failing', 'warning', 3, NULL, 3600, '[]', 1, 1, 0,
        0),
    ('No usable key in a pool', 'pool_low', 'critical', 0, NULL, 900, '[]', 1,
        1, 0, 0),
    ('Errors of a provider key', 'provider_key_errors', 'warning', 50, 900,
        3600, '[]', 1, 1, 0, 0),
    ('Errors of a client key', 'client_key_errors', 'warning', 50, 900, 3600,
        '[]', 1, 1, 0, 0),
    ('Limit nearly used up', 'client_key_limit', 'warning', 90, NULL, 3600,
        '[]', 1, 1, 0, 0),
    ('Cost of a day', 'cost_per_day', 'warning', 100000000000000, NULL, 86400,
        '[]', 0, 1, 0, 0),
    ('Records come late', 'ledger_lag', 'critical', 60, NULL, 900, '[]', 1, 1,
        0, 0),
    ('Records wait on disk', 'spool_size', 'warning', 256, NULL, 3600, '[]', 1,
        1, 0, 0),
    ('Records lost', 'records_lost', 'critical', 1, NULL, 86400, '[]', 1, 1, 0,
        0),
    ('Records refused', 'records_refused', 'warning', 1, 86400, 86400, '[]', 1,
        1, 0, 0),
    ('Models without a price', 'model_unpriced', 'warning', NULL, 86400, 86400,
        '[]', 1, 1, 0, 0),
    ('Key set of an issuer', 'issuer_keys', 'warning', NULL, NULL, 3600, '[]',
        1, 1, 0, 0),
    ('Background task fails', 'task_failing', 'warning', NULL, 600, 3600, '[]',
        1, 1, 0, 0);
--@sqlite UPDATE alert_rules SET created_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000;
--@postgres UPDATE alert_rules SET created_at = CAST(extract(epoch FROM now()) AS BIGINT) * 1000;
UPDATE alert_rules SET updated_at = created_at;
