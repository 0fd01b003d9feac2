-- What may be used: beside the limits that stand in columns of their own, one
-- object that no query looks into. Costs in it are pico-USD.
ALTER TABLE client_keys ADD COLUMN limits ${JSON};
ALTER TABLE provider_keys ADD COLUMN limits ${JSON};

-- What all client keys of a user may use together.
CREATE TABLE user_limits (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users(id),
    limits ${JSON} NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX user_limits_version ON user_limits(version);
