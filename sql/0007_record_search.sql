-- Prefixes are compared byte by byte, on Postgres whatever its locale is.
-- Nothing of a model or a path is ever sorted for people.

--@postgres ALTER TABLE proxy_tracing ALTER COLUMN model TYPE TEXT COLLATE "C";
--@postgres ALTER TABLE proxy_tracing ALTER COLUMN path TYPE TEXT COLLATE "C";
