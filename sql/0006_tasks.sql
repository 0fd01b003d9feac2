-- Which node does a task that only one may do. Taken and held by the
-- database's clock; fence grows each time it goes to another node.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    node_id TEXT NOT NULL,
    fence BIGINT NOT NULL,
    held_until BIGINT NOT NULL
);

-- When the issuer's key set is to be fetched again; null: as soon as it can.
ALTER TABLE token_issuers ADD COLUMN jwks_next_at BIGINT;
