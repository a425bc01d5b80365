-- Who reads figures from a spreadsheet or a dashboard: schema bi, and nothing behind it. Logins for
-- people and programs outside are members of os_figures.

DO $$
BEGIN
    CREATE ROLE os_figures NOLOGIN NOINHERIT;
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;

GRANT os_figures TO os_app;

CREATE SCHEMA bi AUTHORIZATION os_follower;
GRANT USAGE ON SCHEMA bi TO os_figures;
ALTER DEFAULT PRIVILEGES FOR ROLE os_follower IN SCHEMA bi GRANT SELECT ON TABLES TO os_figures;
