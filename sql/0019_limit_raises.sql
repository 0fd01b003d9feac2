-- A limit of a client key that is raised until its day or month ends: which and
-- by how much stands with its limits; here only when to look at it again.
ALTER TABLE client_keys ADD COLUMN raised_until BIGINT;
CREATE INDEX client_keys_raised_until ON client_keys(raised_until)
    WHERE raised_until IS NOT NULL;
