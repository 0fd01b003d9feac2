-- Run once by an administrator of the server, before the daemon's first start:
--
--   psql -v password=… -f sql/postgres/roles.sql postgres
--
-- Makes a database and two roles with no more rights than they need. The
-- daemon's role owns one schema, in which it makes tables and the partitions of
-- each day; it is no superuser, makes no databases and no roles, and sees
-- nothing else. The reader's role is for people and dashboards: sql/postgres/
-- reader.sql says what it sees. Other names: -v role=… -v reader=…
-- -v database=….

\set ON_ERROR_STOP on
\if :{?role} \else \set role aiproxy
\endif
\if :{?reader} \else \set reader aiproxy_reader
\endif
\if :{?database} \else \set database aiproxy
\endif

CREATE ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION
    NOBYPASSRLS PASSWORD :'password';
CREATE ROLE :"reader" NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
    NOREPLICATION NOBYPASSRLS;
CREATE DATABASE :"database" ENCODING 'UTF8' TEMPLATE template0;

-- TEMPORARY: records come by COPY through a table of the session's own.
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO :"role";
GRANT CONNECT ON DATABASE :"database" TO :"reader";

\connect :database
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA aiproxy AUTHORIZATION :"role";
GRANT USAGE ON SCHEMA aiproxy TO :"reader";
ALTER ROLE :"role" IN DATABASE :"database" SET search_path = aiproxy;
ALTER ROLE :"reader" IN DATABASE :"database" SET search_path = aiproxy;
