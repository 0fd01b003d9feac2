-- Events: what operators want to know and no record tells. A provider key
-- rests, a snapshot was refused, a worker died. They come from the ledger, in
-- the transaction that moves its position, and from the daemon itself. Ids are
-- not references: an event outlives what it is about.
CREATE TABLE events (
    id ${ID},
    node_id TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    request_id TEXT,
    client_key_id BIGINT,
    provider_id BIGINT,
    provider_key_id BIGINT,
    detail TEXT NOT NULL
);
CREATE INDEX events_occurred_at ON events(occurred_at, id);
CREATE INDEX events_provider_key_id
    ON events(provider_key_id, occurred_at, id);
