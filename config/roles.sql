-- The two roles and the database, made once by a superuser; running it again changes nothing.
--
--   sanbao_owner  owns the tables and migrates. BYPASSRLS: migrations see every tenant's rows.
--   sanbao_app    runs the web, the workers and the tests. Row policies bind it; it owns nothing.
--
-- Read by psql, which takes from the environment:
--   SANBAO_DATABASE         name of the database (default: sanbao)
--   SANBAO_OWNER_PASSWORD   passwords of the two roles; without one a role keeps the password
--   SANBAO_APP_PASSWORD     it has, or has none (then only pg_hba.conf decides)
--   SANBAO_OWNER_CREATEDB   "CREATEDB" where tests run: each worker gets a database of its own
\set ON_ERROR_STOP on
\set database sanbao
\set createdb NOCREATEDB
\getenv database SANBAO_DATABASE
\getenv createdb SANBAO_OWNER_CREATEDB
\getenv owner_password SANBAO_OWNER_PASSWORD
\getenv app_password SANBAO_APP_PASSWORD

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['sanbao_owner', 'sanbao_app']) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE sanbao_owner LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION BYPASSRLS :createdb;
ALTER ROLE sanbao_app LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS NOCREATEDB;
\if :{?owner_password}
ALTER ROLE sanbao_owner PASSWORD :'owner_password';
\endif
\if :{?app_password}
ALTER ROLE sanbao_app PASSWORD :'app_password';
\endif

SELECT format('CREATE DATABASE %I OWNER sanbao_owner TEMPLATE template0', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

ALTER DATABASE :"database" OWNER TO sanbao_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO sanbao_app;

\connect :"database"
ALTER SCHEMA public OWNER TO sanbao_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO sanbao_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sanbao_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sanbao_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sanbao_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO sanbao_app;
ALTER DEFAULT PRIVILEGES FOR ROLE sanbao_owner IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO sanbao_app;
