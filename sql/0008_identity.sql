-- Who may do what: users with roles.

-- role: admin, operator, viewer, user. A user without a password_hash signs in
-- elsewhere. version: nginx refuses the client keys of a disabled user.
ALTER TABLE users ADD COLUMN display_name TEXT;
ALTER TABLE users ADD COLUMN email TEXT;
ALTER TABLE users ADD COLUMN is_enabled SMALLINT NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN last_login_at BIGINT;
ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN deleted_at BIGINT;
CREATE UNIQUE INDEX users_username ON users(username)
    WHERE deleted_at IS NULL;
CREATE INDEX users_version ON users(version);
CREATE INDEX sessions_user_id ON sessions(user_id);
