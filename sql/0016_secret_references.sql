-- Secrets that are kept elsewhere: env:NAME, file:/path or command:/program
-- words. Such a key has no secret of its own in the database; each node reads
-- it by itself.
ALTER TABLE provider_keys ADD COLUMN secret_reference TEXT;
