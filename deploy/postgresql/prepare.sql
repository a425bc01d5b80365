-- What a server needs before `os-events migrate`: two databases, and the one login of the program.
-- psql --dbname postgres --file prepare.sql, as a superuser, with OS_APP_PASSWORD and OS_BI_PASSWORD
-- in the environment. It may be run again.

\set app_password `printenv OS_APP_PASSWORD`
\set bi_password `printenv OS_BI_PASSWORD`

SELECT 'CREATE ROLE os_app LOGIN NOINHERIT'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'os_app') \gexec
ALTER ROLE os_app PASSWORD :'app_password';

-- Dashboards: a member of os_figures, which reads schema bi and nothing behind it.
SELECT 'CREATE ROLE os_figures NOLOGIN NOINHERIT'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'os_figures') \gexec
SELECT 'CREATE ROLE dashboards LOGIN IN ROLE os_figures'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dashboards') \gexec
ALTER ROLE dashboards PASSWORD :'bi_password';

SELECT 'CREATE DATABASE os_events TEMPLATE template0 ENCODING ''UTF8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'os_events') \gexec
SELECT 'CREATE DATABASE os_events_keys TEMPLATE template0 ENCODING ''UTF8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'os_events_keys') \gexec
REVOKE CONNECT ON DATABASE os_events_keys FROM PUBLIC;
GRANT CONNECT ON DATABASE os_events_keys TO os_app;
