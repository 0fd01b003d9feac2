-- Run in the daemon's database after its first start, and after an upgrade that
-- adds tables: psql -f sql/postgres/reader.sql aiproxy
--
-- What dashboards may see: history, sums, prices and names. No secret, not even
-- a sealed one, no digest, no password's hash, no session.

\set ON_ERROR_STOP on
\if :{?reader} \else \set reader aiproxy_reader
\endif

REVOKE ALL ON ALL TABLES IN SCHEMA aiproxy FROM :"reader";
GRANT SELECT ON aiproxy.proxy_tracing, aiproxy.events, aiproxy.prices,
    aiproxy.nodes, aiproxy.rests, aiproxy.provider_key_history,
    aiproxy.rollup_client_key, aiproxy.rollup_client_key_counts,
    aiproxy.rollup_provider_key, aiproxy.rollup_provider_key_counts,
    aiproxy.rollup_user, aiproxy.rollup_user_counts,
    aiproxy.rollup_provider, aiproxy.rollup_provider_counts,
    aiproxy.rollup_model, aiproxy.rollup_model_counts,
    aiproxy.rollup_class, aiproxy.rollup_class_counts
    TO :"reader";
GRANT SELECT (id, name, is_enabled, created_at) ON aiproxy.providers
    TO :"reader";
GRANT SELECT (id, name, provider_id, is_enabled, created_at)
    ON aiproxy.provider_keys TO :"reader";
GRANT SELECT (id, name, user_id, is_enabled, created_at)
    ON aiproxy.client_keys TO :"reader";
GRANT SELECT (id, username, role, is_enabled, created_at) ON aiproxy.users
    TO :"reader";
