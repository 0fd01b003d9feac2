-- What rests, as nodes saw it in their traffic, so that the others leave it
-- out too. provider_key_id 0: the provider; model '': whatever the model.
CREATE TABLE rests (
    provider_id BIGINT NOT NULL,
    provider_key_id BIGINT NOT NULL,
    model TEXT NOT NULL,
    class TEXT NOT NULL,
    status BIGINT,
    began_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    node_id TEXT NOT NULL,
    PRIMARY KEY (provider_id, provider_key_id, model)
);
CREATE INDEX rests_until_at ON rests(until_at);
